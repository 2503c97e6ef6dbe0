"""What a scale shows: the newest weight or why there is none, how it is, and the order that waits for its answer."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, replace

from app.devices.scale_protocols import Answered, NoWeight, ScaleEvent, Weighed
from app.domain.device_ports import DeviceState
from app.domain.scale_words import ScaleAnswer, ScaleOrder, ScaleTrouble
from app.domain.weights import TOO_OLD_SECONDS, WeightReading

ORDER_SECONDS = 4.0
"""After so long an order is answered by what the scale shows. Scales wait for a still pan about as long."""
# The weight of before is no weight any more in these; in the others it is kept on show, and not used.
_NO_WEIGHT_LEFT = frozenset(
    {ScaleTrouble.OVERLOAD, ScaleTrouble.UNDERLOAD, ScaleTrouble.NEEDS_ZERO, ScaleTrouble.UNIT, ScaleTrouble.FAULT}
)


@dataclass(frozen=True, slots=True)
class PendingOrder:
    """An order on its way; `sent_at` is None until it is written."""

    order: ScaleOrder
    done: Future[ScaleAnswer]
    sent_at: float | None = None


class ScaleFace:
    """Written by the thread that reads the scale, looked at by others; every method returns at once."""

    def __init__(self, now: Callable[[], float]) -> None:
        """`now` is a steady clock, in seconds."""
        self._now = now
        self._lock = threading.Lock()
        self._state = DeviceState.ABSENT
        self._reading: WeightReading | None = None
        self._trouble: ScaleTrouble | None = None
        self._detail = ""
        self._answered_at = self._bytes_at = 0.0
        self._pending: PendingOrder | None = None

    # -- looked at from anywhere

    @property
    def state(self) -> DeviceState:
        """Attention while it is there and gives no weight."""
        with self._lock:
            if self._state is DeviceState.READY and self._why() not in (None, ScaleTrouble.MOVING):
                return DeviceState.ATTENTION
            return self._state

    @property
    def trouble(self) -> ScaleTrouble | None:
        """Why there is no weight; None while all is well, and while it is not there at all."""
        with self._lock:
            return self._why()

    @property
    def detail(self) -> str:
        """What belongs to the trouble: the unit or the text that means nothing, the reason of the system."""
        with self._lock:
            return self._detail

    def reading(self) -> WeightReading | None:
        """The newest weight, which may be old or moving."""
        with self._lock:
            return self._reading

    def order(self, order: ScaleOrder) -> Future[ScaleAnswer]:
        """Takes an order for the reading thread, or answers it where the answer is known already."""
        done: Future[ScaleAnswer] = Future()
        done.set_running_or_notify_cancel()
        with self._lock:
            refused = self._refused(order)
            if refused is None:
                self._pending = PendingOrder(order, done)
        if refused is not None:
            done.set_result(refused)
        return done

    # -- told by the reading thread

    def opened(self) -> None:
        """The port is open; nothing is known of the weight yet."""
        with self._lock:
            self._state, self._trouble, self._detail = DeviceState.READY, None, ""
            self._reading = None
            self._answered_at = self._bytes_at = self._now()

    def away(self, state: DeviceState, detail: str = "") -> None:
        """It can't be read: down, attention (there, but refused) or absent (nobody reads it)."""
        with self._lock:
            self._state, self._reading, self._trouble, self._detail = state, None, None, detail
        self._settle(ScaleAnswer.NOT_THERE)

    def heard(self) -> None:
        """Bytes came, whatever they mean."""
        with self._lock:
            self._bytes_at = self._now()

    def show(self, event: ScaleEvent) -> None:
        """Takes what the scale said."""
        answer: ScaleAnswer | None = None
        with self._lock:
            now = self._answered_at = self._now()
            sent = self._pending is not None and self._pending.sent_at is not None
            match event:
                case Weighed(grams=grams, stable=stable, unit=unit, text=text):
                    self._reading = WeightReading(grams, stable, now, unit, text)
                    self._trouble, self._detail = None, ""
                    answer = ScaleAnswer.DONE if sent and stable and grams == 0 else None
                case NoWeight(trouble=trouble, detail=detail):
                    self._trouble, self._detail = trouble, detail
                    self._reading = self._kept(trouble, now)
                case Answered(answer=said):
                    answer = said if sent else None
        if answer is not None:
            self._settle(answer)

    def to_send(self) -> ScaleOrder | None:
        """The order that is to be written now; it counts as sent."""
        with self._lock:
            pending = self._pending
            if pending is None or pending.sent_at is not None:
                return None
            self._pending = replace(pending, sent_at=self._now())
            return pending.order

    def unknown_order(self) -> None:
        """The language of this scale has no word for the order."""
        self._settle(ScaleAnswer.UNSUPPORTED)

    def tick(self) -> None:
        """Answers an order whose time has run out by what is shown now."""
        with self._lock:
            pending = self._pending
            if pending is None or pending.sent_at is None or self._now() - pending.sent_at < ORDER_SECONDS:
                return
            reading = self._reading
            if reading is None or self._now() - reading.taken_at > TOO_OLD_SECONDS:
                answer = ScaleAnswer.NO_ANSWER
            else:
                answer = ScaleAnswer.OUT_OF_RANGE if reading.stable else ScaleAnswer.IN_MOTION
        self._settle(answer)

    def silent_for(self) -> float:
        """Seconds since it said something that means something."""
        with self._lock:
            return self._now() - self._answered_at

    # -- with the lock held

    def _why(self) -> ScaleTrouble | None:
        if self._state is not DeviceState.READY:
            return None
        now = self._now()
        if now - self._answered_at > TOO_OLD_SECONDS:
            return ScaleTrouble.GARBLED if self._bytes_at > self._answered_at else ScaleTrouble.SILENT
        return self._trouble

    def _kept(self, trouble: ScaleTrouble, now: float) -> WeightReading | None:
        if self._reading is None or trouble in _NO_WEIGHT_LEFT:
            return None
        at = now if trouble is ScaleTrouble.MOVING else self._reading.taken_at
        return replace(self._reading, stable=False, taken_at=at)

    def _refused(self, order: ScaleOrder) -> ScaleAnswer | None:
        if self._state is not DeviceState.READY:
            return ScaleAnswer.NOT_THERE
        if self._pending is not None:
            return ScaleAnswer.NO_ANSWER
        why = self._why()
        if why is ScaleTrouble.MOVING or (self._reading is not None and why is None and not self._reading.stable):
            return ScaleAnswer.IN_MOTION
        if why is ScaleTrouble.OVERLOAD or (why is ScaleTrouble.UNDERLOAD and order is ScaleOrder.TARE):
            return ScaleAnswer.OUT_OF_RANGE
        return ScaleAnswer.NO_ANSWER if why is ScaleTrouble.SILENT else None

    def _settle(self, answer: ScaleAnswer) -> None:
        with self._lock:
            pending, self._pending = self._pending, None
        if pending is not None:
            pending.done.set_result(answer)
