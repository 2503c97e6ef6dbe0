"""A walk in each of its states, for the tests of the pick screen and for its pictures."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from app.domain.outcomes import Choice, Outcome, Result, Sound, blocked, refused
from app.domain.work import ItemRef, PickSlot, PickStop, PickWork, WrongItem
from app.presenters.pick_model import PickModel, after
from app.queries.pick_floor import FloorPlan, PlanRack
from app.queries.pick_lists import OpenPickList

NOW = datetime(2026, 11, 23, 14, 21, tzinfo=UTC)
ZONE = ZoneInfo("Europe/London")
HEART = ItemRef(1, "85123A", "WHITE HANGING HEART T-LIGHT HOLDER", "heart")
CLOCK = ItemRef(2, "22727", "ALARM CLOCK BAKELIKE RED", "clock-red")
GREEN = ItemRef(3, "22726", "ALARM CLOCK BAKELIKE GREEN", "clock-green")
BUNTING = ItemRef(4, "47566", "PARTY BUNTING", "bunting")
BLOCK = ItemRef(5, "21755", "LOVE BUILDING BLOCK WORD", "block")
CAKE = ItemRef(6, "22423", "REGENCY CAKESTAND 3 TIER", "cake")
BAG = ItemRef(7, "85099B", "JUMBO BAG RED RETROSPOT", "bag")
BIRD = ItemRef(8, "84879", "ASSORTED COLOUR BIRD ORNAMENT", "bird")
ITEMS = (BAG, CAKE, BIRD, HEART, BUNTING, BLOCK, CLOCK, GREEN, HEART, BUNTING, CAKE)
PLACES = (
    "A-01-03-1",
    "A-01-07-2",
    "A-02-04-1",
    "A-03-12-2",
    "A-03-07-1",
    "A-04-15-3",
    "A-05-02-1",
    "A-05-09-2",
    "A-06-03-1",
    "A-06-08-2",
    "A-06-13-1",
)
BAYS = 16
PITCH = 3200


def place(code: str) -> tuple[int, int]:
    """Where a bin lies: odd bays at the left of the aisle, even ones at the right."""
    _, aisle, bay, _ = code.split("-")
    left = 2400 + (int(aisle) - 1) * PITCH
    return left + (0 if int(bay) % 2 else 2400), 9600 + (int(bay) - 1) // 2 * 1200


def stop(
    number: int,
    code: str,
    item: ItemRef,
    *,
    picked: int = 0,
    quantity: int = 2,
    done: bool = False,
    located: bool = True,
) -> PickStop:
    zone, aisle, bay, level = code.split("-")
    x, y = place(code) if located else (None, None)
    return PickStop(
        number,
        number * 10,
        100 + number,
        code,
        zone,
        aisle,
        bay,
        level,
        "",
        x,
        y,
        item,
        quantity,
        picked,
        0,
        (number - 1) % 6 + 1,
        f"#{1040 + number % 6}",
        8,
        done,
    )


def stops(done: int = 3, *, located: bool = True) -> tuple[PickStop, ...]:
    made = [
        stop(i, code, item, picked=2 if i <= done else 0, done=i <= done, located=located)
        for i, (code, item) in enumerate(zip(PLACES, ITEMS, strict=True), start=1)
    ]
    if done < 4:
        made[3] = replace(made[3], quantity=3, slot=2, order_number="#1042")
    return tuple(made)


SLOTS = tuple(
    PickSlot(n, 500 + n, f"#{1040 + n}", f"T-{number:04}")
    for n, number in enumerate((98, 117, 121, 130, 133, 140), start=1)
)
PLAN = FloorPlan(
    tuple(
        PlanRack("A", f"{aisle:02}", 2400 + (aisle - 1) * PITCH + side, 9600, 18000, 8)
        for aisle in range(1, 9)
        for side in (0, 2400)
    ),
    (9500, 4500),
)
WALK = PickWork(231, "PL-0231", "C-03", 2, stops(), SLOTS, "shelf", current=4)
LISTS = tuple(
    OpenPickList(
        pick_list_id=i,
        code=f"PL-{i:04}",
        started=i == 231,
        cart="C-03" if i == 231 else "",
        orders=6,
        stops=11,
        units=34,
        leaves_at=NOW.replace(hour=15 + i % 3, minute=0),
        held_by="Anna Lindqvist" if i == 232 else "",
        held_at="Bench 4" if i == 232 else "",
    )
    for i in range(231, 236)
)


def opened(work: PickWork = WALK, plan: FloorPlan | None = PLAN) -> PickModel:
    """The screen after a walk was opened."""
    outcome = Outcome(Result.NAVIGATE, "pick.opened", Sound.ACCEPTED, {}, work=work)
    return after(PickModel(plan=plan), outcome, NOW)


def answered(work: PickWork, code: str, /, **values: object) -> PickModel:
    """The screen after an answer that carries this walk."""
    outcome = Outcome(Result.DONE, code, Sound.ACCEPTED, dict(values), work=work)  # type: ignore[arg-type]
    return after(opened(), outcome, NOW)


def at(step: str, picked: int = 0, **more: object) -> PickWork:
    """The walk at another step of its fourth stop."""
    changed = tuple(replace(s, picked=picked) if s.task_id == 4 else s for s in WALK.stops)
    return replace(WALK, step=step, stops=changed, **more)  # type: ignore[arg-type]


WRONG = WrongItem("pick.wrong_item", GREEN, 4, (4,), (4,), "A-05-09-2", 3)
OVER = WrongItem("pick.too_many", HEART, required=3)
WRONG_ITEM = replace(
    blocked("pick.wrong_item", sku="22726", name=GREEN.name, wanted="85123A", wanted_name=HEART.name, at="A-05-09-2"),
    delta=replace(WRONG, scanned_marks=(), wanted_marks=(), closest_line_id=None),
)
TOO_MANY = replace(
    blocked("pick.too_many", Sound.TOO_MANY, sku="85123A", name=HEART.name, required=3, picked=3, quantity=1, over=1),
    delta=OVER,
)
WRONG_SHELF = blocked("pick.wrong_shelf", scan="A-03-11-2", wanted="A-03-12-2")
WRONG_TOTE = blocked("pick.wrong_tote", tote="T-0171", wanted="T-0117", slot=2)
UNKNOWN = blocked("pick.unknown_code", scan="4006381333931")
CANCELLED = blocked("pick.order_cancelled", Sound.ATTENTION, order="#1042", sku="85123A", location="A-03-12-2")
HELD = refused("pick.held", Sound.ATTENTION, code="PL-0232", operator="Anna Lindqvist", station="Bench 4", held="0:42")
EMPTY_SLOTS = tuple(replace(slot, tote="") if slot.slot > 2 else slot for slot in SLOTS)
REASON = at("reason", 2, found=2, elsewhere="A-05-02-1", elsewhere_free=14)
ENDED = replace(
    WALK,
    step="done",
    current=None,
    stops=tuple(
        replace(s, done=True, picked=s.quantity - (s.task_id == 4), short=int(s.task_id == 4)) for s in WALK.stops
    ),
)
WIDE_CART = replace(WALK, columns=4, slots=(*SLOTS, PickSlot(9, 509, "#1049", "T-0155")))
WHICH = Outcome(
    Result.ASK,
    "station.which",
    Sound.ATTENTION,
    {"code": "22727"},
    choices=(
        Choice("1", "product", 2, "ALARM CLOCK BAKELIKE RED", "22727"),
        Choice("2", "location", 9, "Carton E", "E"),
    ),
)

MODELS: dict[str, PickModel] = {
    "pick-idle": replace(PickModel(), lists=LISTS),
    "pick-held": after(replace(PickModel(), lists=LISTS), HELD, NOW),
    "pick-nothing": PickModel(),
    "09-pick": opened(),
    "pick-list": opened(replace(WALK, stops=stops(located=False)), None),
    "pick-map": replace(opened(), map_open=True),
    "pick-item": answered(at("item"), "pick.at_shelf"),
    "pick-counted": answered(at("item", 2, in_hand=2), "pick.counted"),
    "pick-tote": answered(at("tote", 3, in_hand=3), "pick.put_into"),
    "pick-cart": opened(WIDE_CART),
    "pick-said": after(opened(), refused("pick.shelf_first", location="A-03-12-2", scan="85123A"), NOW),
    "pick-quantity": after(opened(), Outcome(Result.DONE, "quantity.is", Sound.ACCEPTED, {"quantity": 12}), NOW),
    "pick-asking": after(opened(), WHICH, NOW),
    "pick-totes": opened(replace(WALK, step="totes", current=5, slots=EMPTY_SLOTS)),
    "10-short": answered(REASON, "pick.why_missing"),
    "pick-count": answered(at("count", 1), "pick.how_many"),
    "pick-none-elsewhere": answered(replace(REASON, elsewhere="", elsewhere_free=0), "pick.why_missing"),
    "pick-wrong-item": after(opened(at("item")), WRONG_ITEM, NOW),
    "pick-over": after(opened(at("item", 3)), TOO_MANY, NOW),
    "pick-wrong-shelf": after(opened(), WRONG_SHELF, NOW),
    "pick-wrong-tote": after(opened(at("tote", 3, in_hand=3)), WRONG_TOTE, NOW),
    "pick-unknown": after(opened(at("item")), UNKNOWN, NOW),
    "pick-cancelled": after(opened(at("item")), CANCELLED, NOW),
    "pick-done": answered(ENDED, "pick.done", code="PL-0231", units=22, totes="", short=1),
}
