"""What a simulation is asked for, and what its processes tell each other: plain values that travel as JSON."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from enum import StrEnum

from app.domain.errors import BadUseError

FLAT_OUT = 0.0
PER_PROCESS = 8


class Fault(StrEnum):
    """What may go wrong on demand."""

    KILL = "kill"
    """A process with some stations is killed, as `kill -9` does, and started again with their journals."""
    CUT = "cut"
    """Every connection to the server is broken. A file has none."""
    RESTART = "restart"
    """The server is stopped and started again, by the command that the plan names."""
    CANCEL = "cancel"
    """The office cancels and holds orders that are being packed."""


class Work(StrEnum):
    """What a simulated person does."""

    PACK = "pack"
    PICK = "pick"


@dataclass(frozen=True, slots=True)
class Plan:
    """How many stations for how many seconds, one scan every `pace` seconds (0: as fast as it goes).

    `restart` is the command that stops and starts the server.
    """

    stations: int
    seconds: float
    pace: float = 1.0
    faults: frozenset[Fault] = frozenset()
    processes: int = 0
    restart: str = ""

    @property
    def groups(self) -> int:
        """How many processes share the stations. With kills there are two at least, so that somebody goes on."""
        wanted = self.processes or -(-self.stations // PER_PROCESS)
        return min(self.stations, max(wanted, 2 if Fault.KILL in self.faults else 1))


@dataclass(frozen=True, slots=True)
class Seat:
    """One station with its person; `journal` is the file of its scans."""

    station_id: int
    name: str
    badge: str
    work: Work
    journal: str


@dataclass(frozen=True, slots=True)
class Group:
    """The stations of one process."""

    warehouse_id: int
    pace: float
    seats: tuple[Seat, ...]

    def to_json(self) -> dict[str, object]:
        """For the pipe."""
        return asdict(self)

    @staticmethod
    def from_json(told: dict[str, object]) -> Group:
        """From the pipe. Raises BadUseError for anything else."""
        seats = told.get("seats")
        if not isinstance(seats, list):
            raise BadUseError("simulate.no_group")
        made = tuple(
            Seat(int(s["station_id"]), str(s["name"]), str(s["badge"]), Work(s["work"]), str(s["journal"]))
            for s in seats
        )
        return Group(int(str(told["warehouse_id"])), float(str(told["pace"])), made)


@dataclass(slots=True)
class Tally:
    """What was counted since it was told last. Times in milliseconds."""

    scans: int = 0
    orders: int = 0
    scan_ms: list[float] = field(default_factory=list)
    feed_ms: list[float] = field(default_factory=list)
    refusals: dict[str, int] = field(default_factory=dict)
    away: int = 0
    replayed: int = 0
    broken: list[str] = field(default_factory=list)

    def to_json(self) -> dict[str, object]:
        """For the pipe."""
        return asdict(self)

    def add(self, other: Tally) -> None:
        """Counts another one in."""
        self.scans += other.scans
        self.orders += other.orders
        self.scan_ms += other.scan_ms
        self.feed_ms += other.feed_ms
        for code, count in other.refusals.items():
            self.refusals[code] = self.refusals.get(code, 0) + count
        self.away += other.away
        self.replayed += other.replayed
        self.broken += other.broken


def percentile(values: list[float], percent: float) -> float | None:
    """The value that so many per cent do not exceed; None of nothing."""
    if not values:
        return None
    ordered = sorted(values)
    return round(ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))], 2)


def faults_of(words: str) -> frozenset[Fault]:
    """From the command line. Raises BadUseError for a word that names none."""
    try:
        return frozenset(Fault(word.strip()) for word in words.split(",") if word.strip())
    except ValueError as error:
        raise BadUseError("simulate.no_such_fault", faults=", ".join(Fault)) from error
