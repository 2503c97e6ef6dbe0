"""What needs the lead: each with its decisions, and why one may not be made."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from app.domain.barcodes import CodeKind, own_code
from app.domain.outcomes import Outcome
from app.domain.roles import Permission, to_release
from app.domain.states import HoldKind
from app.domain.words import say
from app.presenters.floor_screen_deeds import LOOKS, Deed, DeedKind
from app.presenters.floor_screen_people import IDLE, doing
from app.presenters.orders_parts import cause_words, count_words, first_large, hold_words
from app.presenters.state import floor, parts
from app.presenters.state.parts import Family
from app.presenters.station_info import StationInfo
from app.presenters.times import day_or_clock, span_words
from app.queries.floor_needs import FloorNeeds, HeldToday, Parked
from app.queries.floor_people import LeftWork, PersonAtWork, WorkInHand

MOST = 9
"""As many as there are digits."""
STUCK = 3 * IDLE
"""Work that nobody touched for so long while its station runs."""
LIFT_REASONS = ("checked", "customer", "lead")
_MONEY = (HoldKind.PAYMENT, HoldKind.FRAUD)
_CODES: Mapping[str, Callable[[WorkInHand], str]] = {
    "fulfillment": lambda work: own_code(CodeKind.FULFILLMENT, work.ref_id),
    "pick_list": lambda work: own_code(CodeKind.PICK_LIST, work.ref_id),
    "return": lambda work: work.name,
}


@dataclass(frozen=True, slots=True)
class Act:
    """One decision in words; with a reason it may not be made."""

    words: str
    deed: Deed
    detail: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that needs the lead. `key` stays the same while it stands; `rank` orders, the smallest first."""

    key: str
    rank: tuple[int, float]
    title: str
    detail: str
    icon: str
    family: Family
    acts: tuple[Act, ...] = field(default_factory=tuple)

    @property
    def only_looks(self) -> bool:
        """Whether all that can be done is to go to another screen."""
        return all(act.deed.kind in LOOKS for act in self.acts)


def items(needs: FloorNeeds, people: tuple[PersonAtWork, ...], station: StationInfo, now: datetime) -> tuple[Item, ...]:
    """Everything, the most urgent first."""
    made = _Items(station, now)
    found = [
        *(made.held(one) for one in needs.held),
        *(made.parked(one) for one in needs.parked),
        *(made.left(one) for one in needs.left),
        *(made.stuck(one) for one in people if made.is_stuck(one)),
        *made.labels(needs),
        *made.prints(needs),
        *made.lacking(needs),
        *made.holds(needs),
        *made.rows(needs),
    ]
    return tuple(sorted(found, key=lambda item: (item.rank, item.key)))


def asking(needs: FloorNeeds) -> frozenset[str]:
    """The names of those whose short picks wait for a decision."""
    return frozenset(missing.operator for one in needs.parked for missing in one.missing if missing.operator)


def slots(found: tuple[Item, ...], before: Mapping[str, int]) -> dict[str, int]:
    """A digit for each; what stands already keeps its own, so that a key never means another thing suddenly."""
    kept = {item.key: before[item.key] for item in found if item.key in before}
    free = [digit for digit in range(1, MOST + 1) if digit not in kept.values()]
    for item in found:
        if item.key not in kept and free:
            kept[item.key] = free.pop(0)
    return kept


def row(item: Item, digit: int) -> floor.Need:
    """One line of the list. Where no decision may be made, its button says why."""
    reasons = [act.reason for act in item.acts]
    reason = reasons[0] if reasons and all(reasons) else ""
    single = item.acts[0] if len(item.acts) == 1 else None
    words = say("floor_screen.look") if item.only_looks else say("floor_screen.decide")
    if single is not None and not item.only_looks:
        words = single.words
    return floor.Need(
        item.title, item.detail, item.icon, item.family, parts.Command(f"PW-{digit}", words, str(digit), reason=reason)
    )


def decision(item: Item) -> floor.Decision:
    """The answers to one of them, each with its digit and code."""
    choices = tuple(
        parts.Choice(f"PW-{digit}", act.words, act.detail, str(digit), reason=act.reason)
        for digit, act in enumerate(item.acts, start=1)
    )
    back = parts.Command("PW-BACK", say("floor_screen.back"), "Esc")
    return floor.Decision(item.title, item.detail, choices, back)


def which(outcome: Outcome) -> floor.Decision:
    """What the station asks about a code that names several things."""
    choices = tuple(parts.Choice(f"PW-{one.key}", one.title, one.detail, one.key) for one in outcome.choices)
    back = parts.Command("PW-BACK", say("floor_screen.back"), "Esc")
    return floor.Decision(say(outcome.code, **outcome.values), "", choices, back)


