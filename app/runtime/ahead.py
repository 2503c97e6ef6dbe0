"""The order in hand while the database is away: judged here, its label printed here, settled when it is back."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from app.domain import ahead
from app.domain.ahead import InHand, Judged, Kit, Verdict
from app.domain.clock import Clock
from app.domain.device_ports import Scan
from app.domain.gesture import Gesture, GestureKind
from app.domain.outcomes import Outcome, Result, Sound, Value, blocked
from app.domain.pack_work import LineCounted, PackWork, WrongItem
from app.domain.words import say
from app.runtime.ahead_notes import NOT_OUT, OUT, SENDING, AheadNotes, Printed

if TYPE_CHECKING:
    from app.runtime.print_worker import PrintAnswer

LOG = logging.getLogger(__name__)
Documents = Mapping[str, Mapping[str, object]]
PrintHere = Callable[[int, Documents, Callable[[str], None], Callable[[str, "PrintAnswer"], None]], None]
_AS_SHOWN = frozenset({"pack.opened", "pack.resumed", "pack.undone", "station.acknowledged", "pack.this_is_open"})
_STORED: dict[Verdict, frozenset[str]] = {
    Verdict.COUNTED: frozenset({"pack.counted"}),
    Verdict.COMPLETE: frozenset({"pack.complete"}),
    Verdict.WRONG: frozenset({"pack.wrong_item", "pack.unknown_code", "pack.still_open"}),
    Verdict.TOO_MANY: frozenset({"pack.too_many"}),
    Verdict.LOCKED: frozenset({"station.blocked"}),
    Verdict.ACKNOWLEDGED: frozenset({"station.acknowledged"}),
}
"""What the database answers where it judges as the bench did."""


@dataclass(slots=True)
class _Sent:
    """A gesture that was not answered yet; `durable` once it is in the journal, `begun` while the database tries it."""

    gesture: Gesture
    durable: bool
    judged: Judged | None = None
    begun: bool = False


class OrderInHand:
    """Knows the order that is open here, and goes on with it while nobody can be asked. Any thread may call it."""

    def __init__(
        self,
        clock: Clock,
        fetch: Callable[[int, Callable[[Kit | None], None]], None],
        print_here: PrintHere,
        notes: AheadNotes,
        aside: Callable[[Callable[[], None]], None],
        tell: Callable[[Outcome], None],
    ) -> None:
        """`fetch` reads the kit of a fulfillment behind; `print_here` prints documents of a label by their kind on the
        thread that owns the printers, and tells before each and what became of it; `aside` does something on that
        thread, where the disk may be waited for; `tell` shows an answer at the station.
        """
        self._clock, self._fetch, self._print_here = clock, fetch, print_here
        self._notes, self._aside, self._tell = notes, aside, tell
        self._lock = threading.Lock()
        self._sent: dict[str, _Sent] = {}
        self._kit: Kit | None = None
        self._now: InHand | None = None
        self._fulfillment = 0
        self._away = False

    @property
    def knows_the_order(self) -> bool:
        """Whether the open order can be gone on with here."""
        return self._kit is not None and self._now is not None

    def begin(self, gesture_id: str) -> int | None:
        """The database is tried with a gesture, which is not judged here meanwhile; gives the number of the label that
        was printed for it before.
        """
        with self._lock:
            if gesture_id in self._sent:
                self._sent[gesture_id].begun = True
            printed = self._notes.of_gesture(gesture_id)
        return printed.label_id if printed is not None else None

    def end(self, gesture_id: str) -> None:
        """It was tried in vain."""
        with self._lock:
            if gesture_id in self._sent:
                self._sent[gesture_id].begun = False
            away = self._away
        if away:
            self._judge_all()

    def back(self) -> None:
        """The database answers again; what waits is on its way to it."""
        with self._lock:
            self._away = self._away and bool(self._sent)

    def sent(self, gesture: Gesture, durable: bool) -> None:
        """A gesture is on its way to the database."""
        with self._lock:
            self._sent[gesture.id] = _Sent(gesture, durable)
            away = self._away
        if away:
            self._judge_all()

    def kept(self, scan: Scan) -> None:
        """The journal has it on its disk."""
        with self._lock:
            if scan.gesture_id in self._sent:
                self._sent[scan.gesture_id].durable = True
            away = self._away
        if away:
            self._judge_all()

    def gone(self) -> None:
        """The database does not answer."""
        with self._lock:
            self._away = True
        self._judge_all()

    def failed(self, gesture_id: str) -> None:
        """A gesture ended with a fault of ours; nothing is judged here until the order is shown again."""
        with self._lock:
            self._sent.pop(gesture_id, None)
            self._kit = self._now = None
            self._away = self._away and bool(self._sent)

    def settled(self, gesture_id: str, outcome: Outcome) -> Outcome:
        """The database answered. Gives what is shown: without its sound where the bench had judged alike."""
        with self._lock:
            sent = self._sent.pop(gesture_id, None)
            judged = sent.judged if sent is not None else None
            if not self._sent:
                self._away = False
            if judged is None and not (not gesture_id and any(one.judged for one in self._sent.values())):
                self._follow(outcome)  # a look beside what was judged here would take it back
        printed = self._notes.of_gesture(gesture_id)
        if printed is not None and outcome.code != "pack.complete":
            label_id = printed.label_id
            self._aside(lambda: self._notes.settle(label_id))
            values = {"tracking": printed.tracking, "reason": say(outcome.code, **outcome.values)}
            self._tell(Outcome(Result.REFUSED, "pack.label_void_ahead", Sound.WRONG, values))
        if judged is None or judged.verdict is Verdict.PARKED:
            return outcome
        if outcome.code in _STORED[judged.verdict]:
            return replace(outcome, sound=Sound.NONE)
        LOG.warning("gesture %s: judged %s while the database was away, and it was %s", gesture_id, judged.verdict,
                    outcome.code)  # fmt: skip
        return outcome

    # -- with the lock held

    def _follow(self, outcome: Outcome) -> None:
        """What the database shows of the order, while it is there."""
        work = outcome.work if isinstance(outcome.work, PackWork) else None
        if work is not None and outcome.code in _AS_SHOWN | {"station.here"}:
            if work.fulfillment_id != self._fulfillment or self._kit is None:
                self._fulfillment, self._kit, self._now = work.fulfillment_id, None, None
                self._fetch(work.fulfillment_id, self._fetched)
            self._now = ahead.begin(work)
        elif isinstance(outcome.delta, LineCounted) and outcome.code == "pack.counted" and self._now is not None:
            delta = outcome.delta
            self._now = replace(self._now, packed={**self._now.packed, delta.line_id: delta.packed})
        elif self._now is not None:
            self._now = replace(self._now, clean=False)
        if outcome.code in ("pack.complete", "pack.left", "pack.put_aside", "pack.cancelled", "pack.taken_over"):
            self._fulfillment, self._kit, self._now = 0, None, None
        if self._kit is not None and outcome.code == "pack.counted":
            longer = self._clock() + timedelta(minutes=self._kit.lease_minutes)
            self._kit = replace(self._kit, until=max(self._kit.until, longer))

    def _fetched(self, kit: Kit | None) -> None:
        """What was read behind; it counts for the order that is still open."""
        with self._lock:
            if kit is not None and kit.work.fulfillment_id == self._fulfillment and not self._away:
                self._kit = kit

    # -- while it is away

    def _judge_all(self) -> None:
        """Judges what waits, in order, up to the first that is not on the disk."""
        while (found := self._next()) is not None:
            sent, kit, kept = found
            judged = sent.judged
            if judged is None:
                return
            self._tell(_shown(judged, kit, sent.gesture, kept))
            if judged.verdict is Verdict.COMPLETE and kit is not None:
                self._print(kit, judged, sent.gesture)

    def _next(self) -> tuple[_Sent, Kit | None, int] | None:
        with self._lock:
            sent = next((one for one in self._sent.values() if one.judged is None), None)
            if not self._away or sent is None or sent.begun or not sent.durable:
                return None
            parked = Judged(Verdict.PARKED, replace(self._now or InHand({}), clean=False))
            gesture = sent.gesture
            if self._kit is None or self._now is None or gesture.kind is GestureKind.TEXT:
                sent.judged = parked
            else:
                sent.judged = ahead.judge(self._kit, self._now, gesture.raw, gesture.weight_g, self._clock())
            if self._now is not None:
                self._now = sent.judged.after
            if sent.judged.verdict is Verdict.COMPLETE and self._kit is not None:
                self._note(self._kit, sent)
            return sent, self._kit, len(self._sent)

    def _note(self, kit: Kit, sent: _Sent) -> None:
        """Known before the database may try the gesture again: the label's number goes with it."""
        printed = Printed(kit.label_id or 0, sent.gesture.id, str((kit.content or {}).get("tracking_number", "")))
        for document in (ahead.LABEL, ahead.SLIP)[: 1 + (kit.slip is not None)]:
            self._notes.will_print(printed, document)

    def _print(self, kit: Kit, judged: Judged, gesture: Gesture) -> None:
        printed = self._notes.of_gesture(gesture.id)
        if printed is None:
            return
        documents: dict[str, Mapping[str, object]] = {ahead.LABEL: {**(kit.content or {}), "weight_g": judged.weight_g}}
        documents |= {ahead.SLIP: kit.slip} if kit.slip is not None else {}
        number = kit.work.head.number
        self._print_here(
            printed.label_id,
            documents,
            lambda document: self._notes.note(printed, document, SENDING),
            lambda document, answer: self._printed(printed, document, answer, number),
        )

    def _printed(self, printed: Printed, document: str, answer: PrintAnswer, number: str) -> None:
        """What the printer said, on its thread."""
        state = SENDING if answer.doubtful else OUT if answer.sent else NOT_OUT
        self._notes.note(printed, document, state, answer.printer)
        if document == ahead.LABEL:
            values: dict[str, Value] = {"number": number, "tracking": printed.tracking, "reason": answer.reason}
            code = "pack.label_printed_ahead" if answer.sent else "pack.label_not_printed_ahead"
            result, sound = (Result.DONE, Sound.NONE) if answer.sent else (Result.REFUSED, Sound.ATTENTION)
            self._tell(Outcome(result, code, sound, values))


