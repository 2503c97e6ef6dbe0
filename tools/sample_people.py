"""Invented people and addresses for the sample warehouse: names by list, telephone numbers that no one can have.

Towns are real so that the offline check of addresses has something to agree with; streets, house numbers and people
are made up. British numbers are of the ranges that are kept free for drama (01632 960xxx, 07700 900xxx).
"""

from __future__ import annotations

import json
import random
from dataclasses import dataclass
from pathlib import Path

_LISTS = json.loads(Path(__file__).with_suffix(".json").read_text(encoding="utf-8"))
# Towns stand there with the outward half of a postcode, those abroad with a whole one.
_ABROAD = _LISTS["abroad"]
_INWARD = "ABDEFGHJLNPQRSTUWXYZ"


@dataclass(frozen=True, slots=True)
class Person:
    """Who ordered and where it goes."""

    name: str
    company: str
    street: str
    street2: str
    town: str
    postcode: str
    country: str
    phone: str
    email: str


def invent_person(key: str, country: str) -> Person:
    """The person of a key (a customer's number): always the same one. A country without a list is taken for British."""
    dice = random.Random(f"person {key}")
    number = dice.randint(1, 180)
    tail = dice.randint(0, 999)
    if country in _ABROAD:
        known = _ABROAD[country]
        code = known["code"]
        town, postcode = dice.choice(known["towns"]).split("|")
        name = dice.choice(known["names"])
        street, street2 = dice.choice(known["streets"]).format(n=number), ""
        phone = known["phone"].format(n=tail)
    else:
        code = "GB"
        town, outward = dice.choice(_LISTS["british"]).rsplit(" ", 1)
        postcode = f"{outward} {dice.randint(1, 9)}{dice.choice(_INWARD)}{dice.choice(_INWARD)}"
        name = f"{dice.choice(_LISTS['first'])} {dice.choice(_LISTS['last'])}"
        street, street2 = f"{number} {dice.choice(_LISTS['streets'])}", dice.choice(_LISTS["flats"])
        phone = f"01632 960{tail:03d}" if dice.random() < 0.5 else f"07700 900{tail:03d}"
    company = dice.choice(_LISTS["shops"]) if dice.random() < 0.12 else ""
    return Person(name, company, street, street2, town, postcode, code, phone, f"person-{_tag(key)}@example.com")


def _tag(key: str) -> str:
    return f"{random.Random(f'mail {key}').randrange(16**6):06x}"
