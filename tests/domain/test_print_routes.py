"""Labels here, slips there: each kind of document has its printer."""

from __future__ import annotations

import pytest

from app.domain.print_routes import may_stand_in, printer_of, printers_by_kind

KEPT = {
    "printer": "tcp://labels",
    "paper_printer": "spool://Paper",
    "printers": {"packing-slip": "tcp://slips", "tote": "tcp://totes", "badge": ""},
}


def test_each_kind_goes_to_its_own_printer_then_paper_then_the_label_printer() -> None:
    kinds = ("shipping-label", "packing-slip", "pick-list", "tote", "badge")
    assert [printer_of(KEPT, kind) for kind in kinds] == [
        "tcp://labels", "tcp://slips", "spool://Paper", "tcp://totes", "tcp://labels",
    ]  # fmt: skip
    assert printers_by_kind(KEPT) == {
        "packing-slip": "tcp://slips",
        "pick-list": "spool://Paper",
        "command-sheet": "spool://Paper",
        "doctor-sheet": "spool://Paper",
        "transfer": "spool://Paper",
        "supplier-request": "spool://Paper",
        "tote": "tcp://totes",
    }


@pytest.mark.parametrize("kept", [{}, {"printers": None}, {"printers": "tcp://x"}, {"printers": {}}])
def test_where_nothing_is_named_nothing_is_routed(kept: dict[str, object]) -> None:
    assert (printers_by_kind(kept), printer_of(kept, "tote")) == ({}, "")


@pytest.mark.parametrize(
    ("uri", "expected"),
    [
        ("tcp://10.0.0.9", True),
        ("rfc2217://gate:7000", True),
        ("file:///labels", True),
        ("sim:bench-3", True),
        ("usb:///dev/usb/lp0", False),
        ("serial:///dev/ttyS0", False),
        ("spool://Labels", False),
        ("", False),
    ],
)
def test_a_printer_at_a_port_of_another_computer_is_out_of_reach(uri: str, expected: bool) -> None:
    assert may_stand_in(uri) is expected
