"""A return in each of its states, for the tests of the returns screen and for its pictures."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from app.domain.outcomes import Choice, Outcome, Result, Sound, Value, blocked, refused
from app.domain.states import Condition, Disposition, ReturnState
from app.domain.work import ItemRef, OrderHead, ReturnedUnit, ReturnWork, SoldLine, WrongItem
from app.presenters.returns_model import ReturnsModel, after
from app.queries.returns_open import OpenReturn

NOW = datetime(2026, 11, 23, 14, 26, 11, tzinfo=UTC)
ZONE = ZoneInfo("Europe/London")
CAKE = ItemRef(1, "22423", "REGENCY CAKESTAND 3 TIER", "cake")
CLOCK = ItemRef(2, "22727", "ALARM CLOCK BAKELIKE RED", "clock-red")
BAG = ItemRef(3, "85099B", "JUMBO BAG RED RETROSPOT", "bag")
HOTTIE = ItemRef(4, "84029E", "RED WOOLLY HOTTIE WHITE HEART", "hottie")
GREEN = ItemRef(5, "22726", "ALARM CLOCK BAKELIKE GREEN", "clock-green")
HEAD = OrderHead(
    987,
    "#0987",
    ("Tobias Fenwright", "4 Mill Lane", "Leeds"),
    "Tobias Fenwright",
    "Northway 24",
    datetime(2026, 11, 12, 16, 30, tzinfo=UTC),
    currency="GBP",
)
SOLD = (
    SoldLine(1, CAKE, 1, 1, 1275),
    SoldLine(2, CLOCK, 2, 2, 895),
    SoldLine(3, BAG, 5, 0, 208),
    SoldLine(4, HOTTIE, 1, 0, 425),
)
PLACES = (
    ("restock", "A-03-12-2"),
    ("quarantine", "Q-02"),
    ("refurbish", "W-01"),
    ("scrap", "SCRAP"),
    ("vendor", "SUPPLIER"),
)
UNITS = (
    ReturnedUnit(1, 1, 1, CAKE, "unwanted", Condition.NEW, Disposition.RESTOCK, 1275, "B-02-01-1"),
    ReturnedUnit(2, 2, 2, CLOCK, "faulty", Condition.OPENED, None, 0),
    ReturnedUnit(3, 3, 2, CLOCK, "", None, None, 0),
)
NOTE = "One of the clocks rings by itself. The cake stand is a second present."
SOLD_AT = datetime(2026, 11, 12, 9, tzinfo=UTC)
WORK = ReturnWork(
    388, "RMA-0388", HEAD, NOTE, SOLD, UNITS, "where", 2, 6140, 0, 1275, "NW 2043 9912 4", SOLD_AT, PLACES
)


def unit(number: int, **more: object) -> tuple[ReturnedUnit, ...]:
    """The units with one of them changed."""
    return tuple(replace(u, **more) if u.number == number else u for u in UNITS)  # type: ignore[arg-type]


def answered(work: ReturnWork, code: str, result: Result = Result.DONE, /, **values: Value) -> ReturnsModel:
    """The screen after an answer that carries this return."""
    opened = after(ReturnsModel(), Outcome(Result.NAVIGATE, "returns.opened", Sound.ACCEPTED, work=work), NOW)
    return after(opened, Outcome(result, code, Sound.ACCEPTED, values, work=work), NOW)


GRADING = replace(WORK, step="grade", units=unit(2, grade=None, reason=""))
REASON = replace(WORK, step="reason", units=unit(2, reason=""))
FIRST = replace(
    WORK, step="unit", units=(), current=None, proposed=0, places=(), sold=tuple(replace(s, back=0) for s in SOLD)
)
DECIDED = (
    UNITS[0],
    replace(UNITS[1], disposition=Disposition.QUARANTINE, refund=895, place="Q-02"),
    replace(
        UNITS[2], reason="faulty", grade=Condition.BROKEN, disposition=Disposition.SCRAP, refund=895, place="SCRAP"
    ),
)
ALL = replace(WORK, step="done", current=None, units=DECIDED, proposed=3275, places=())
NOT_SOLD = replace(
    blocked("returns.not_from_order", number="#0987", sku="22726", name=GREEN.name),
    delta=WrongItem("returns.not_from_order", GREEN),
)
TOO_MANY = replace(
    blocked("returns.too_many", Sound.TOO_MANY, sku="22727", shipped=2, name=CLOCK.name),
    delta=WrongItem("returns.too_many", CLOCK, 2, required=2),
)
HELD = refused(
    "returns.held", Sound.ATTENTION, code="RMA-0389", operator="Anna Lindqvist", station="Returns 2", held="0:12"
)
EXPECTED = (
    (391, ReturnState.AUTHORIZED, 0),
    (390, ReturnState.IN_TRANSIT, 0),
    (389, ReturnState.RECEIVED, 2),
    (388, ReturnState.INSPECTED, 0),
)
WAITING = tuple(
    OpenReturn(
        f"RMA-{n:04}",
        f"#{n + 600:04}",
        "Tobias Fenwright",
        "Leeds",
        state,
        SOLD_AT.replace(day=n % 20 + 1),
        units,
        units,
    )
    for n, state, units in EXPECTED
)
WHICH = Outcome(
    Result.ASK,
    "station.which",
    Sound.ATTENTION,
    {"code": "22727"},
    choices=(Choice("1", "product", 2, CLOCK.name, "22727"), Choice("2", "product", 5, GREEN.name, "22726")),
)

MODELS: dict[str, ReturnsModel] = {
    "returns-idle": replace(ReturnsModel(), waiting=WAITING),
    "returns-held": after(replace(ReturnsModel(), waiting=WAITING), HELD, NOW),
    "returns-first": answered(FIRST, "returns.opened"),
    "returns-grade": answered(GRADING, "returns.received"),
    "returns-reason": answered(REASON, "returns.graded"),
    "11-returns": replace(answered(WORK, "returns.reason_noted"), scanned_at=NOW),
    "returns-decided": answered(ALL, "returns.all_decided"),
    "returns-refused": after(answered(WORK, "returns.reason_noted"), refused("returns.restock_faulty", number=2), NOW),
    "returns-asking": after(answered(WORK, "returns.reason_noted"), WHICH, NOW),
    "returns-not-sold": after(answered(WORK, "returns.reason_noted"), NOT_SOLD, NOW),
    "returns-over": after(answered(WORK, "returns.reason_noted"), TOO_MANY, NOW),
    "returns-done": answered(
        ALL, "returns.refund_proposed", code="RMA-0388", number="#0987", amount=3275, currency="GBP"
    ),
}
