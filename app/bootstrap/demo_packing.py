"""The packer of the demonstration: scans a tote, its goods, the label and the cage, and what goes wrong at a bench."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum, auto

from app.bootstrap.demo_goods import Goods
from app.bootstrap.demo_station import DemoStation
from app.domain.errors import StateError
from app.domain.outcomes import Outcome
from app.domain.work import PackWork

_COUNTED = ("pack.counted", "pack.note_to_confirm", "pack.complete", "pack.weight_differs")
_QUANTITY = ("pack.quantity_wanted", "pack.quantity")


class Trouble(Enum):
    """What can happen at a bench; each happens once."""

    WRONG_ITEM = auto()
    TOO_MANY = auto()
    UNKNOWN_CODE = auto()
    OTHER_ORDER = auto()
    TAKEN_OUT = auto()
    SECOND_PARCEL = auto()
    ASIDE = auto()
    WRONG_LABEL = auto()
    REPRINT = auto()
    WEIGHT = auto()


@dataclass(slots=True)
class Packed:
    """One order that left the bench: its number, and the tracking numbers of its parcels."""

    number: str
    parcels: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Packer:
    """Packs totes. `cages` says which cage a service leaves from; `shoot` keeps a picture of what is shown."""

    station: DemoStation
    goods: Goods
    cages: Mapping[str, str]
    shoot: Callable[[str], None]
    troubles: list[Trouble] = field(default_factory=list)
    happened: list[Trouble] = field(default_factory=list)
    packed: list[Packed] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)

    def pack(self, tote: str) -> Packed | None:
        """Packs what lies in a tote to its end; None when it may not be packed now."""
        opened = self.station.scan(tote)
        if opened.refused:
            return None
        work = _opened(opened)
        if self._may(Trouble.ASIDE, work.required > 1):
            work = self._put_aside(work, tote)
        done = Packed(work.head.number)
        self._make_mistakes(work)
        outcome = self._items(work, done)
        self._finish(outcome, work, done)
        self.packed.append(done)
        return done

    # -- one order --------------------------------------------------------------------------------------------------

    def _items(self, work: PackWork, done: Packed) -> Outcome:
        """Scans every unit; the answer to the last one."""
        left = [(line.item.product_id, line.remaining) for line in work.lines if line.remaining]
        split = len(left) > 1 and self._may(Trouble.SECOND_PARCEL, True)
        outcome: Outcome | None = None
        for number, (product_id, quantity) in enumerate(left):
            last = number == len(left) - 1
            if split and last:
                self._close_parcel(work, done)
            if last:
                self._weigh(work)
            outcome = self._count(product_id, quantity)
            if number == min(1, len(left) - 1) and not last:
                self.shoot("packing")
                if self._may(Trouble.TAKEN_OUT, quantity == 1):
                    self.station.scan("PW-UNDO", "pack.undone")
                    outcome = self._count(product_id, quantity)
        if outcome is None:
            raise StateError("demo.nothing_to_pack", station=self.station.name, order=work.head.number)
        return outcome

    def _count(self, product_id: int, quantity: int) -> Outcome:
        *before, last = self.goods.scans(product_id, quantity)
        for code in before:
            self._confirmed(self.station.scan(code, *_COUNTED, *_QUANTITY))
        return self._confirmed(self.station.scan(last, *_COUNTED))

    def _confirmed(self, outcome: Outcome) -> Outcome:
        """A note or a weight that must be looked at is acknowledged with the OK card."""
        while outcome.waits:
            outcome = self.station.scan("PW-OK", *_COUNTED, "station.acknowledged")
        return outcome

    def _close_parcel(self, work: PackWork, done: Packed) -> None:
        """What is in so far becomes a parcel of its own."""
        outcome = self._confirmed(self.station.scan("PW-PARCEL", "pack.parcel_closed", "pack.weight_differs"))
        self._apply(outcome, work, done, whole=False)

    def _finish(self, outcome: Outcome, work: PackWork, done: Packed) -> None:
        if outcome.code != "pack.complete":
            raise StateError("demo.not_complete", station=self.station.name, order=done.number, answer=outcome.code)
        self._apply(outcome, work, done, whole=True)
        self.station.weigh(0)
        for tracking in done.parcels[:-1]:
            self.station.scan(tracking, "opening.parcel")
            self.station.scan(self.cages[work.head.service], "hand_over.in_cage")

    def _apply(self, outcome: Outcome, work: PackWork, done: Packed, *, whole: bool) -> None:
        """The label is stuck on, scanned, and the parcel put into its cage."""
        package_id = int(str(outcome.values["package_id"]))
        tracking = self.station.label(package_id)
        if whole and not self.packed:
            self.station.settle()
            self.shoot("pack-complete")
        if self.packed and self.packed[-1].parcels and self._may(Trouble.WRONG_LABEL, whole):
            self.station.scan(self.packed[-1].parcels[-1], "pack.wrong_label")
            self.station.key("Enter", "station.acknowledged")
        if self._may(Trouble.REPRINT, whole):
            self.station.scan("PW-REPRINT", "pack.reprinted")
            self.station.label(package_id, copies=2)
        self.station.scan(tracking, "pack.label_applied")
        done.parcels.append(tracking)
        if whole:
            self.station.scan(self.cages[work.head.service], "hand_over.in_cage")

    def _weigh(self, work: PackWork) -> None:
        """The carton stands on the scale; a few grams more or less are in every parcel."""
        if work.expected is None:
            return
        wobble = sum(map(ord, work.head.number)) % 9 - 4
        if self._may(Trouble.WEIGHT, True):
            wobble = work.expected.tolerance + 75
        self.station.weigh(work.expected.grams + wobble)

    # -- what goes wrong --------------------------------------------------------------------------------------------

    def _make_mistakes(self, work: PackWork) -> None:
        """The wrong goods, an unknown code, another order: refused, and acknowledged by card or key."""
        first = work.lines[0].item.product_id
        if self._may(Trouble.WRONG_ITEM, True):
            here = frozenset(line.item.product_id for line in work.lines)
            self.station.scan(self.goods.other_than(here), "pack.wrong_item")
            self.shoot("pack-wrong")
            self.station.scan(self.goods.units[first], "station.blocked")
            self.station.scan("PW-OK", "station.acknowledged")
        if self._may(Trouble.UNKNOWN_CODE, True):
            self.station.scan("9780201379624", "pack.unknown_code")
            self.station.scan("PW-OK", "station.acknowledged")
        if self.codes and self._may(Trouble.OTHER_ORDER, True):
            self.station.scan(self.codes[0], "pack.still_open")
            self.station.scan("PW-OK", "station.acknowledged")
        one = next((line for line in work.lines if line.remaining == 1), None)
        if one is not None and work.required > 1 and self._may(Trouble.TOO_MANY, True):
            self.station.scan(self.goods.units[one.item.product_id], *_COUNTED)
            self.station.scan(self.goods.units[one.item.product_id], "pack.too_many")
            self.shoot("pack-too-many")
            self.station.key("Enter", "station.acknowledged")
            self.station.scan("PW-UNDO", "pack.undone")

    def _put_aside(self, work: PackWork, tote: str) -> PackWork:
        """One item in, then something else comes up; scanned again it goes on where it was."""
        line = work.lines[0]
        self.station.scan(self.goods.units[line.item.product_id], "pack.counted")
        self.station.scan("PW-ASIDE", "pack.aside_why")
        self.station.scan("PW-3", "pack.put_aside")
        return _opened(self.station.scan(tote, "pack.resumed"))

    def _may(self, trouble: Trouble, here: bool) -> bool:
        if not here or trouble not in self.troubles:
            return False
        self.troubles.remove(trouble)
        self.happened.append(trouble)
        return True


def _opened(outcome: Outcome) -> PackWork:
    if outcome.code not in ("pack.opened", "pack.resumed") or not isinstance(outcome.work, PackWork):
        raise StateError("demo.no_work", answer=outcome.code)
    return outcome.work
