"""The simulated scale that needs no port: it settles, trembles and can get stuck, the same for the same seed."""

from __future__ import annotations

from concurrent.futures import Future

from app.devices.pan import Pan, Seconds
from app.domain.device_ports import DeviceState
from app.domain.scale_words import ScaleAnswer, ScaleTrouble
from app.domain.weights import WeightReading

__all__ = ["Seconds", "SimScale"]


class SimScale:
    """A scale without hardware. Weights are grams, times seconds of the monotonic clock that it is given."""

    def __init__(
        self, uri: str, now: Seconds, *, seed: int = 1, settle_seconds: float = 0.6, most_grams: int = 60_000
    ) -> None:
        self._uri = uri
        self.pan = Pan(now, seed=seed, settle_seconds=settle_seconds, most_grams=most_grams)
        self._running = False
        self._plugged = True

    @property
    def uri(self) -> str:
        """How it is named in settings, on the command line and on screen."""
        return self._uri

    @property
    def state(self) -> DeviceState:
        """Absent before start, down while unplugged, attention while overloaded or stuck."""
        if not self._running:
            return DeviceState.ABSENT
        if not self._plugged:
            return DeviceState.DOWN
        return DeviceState.ATTENTION if self.pan.stuck or self.trouble is not None else DeviceState.READY

    @property
    def trouble(self) -> ScaleTrouble | None:
        """Why there is no weight, where it is too much or too little."""
        return self.pan.needle().trouble if self._running and self._plugged else None

    def start(self) -> None:
        """Begins to read."""
        self._running = True

    def stop(self) -> None:
        """Ends reading."""
        self._running = False

    def reading(self) -> WeightReading | None:
        """The newest reading; None when it is stopped, unplugged, or has no weight to show."""
        if not self._running or not self._plugged:
            return None
        needle = self.pan.needle()
        return WeightReading(needle.grams, needle.stable, needle.at) if needle.trouble is None else None

    def zero(self) -> Future[ScaleAnswer]:
        """Takes what lies on it for nothing."""
        return _now(self.pan.zero() if self._running and self._plugged else ScaleAnswer.NOT_THERE)

    def tare(self) -> Future[ScaleAnswer]:
        """Weighs only what is added from now on."""
        return _now(self.pan.tare() if self._running and self._plugged else ScaleAnswer.NOT_THERE)

    def put(self, grams: int) -> None:
        """From now on this much lies on it, in all; it needs its time to settle."""
        self.pan.put(grams)

    def stick(self) -> None:
        """Keeps the reading of now for good, as a scale does whose cable has a loose contact."""
        self.pan.stick()

    def unstick(self) -> None:
        """Reads again."""
        self.pan.unstick()

    def unplug(self) -> None:
        """Pulls the cable."""
        self._plugged = False

    def plug_in(self) -> None:
        """Puts the cable back; no restart is needed."""
        self._plugged = True


def _now(answer: ScaleAnswer) -> Future[ScaleAnswer]:
    done: Future[ScaleAnswer] = Future()
    done.set_result(answer)
    return done
