# ruff: noqa: E501 - rows of a table read best as rows
"""The states of the drawing of the floor, for the gallery and the tests."""

from __future__ import annotations

from app.domain.words import say
from app.presenters.state import floor, parts
from app.presenters.state.parts import Family, Stage

HOURS = tuple(
    floor.Hour(label, count, Stage.NOW if label == "now" else Stage.LATER if label in ("15", "16", "17") else Stage.DONE)
    for label, count in (("7", 18), ("8", 31), ("9", 44), ("10", 46), ("11", 38), ("12", 22), ("13", 41), ("now", 40), ("15", 38), ("16", 38), ("17", 20))
)  # fmt: skip
TRUCKS = (
    floor.Truck("Bluebird", "15:30", "6 behind", "42 of 56 out", 42 / 56, 42 / 56, 0.88, Family.WRONG, "warning-octagon"),
    floor.Truck("Northway", "16:30", "2 h 12 min", "121 of 168 packed, 80 out", 80 / 168, 121 / 168, 0.62),
    floor.Truck("Eurolink", "18:00", "3 h 42 min", "49 of 220 out", 49 / 220, 49 / 220, 0.19),
    floor.Truck("Palletline, two pallets and a very long name", "18:30", "All packed", "4 of 4 packed, 0 out", 0.0, 1.0, 0.5, Family.OK, "check"),
)  # fmt: skip
WORKING = parts.Chip("Working", Family.OK, "check")
PEOPLE = (
    floor.Person("1", "Anna Lindqvist", "Bench 4", "#1042, 7 of 11", WORKING, "Packing, 4 min", "14", "parcels", (6, 9, 10, 10, 9, 7, 10, 11)),
    floor.Person("2", "Jonas Petrak", "Cart C-03", "C-03, stop 4 of 11", WORKING, "Picking, 12 min", "118", "units", ()),
    floor.Person("3", "Ines Falk", "Cart C-01", "C-01, stop 9 of 12", parts.Chip("Asks for you", Family.WARN, "hand"), "Picking, 31 min", "74", "units", ()),
    floor.Person("4", "Tomasz Brandt", "Bench 5", "Idle for 9 min", parts.Chip("Idle", Family.WARN, "clock"), "", "5", "parcels", (9, 8, 7, 7, 6, 5, 4, 2)),
    floor.Person("5", "Maximiliane von Hohenfels", "Bench 12, upper floor", "Between orders", WORKING, "", "9", "parcels", (1, 9)),
)  # fmt: skip


def need(digit: int, title: str, detail: str, icon: str, family: Family, words: str, reason: str = "") -> floor.Need:
    """One line with its button."""
    return floor.Need(title, detail, icon, family, parts.Command(f"PW-{digit}", words, str(digit), reason=reason))


NEEDS = (
    need(1, "#1038 leaves in 1 h 12 min", "Hold: address, a postcode that its country does not have, since 11:40", "warning-octagon", Family.WRONG, "Decide"),
    need(2, "Ines: 2 short of 22720", "C-01, order #1033", "hand", Family.WRONG, "Decide"),
    need(3, "Bench 5: label unknown", "carrier asked at 14:02, #1029", "question", Family.WARN, "Look"),
    need(4, "5 payment holds", "Oldest since yesterday", "credit-card", Family.WARN, "Look", "Not your role"),
    need(5, "#1019, 3 of 4 was left", "Anna Lindqvist, Bench 9, for 22 min", "lock-simple-open", Family.WARN, "Decide"),
)  # fmt: skip
DECISION = floor.Decision(
    "Ines: 2 short of 22720", "C-01, order #1033",
    (
        parts.Choice("PW-1", "Pick the rest again", key="1"), parts.Choice("PW-2", "Pack what was found", key="2"),
        parts.Choice("PW-3", "Cancel the order", key="3", reason="Not your role"),
        parts.Choice("PW-4", "Look at the stock", key="4"),
    ),
    parts.Command("PW-BACK", "Back", "Esc"),
)  # fmt: skip


def floor_state(**more: object) -> floor.Floor:
    """The floor of the drawing."""
    values: dict[str, object] = {
        "figures": (
            floor.Figure("To do", "148", ("111 to pick", "37 ready to pack")),
            floor.Figure("In work", "23", ("14 picking", "9 packing"), Family.ACCENT),
            floor.Figure("Packed", "61", ("in 6 cages", "oldest 52 min"), Family.COMPLETE),
            floor.Figure("Shipped", "9,999+", ("48 % of today", "41 last hour"), Family.OK),
        ),
        "hours_head": parts.CardHead("Parcels an hour", "chart-bar", "need 38, last hour 41, best today 46 at 10"),
        "hours": HOURS,
        "trucks_head": parts.CardHead("Trucks", "truck", say("floor_screen.truck.legend")),
        "trucks": TRUCKS,
        "people_head": parts.CardHead("People", "users", "8 signed in, 1 idle"),
        "columns": ("Who", "Doing", "An hour", "By hour", "State"),
        "people": PEOPLE,
        "needs_head": parts.CardHead("Needs you", "warning-circle", "5"),
        "needs": NEEDS,
    }
    return floor.Floor(**(values | more))  # type: ignore[arg-type]
