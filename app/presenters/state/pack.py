"""What the pack screen shows."""

from __future__ import annotations

from dataclasses import dataclass

from app.presenters.state import parts


@dataclass(frozen=True, slots=True)
class Idle:
    """Nothing is open: what can be scanned, and the totes that wait for this bench."""

    panel: parts.ScanPanel
    head: parts.CardHead
    totes: parts.Table


@dataclass(frozen=True, slots=True)
class Packing:
    """An order is open: the last scan, its lines, its parcel, its weight."""

    panel: parts.ScanPanel
    head: parts.CardHead
    lines: parts.LineList
    carton: parts.CartonChoice
    weight: parts.Weight


@dataclass(frozen=True, slots=True)
class Compare:
    """A wrong item: what is in the hand beside what is wanted."""

    hand: parts.FacingCard
    wanted: parts.FacingCard


@dataclass(frozen=True, slots=True)
class Focus:
    """One thing to look at beside the lines: one too many, or a note to confirm."""

    card: parts.FacingCard
    head: parts.CardHead
    lines: parts.LineList


@dataclass(frozen=True, slots=True)
class NextTote:
    """The tote to take next, and how the day stands. `stats` are pairs of label and value."""

    head: parts.CardHead
    tote: str = ""
    chip: parts.Chip | None = None
    title: str = ""
    pictures: tuple[str, ...] = ()
    detail: str = ""
    stats: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Complete:
    """The parcel is sealed and its label out: the label, what is left to do with hands, the next tote."""

    label_head: parts.CardHead
    label: parts.LabelPreview
    steps_head: parts.CardHead
    steps: tuple[parts.StepCard, ...]
    next: NextTote


@dataclass(frozen=True, slots=True)
class Stopped:
    """The office stopped the order: what has to come out again, and what to do."""

    head: parts.CardHead
    lines: parts.LineList
    steps_head: parts.CardHead
    steps: tuple[parts.StepCard, ...]


@dataclass(frozen=True, slots=True)
class Waiting:
    """The label waits for its printer: what to do, and where the print job stands."""

    steps_head: parts.CardHead
    steps: tuple[parts.StepCard, ...]
    job_head: parts.CardHead
    job: tuple[parts.JobStep, ...]
    note: str = ""


NO_COMMANDS = parts.CommandBar()
Body = Idle | Packing | Compare | Focus | Complete | Stopped | Waiting


@dataclass(frozen=True, slots=True)
class Pack:
    """The pack screen. With `ack` it blocks: the bar takes the place of the commands and the frame stands around."""

    banner: parts.Banner
    body: Body
    header: parts.OrderHeader | None = None
    notes: tuple[parts.Note, ...] = ()
    commands: parts.CommandBar = NO_COMMANDS
    ack: parts.AckBar | None = None

    @property
    def frame(self) -> parts.Family | None:
        """The family of the frame around the work area, for the shell."""
        return self.banner.family if self.banner.blocking else None
