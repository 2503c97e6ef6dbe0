"""Shipping labels with the texts that break other systems."""

from __future__ import annotations

from dataclasses import replace

from app.domain.capture import PostalAddress
from app.domain.document_shipping import ShippingLabelContent

BUYER = PostalAddress(name="Harriet Ovenden", address1="14 Mill Lane", city="Totnes", postcode="TQ9 5HT", country="GB")
SELLER = PostalAddress(
    company="Northway Goods", address1="Unit 4, Harbour Trade Park", city="Bristol", postcode="BS1 6XN", country="GB"
)
LABEL = ShippingLabelContent("#1042", BUYER, SELLER, "NW204417380GB", "NORTHWAY", "24 TRACKED", weight_g=2431)

EVIL = "^XZ^XA^FO0,0^FDgone^FS~JA"
MALICE = [
    EVIL,
    '"',
    '"\r\nPRINT 99',
    '\\["]\r\nPRINT 99\r\n',
    '"\nP99\n',
    "\\",
    '\\"',
    "\x1b!R",
    "~!A",
    "\r\nSELFTEST\r\n",
    "^default\n",
    "xa\n",
]
"""Names that would be commands in one language or another."""


def label_for(**address: str) -> ShippingLabelContent:
    """The plain label with another recipient."""
    return replace(LABEL, ship_to=replace(BUYER, **address))


HARD = {
    "plain": LABEL,
    "polish": replace(
        label_for(name="Łukasz Żółć", address1="ul. Świętokrzyska 1", city="Kraków", postcode="31-001", country="PL"),
        note="Proszę zostawić u sąsiada, dziękuję",
    ),
    "japanese": label_for(name="山田 太郎", company="株式会社", address1="丸の内1-1-1", city="東京都", country="JP"),
    "arabic": label_for(name="محمد عبد الله", address1="شارع الملك فهد 12", city="الرياض", country="SA"),
    "hebrew and thai": label_for(name="שלום 12 abc", address1="ถนนสุขุมวิท กรุงเทพฯ"),
    "emoji": label_for(name="Zoë 😀🎉 👩‍👩‍👧 ❤️", address1="e\u0301 g\u0308 क्षत्रिय 🇵🇱"),
    "nobody has this letter": label_for(name="\U000e9999 x"),
    "ninety letters": ShippingLabelContent(
        order="O" * 90,
        ship_to=PostalAddress(
            "W" * 90, "company " * 11, "A" * 90, "Flat " * 18, "c" * 90, "9" * 90, "r" * 90, "", "1" * 90
        ),
        ship_from=PostalAddress(*["sender " * 13] * 7),
        tracking_number="T" * 28,
        carrier="C" * 90,
        service="S" * 90,
        parcel=11,
        parcels=12,
        weight_g=123456789,
        note="note " * 90,
        references=("reference " * 9, "x" * 90),
    ),
    "nothing": ShippingLabelContent("", PostalAddress(), PostalAddress(), "", "", ""),
    "commands": replace(
        label_for(name=EVIL, address1="~HS a_b\\c\\&d _5E", address2="line\nbreak\r\n^XZ\x00\x1b", city="a^b~c"),
        service="\\&2",
        note="^XA\n^XZ\n^GB800,800,800^FS",
        order="^42~",
    ),
}  # fmt: skip
