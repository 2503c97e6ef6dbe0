"""A scanner that does another station's work on this computer: its own operator, work and block, in one line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from app.domain.clock import Clock
from app.domain.device_ports import Scan
from app.domain.errors import PickwickError
from app.domain.gesture import Gesture, GestureKind
from app.domain.outcomes import Change, Outcome, Sound
from app.domain.states import PrintJobState
from app.domain.walk_step import WalkStep, walked
from app.domain.words import say
from app.domain.work import LineCounted, PackWork, PickWork
from app.presenters.gateway import LABEL_HELD, Gateway, JobEvent
from app.presenters.notices import notice_of
from app.presenters.state.guests import GuestLine
from app.presenters.state.parts import Family

Show = Callable[[GuestLine], None]


class GuestPresenter:
    """One such scanner, or several of the same station. All its methods are called on one thread."""

    def __init__(
        self, station: str, gateway: Gateway, clock: Clock, show: Show, ring: Callable[[Sound], None],
        failed: Callable[[Exception], None],
    ) -> None:  # fmt: skip
        """`show` takes the line whenever it changed; `failed` a fault of ours."""
        self._gateway, self._clock, self._show, self._ring, self._failed = gateway, clock, show, ring, failed
        self.line = GuestLine(station, "", say("guest.sign_in"))
        self._work: object = None
        self._operator_id: int | None = None
        self._block: Outcome | None = None

    def start(self) -> None:
        """Asks where its station stood."""
        self._show(self.line)
        self._gateway.look(self._looked, self._not_done)

    def scan(self, scan: Scan) -> None:
        """A code of its scanner."""
        gesture = Gesture(scan.gesture_id, GestureKind.SCAN, scan.raw, scan.at, device=scan.device)
        self._gateway.send(gesture, self.answered, self._not_done)

    def answered(self, outcome: Outcome) -> None:
        """An answer came: in its line, with its sound."""
        self._take(outcome)
        self._ring(outcome.sound)

    def job(self, event: JobEvent) -> None:
        """A print job of its station went on: what failed, came out elsewhere or must be looked for is said."""
        failed = event.state is PrintJobState.FAILED
        if not failed and not event.instead:
            return
        key = "guest.print_doubt" if event.doubtful else "guest.print_failed" if failed else "pack.printed_at.banner"
        words = say(key, document=say(f"document.{event.document}"), reason=event.reason, station=event.instead)
        self._tell_of_printing(words, Family.WRONG if failed else Family.WARN)

    def label(self, change: Change) -> None:
        """A label of its station went on: one that waits for its printer is said."""
        if change.entity == LABEL_HELD:
            self._tell_of_printing(say("guest.label_held"), Family.WARN)

    def _tell_of_printing(self, words: str, family: Family) -> None:
        self._ring(Sound.ATTENTION)
        if self._block is None:
            self._put(replace(self.line, words=words, family=family, icon="printer"))

    def changed(self, changes: Sequence[Change]) -> None:
        """Rows changed somewhere: whether somebody stopped its work is asked."""
        if self._operator_id is not None and Change("operator", self._operator_id) in changes:
            self._gateway.look(self._looked, self._not_done)
        if not _stands_on(self._work).isdisjoint(changes):
            self._gateway.interrupted(self.answered, self._not_done)

    def _looked(self, outcome: Outcome) -> None:
        self._take(outcome)
        if not outcome.blocks:
            words = _progress(outcome.work) or say("guest.ready" if self.line.operator else "guest.sign_in")
            self._put(replace(self.line, words=words, family=Family.TODO, icon="barcode"))

    def _take(self, outcome: Outcome) -> None:
        operator, said = self.line.operator, "operator_id" in outcome.values
        who = outcome.values.get("operator_id")
        if outcome.code in ("sign_in.signed_out", "station.sign_in_first") or (said and who is None):
            operator, self._operator_id, self._work = "", None, None
        elif "name" in outcome.values and isinstance(who, int):
            operator, self._operator_id = str(outcome.values.get("operator_name", outcome.values["name"])), who
        work = outcome.work
        if isinstance(outcome.delta, WalkStep) and isinstance(self._work, PickWork):
            work = walked(self._work, outcome.delta)
        if work is not None:
            self._work = work
        if outcome.blocks and outcome.code != "station.blocked":
            self._block = outcome
        elif not outcome.blocks:
            self._block = None
        if self._block is not None:
            block = notice_of(self._block)
            words = " ".join(part for part in (block.words, say("guest.blocked")) if part)
            self._put(GuestLine(self.line.name, operator, words, block.family, block.icon, True))
            return
        notice = notice_of(outcome)
        more = _counted(outcome) or _choices(outcome) or _progress(work)
        words = " ".join(part for part in (notice.words, more) if part)
        self._put(GuestLine(self.line.name, operator, words, notice.family, notice.icon))

    def _put(self, line: GuestLine) -> None:
        if line != self.line:
            self.line = line
            self._show(line)

    def _not_done(self, error: Exception) -> None:
        if not isinstance(error, PickwickError):
            self._failed(error)
            return
        words = say(error.code, **error.values)
        self._put(replace(self.line, words=words, family=Family.WRONG, icon="warning-octagon"))
        self._ring(Sound.WRONG)


def _counted(outcome: Outcome) -> str:
    """How much of the work is done, where a unit was counted."""
    if isinstance(outcome.delta, LineCounted):
        return say("guest.progress", have=outcome.delta.total_packed, need=outcome.delta.total_required)
    return ""


def _choices(outcome: Outcome) -> str:
    return ", ".join(f"PW-{choice.key} {choice.title}" for choice in outcome.choices)


def _progress(work: object) -> str:
    """Where the open work stands: units packed, or the next shelf."""
    if isinstance(work, PackWork):
        return say("guest.progress", have=work.packed, need=work.required)
    if isinstance(work, PickWork) and work.current is not None:
        stop = next((stop for stop in work.stops if stop.task_id == work.current), None)
        if stop is not None:
            return say("guest.next", place=stop.location, quantity=stop.quantity - stop.picked, item=stop.item.name)
    return ""


def _stands_on(work: object) -> frozenset[Change]:
    if isinstance(work, PackWork):
        return frozenset({Change("fulfillment", work.fulfillment_id), Change("order", work.head.order_id)})
    return frozenset({Change("pick_list", work.pick_list_id)}) if isinstance(work, PickWork) else frozenset()