class _Items:
    """Makes them, for one lead at one moment."""

    def __init__(self, station: StationInfo, now: datetime) -> None:
        self._station, self._now, self._zone = station, now, station.clock_zone

    def _act(self, key: str, deed: Deed, permission: Permission | None = None, detail: str = "") -> Act:
        allowed = permission is None or self._station.may(permission)
        return Act(say(f"floor_screen.act.{key}"), deed, detail, "" if allowed else say("floor_screen.not_permitted"))

    def _look(self, number: str) -> Act:
        return self._act("order", Deed(DeedKind.LOOK_ORDER, what=number))

    def _office(self, section: str) -> tuple[Act, ...]:
        return (self._act("office", Deed(DeedKind.LOOK_OFFICE, what=section)),)

    def _leaves(self, number: str, leaves: datetime) -> str:
        minutes = int((leaves - self._now).total_seconds() // 60)
        key = "leaves" if minutes >= 0 else "late"
        return say(f"floor_screen.need.{key}", number=number, span=span_words(abs(minutes)))

    def held(self, one: HeldToday) -> Item:
        """A hold in the way of a truck of today: lifted with a reason."""
        permission = to_release(one.kind)
        lifts = tuple(
            self._act(
                f"lift_{reason}",
                Deed(DeedKind.LIFT, one.order_id, one.number, one.kind, reason=say(f"floor_screen.reason.{reason}")),
                permission,
            )
            for reason in LIFT_REASONS
        )
        detail = say(
            "floor_screen.need.hold", kind=hold_words(one.kind), cause=cause_words(one.kind, one.detail),
            since=day_or_clock(one.since, self._now, self._zone),
        )  # fmt: skip
        return Item(
            f"hold:{one.order_id}:{one.kind.value}", (0, one.leaves_at.timestamp()),
            self._leaves(one.number, one.leaves_at), detail, "warning-octagon", Family.WRONG,
            (*lifts, self._look(one.number)),
        )  # fmt: skip

    def parked(self, one: Parked) -> Item:
        """An order that was put aside, or of which something was not found."""
        settle, rank = Permission.SETTLE_EXCEPTION, (1, one.leaves_at.timestamp())
        key, order = f"parked:{one.fulfillment_id}", say("floor_screen.need.order", number=one.number)
        cancel = self._act(
            "cancel",
            Deed(DeedKind.CANCEL, one.order_id, one.number, reason=say("floor_screen.reason.cancel")),
            Permission.CANCEL_ORDER,
        )
        go_on = Deed(DeedKind.RESUME, one.fulfillment_id, one.number)
        if not one.missing:
            told = say(f"pack.aside.{one.reason}")
            why = one.reason if told.startswith("pack.aside.") else told
            acts = (self._act("resume", go_on, settle), cancel, self._look(one.number))
            title = say("floor_screen.need.aside", number=one.number)
            return Item(key, rank, title, first_large(why), "hand-palm", Family.WARN, acts)
        first = one.missing[0]
        name = "short" if first.operator else "short_nobody"
        title = say(f"floor_screen.need.{name}", who=first.operator.split(" ")[0], count=first.units, sku=first.sku)
        detail = ", ".join(part for part in (first.cart, order) if part)
        answers: tuple[Act, ...] = (
            self._act("pick_again", Deed(DeedKind.PICK_AGAIN, one.fulfillment_id, one.number), settle),
            self._act("pack_found", go_on, settle),
            cancel,
            self._act("stock", Deed(DeedKind.LOOK_STOCK, what=first.sku)),
        )
        if one.other_sites:
            elsewhere = Deed(
                DeedKind.REROUTE, one.fulfillment_id, one.number, reason=say("floor_screen.reason.reroute")
            )
            answers += (self._act("reroute", elsewhere, settle),)
        return Item(key, rank, title, detail, "hand", Family.WRONG, answers)

    def left(self, one: LeftWork) -> Item:
        """Work whose lease ran out."""
        detail = say(
            "floor_screen.need.left_by", who=one.operator, where=one.station,
            span=span_words(_minutes(self._now, one.ended)),
        )  # fmt: skip
        title = say("floor_screen.need.left", work=self._name(one.work))
        return Item(
            f"left:{one.work.kind}:{one.work.ref_id}", (2, one.ended.timestamp()), title, detail, "lock-simple-open",
            Family.WARN, self._claim_acts(one.work, "station_down"),
        )  # fmt: skip

    def is_stuck(self, one: PersonAtWork) -> bool:
        """Whether somebody has work in hand and has touched nothing for long, though the station runs."""
        held = one.work.kind in _CODES and one.work.ref_id and one.since is not None
        return bool(held and one.last_at is not None and self._now - one.last_at >= STUCK)

    def stuck(self, one: PersonAtWork) -> Item:
        """Work that somebody holds and does not go on with."""
        last = one.last_at or self._now
        detail = say("floor_screen.need.stuck_by", where=one.station, span=span_words(_minutes(self._now, last)))
        title = say("floor_screen.need.stuck", who=one.operator.split(" ")[0], work=self._name(one.work))
        return Item(
            f"stuck:{one.work.kind}:{one.work.ref_id}", (3, last.timestamp()), title, detail, "clock", Family.WARN,
            self._claim_acts(one.work, "left"),
        )  # fmt: skip

    def _name(self, work: WorkInHand) -> str:
        return doing(work.kind, work.name, work.done, work.asked)

    def _claim_acts(self, work: WorkInHand, reason: str) -> tuple[Act, ...]:
        free = Deed(DeedKind.FREE, work.ref_id, work.name, work=work.kind, reason=reason)
        acts = [self._act("free", free, Permission.TAKE_OVER)]
        code = _CODES.get(work.kind)
        if code is not None:
            take = Deed(DeedKind.TAKE, work.ref_id, code(work), work=work.kind)
            acts.append(self._act("take", take, Permission.TAKE_OVER))
        if work.kind == "fulfillment" and work.name:
            acts.append(self._look(work.name))
        return tuple(acts)

    def labels(self, needs: FloorNeeds) -> list[Item]:
        """Labels that their carrier keeps, refused or did not answer about."""
        found = [
            Item(
                f"label:{one.kind}:{one.package_id}", (1, 0.0),
                say(f"floor_screen.need.label_{one.kind}", number=one.order_number, tracking=one.tracking_number),
                one.reason or one.tracking_number, "printer" if one.kind == "to_collect" else "question",
                Family.WRONG if one.kind in ("refused", "void_refused") else Family.WARN, self._office("parcels"),
            )
            for one in needs.labels
        ]  # fmt: skip
        for doubt in needs.in_doubt:
            key = "label_unknown" if doubt.unknown else "label_waits"
            said = say("floor_screen.need.asked", since=day_or_clock(doubt.since, self._now, self._zone))
            found.append(Item(
                f"doubt:{doubt.number}:{doubt.since.timestamp()}", (1, doubt.since.timestamp()),
                say(f"floor_screen.need.{key}", number=doubt.number),
                ", ".join(part for part in (doubt.station, said) if part), "question", Family.WARN,
                (self._look(doubt.number),),
            ))  # fmt: skip
        return found

    def prints(self, needs: FloorNeeds) -> list[Item]:
        """Printers that do not print."""
        return [
            Item(
                f"print:{one.station}", (2, one.since.timestamp()),
                say("floor_screen.need.prints", station=one.station, count=one.count),
                say("floor_screen.need.doubtful" if one.doubtful else "floor_screen.need.since",
                    since=day_or_clock(one.since, self._now, self._zone)),
                "printer", Family.WARN, self._office("printing"),
            )
            for one in needs.prints
        ]  # fmt: skip

    def lacking(self, needs: FloorNeeds) -> list[Item]:
        """Orders of today that lack stock, in one line."""
        if not needs.lacking:
            return []
        first, count = needs.lacking[0], len(needs.lacking)
        said = f"{count}+" if count >= MOST else str(count)
        title = say("floor_screen.need.lacking.one" if count == 1 else "floor_screen.need.lacking", count=said)
        sku = first.detail.split(", ")[0].rpartition(" ")[0]
        acts = (self._act("stock", Deed(DeedKind.LOOK_STOCK, what=sku)),)
        detail = say("floor_screen.need.lacks", number=first.number, what=first.detail)
        return [Item("lacking", (4, 0.0), title, detail, "stack", Family.WARN, acts)]

    def holds(self, needs: FloorNeeds) -> list[Item]:
        """Holds by kind, but for those that stand in the list by themselves."""
        shown = {kind: sum(1 for one in needs.held if one.kind is kind) for kind in HoldKind}
        found = []
        for one in needs.holds:
            more = one.count - shown[one.kind]
            if more <= 0:
                continue
            key = "holds.one" if more == 1 else "holds"
            title = say(f"floor_screen.need.{key}", count=count_words(more), kind=hold_words(one.kind))
            detail = say("floor_screen.need.oldest", since=day_or_clock(one.oldest, self._now, self._zone))
            icon = "credit-card" if one.kind in _MONEY else "pause-circle"
            found.append(
                Item(f"holds:{one.kind.value}", (5, 0.0), title, detail, icon, Family.WARN, self._office("holds"))
            )
        return found

    def rows(self, needs: FloorNeeds) -> list[Item]:
        """Rows of imports that could not be taken."""
        count = needs.refused_rows
        if not count:
            return []
        key = "floor_screen.need.rows.one" if count == 1 else "floor_screen.need.rows"
        title = say(key, count=count_words(count))
        detail = say("floor_screen.need.rows_detail")
        return [Item("rows", (6, 0.0), title, detail, "file-x", Family.WARN, self._office("import"))]


def _minutes(now: datetime, since: datetime) -> int:
    return max(0, int((now - since).total_seconds() // 60))