def _shown(judged: Judged, kit: Kit | None, gesture: Gesture, kept: int) -> Outcome:
    """The answer of the bench itself, with how many scans wait here."""
    number = kit.work.head.number if kit is not None else ""
    values: dict[str, Value] = {"number": number, "kept": kept, "scan": gesture.raw[:40]}
    match judged.verdict:
        case Verdict.COUNTED:
            return Outcome(Result.DONE, "pack.counted_ahead", Sound.ACCEPTED, values, delta=judged.counted)
        case Verdict.COMPLETE:
            return Outcome(Result.DONE, "pack.complete_ahead", Sound.COMPLETE, values, delta=judged.counted)
        case Verdict.WRONG:
            return blocked("pack.wrong_ahead", **values)
        case Verdict.TOO_MANY:
            line = next(one for one in kit.work.lines if one.item.product_id == judged.product) if kit else None
            told = blocked("pack.too_many", Sound.TOO_MANY, **values, over=judged.over)
            what = WrongItem("pack.too_many", line.item, required=line.required) if line is not None else None
            return replace(told, delta=what)
        case Verdict.LOCKED:
            return blocked("station.blocked", Sound.WRONG, scan=gesture.raw[:40], count=judged.after.refused)
        case Verdict.ACKNOWLEDGED:
            return Outcome(Result.DONE, "pack.go_on_ahead", Sound.NONE, values)
    return Outcome(Result.REFUSED, "pack.parked", Sound.ATTENTION, values)
