"""The log for support holds nothing of customers and people, whatever was scanned."""

from __future__ import annotations

import pytest

from app.presenters.device_watch import DeviceEvent, EventKind
from app.presenters.support_log import code_for_support, export_text, shape
from tests.presenters.devices_builders import GS1, NOW, PAPER, REFUSED, ZONE

ADDRESS = "BEGIN:VCARD\nFN:Żaneta Ørsted-Quill\nADR:;;17 Camden Road;London;;NW1 9LR\nTEL:+44 7700 900123\nEND:VCARD"


def scanned(*codes: str) -> str:
    events = [DeviceEvent(NOW, "Scanner", EventKind.SCANNED, code) for code in reversed(codes)]
    return export_text((), events, ZONE)


def test_a_code_that_holds_an_address_leaves_no_word_of_it() -> None:
    text = scanned(ADDRESS)
    for word in ("aneta", "Quill", "Camden", "London", "NW1", "9LR", "7700", "900123", "VCARD"):
        assert word not in text
    assert f"code-1 plain length={len(ADDRESS)} shape=AAAAA:AAAAA<LF>AA:Aaaaaa Aaaaaa-Aaaaa<LF>AAA:;;" in text


@pytest.mark.parametrize("badge", ["OP-BCDFGHJK", "]C0OP-BCDFGHJK\r", "OPßBCDFGHJK", "op/bcdfghjk", "OP)BCDFGHJK"])
def test_a_badge_is_only_said_to_be_one(badge: str) -> None:
    text = scanned(badge)
    assert text.splitlines()[-1].endswith("\tscanned\tbadge")
    assert "BCDFGHJK" not in text.upper()


@pytest.mark.parametrize("secret", ["#1042", "1Z999AA10123456784", "Anna", "JD014600003828392837", "RMA-1042", "T-017"])
def test_numbers_of_orders_parcels_and_people_stand_by_their_shape(secret: str) -> None:
    assert secret not in scanned(secret)


def test_goods_and_commands_are_whole() -> None:
    known: dict[str, int] = {}
    assert code_for_support("PW-OK", known) == "code-1 command length=5 PW-OK shape=AA-AA"
    assert code_for_support(GS1, known).startswith("code-2 gtin ]C1 length=33 gtin=05012345678900 shape=")
    assert "L42" not in code_for_support(GS1, known)
    assert code_for_support("5012345678900", known).startswith("code-3 gtin length=13 gtin=05012345678900")
    assert "PW-SMITH" not in code_for_support("PW-SMITH", known)


def test_the_same_code_has_the_same_number_in_one_file() -> None:
    lines = scanned("85123A", "22423", "85123A").splitlines()[-3:]
    assert [line.split("\t")[-1].split()[0] for line in lines] == ["code-1", "code-2", "code-1"]


def test_a_shape_shows_a_wrong_keyboard_and_a_missing_end() -> None:
    assert (shape("PW/ok\t"), shape("85123A\r\n"), shape("x" * 50)) == ("AA/aa<HT>", "99999A<CR><LF>", "a" * 48 + "...")


def test_devices_stand_with_their_state() -> None:
    text = export_text((PAPER, REFUSED), (), ZONE)
    assert text.splitlines()[1:3] == [
        "printer\ttcp://10.0.4.31:9100?language=zpl\tLabel printer\tattention\t"
        "zpl 203dpi paper_out ribbon_low waiting=1",
        "scanner\tevdev:?vid=0c2e\tScanner 4\tattention\tPermission denied",
    ]
