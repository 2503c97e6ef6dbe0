"""The states of the reusable parts that screens are made of. Sentences may carry the marks of `words`."""

from __future__ import annotations

from dataclasses import dataclass

from app.presenters.state.basics import Chip, Family, Kind, LampState, Stage
from app.presenters.state.control_parts import Choice, Command, CommandBar, Field
from app.presenters.state.table_parts import Cell, Column, Table, TableRow
from app.presenters.state.walk_parts import Cart, CartSlot, FloorMap, MapRack, MapStop, MapWords, Points

__all__ = [
    "AckBar",
    "Banner",
    "BannerStep",
    "CardHead",
    "Cart",
    "CartSlot",
    "CartonChoice",
    "CartonOption",
    "Cell",
    "Chip",
    "Choice",
    "Column",
    "Command",
    "CommandBar",
    "FacingCard",
    "Fact",
    "Family",
    "Field",
    "Figure",
    "FloorMap",
    "JobStep",
    "Kind",
    "LabelPreview",
    "LampState",
    "LineList",
    "LineRow",
    "MapRack",
    "MapStop",
    "MapWords",
    "Note",
    "OrderHeader",
    "Points",
    "Progress",
    "ScanPanel",
    "Search",
    "Stage",
    "StepCard",
    "Tab",
    "Table",
    "TableRow",
    "TimeEntry",
    "Weight",
]


@dataclass(frozen=True, slots=True)
class Progress:
    """Units done of units asked, with the words after the number ("of 11 packed")."""

    have: int
    need: int
    words: str


@dataclass(frozen=True, slots=True)
class BannerStep:
    """One step of a short task in the banner."""

    words: str
    stage: Stage = Stage.LATER


@dataclass(frozen=True, slots=True)
class Search:
    """A search field: its text, what to say while it is empty, and the key that goes there."""

    text: str = ""
    hint: str = ""
    key: str = "/"
    name: str = "search"


@dataclass(frozen=True, slots=True)
class Banner:
    """The one line that says what to do. `blocking` gives it the tape and the frame, `tall` the height of a finish."""

    order: str
    detail: str = ""
    family: Family = Family.ACCENT
    icon: str = "barcode"
    blocking: bool = False
    tall: bool = False
    progress: Progress | None = None
    steps: tuple[BannerStep, ...] = ()
    search: Search | None = None


@dataclass(frozen=True, slots=True)
class ScanPanel:
    """What was just scanned and what became of it. Without a family nothing was scanned yet.

    `have`, `need` and `extra` count segments; `count` and `of` are the words in large type.
    """

    words: str
    icon: str = "barcode"
    family: Family | None = None
    time: str = ""
    picture: str = ""
    name: str = ""
    sku: str = ""
    count: str = ""
    of: str = ""
    have: int = 0
    need: int = 0
    extra: int = 0
    advice: str = ""
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class LineRow:
    """One order line. `done_word` stands in place of a remaining 0; `remaining` may be a sign ("!", "+1")."""

    key: str
    name: str
    sku: str
    required: str
    packed: str
    remaining: str
    family: Family = Family.TODO
    icon: str = "circle-dashed"
    picture: str = ""
    done: bool = False
    filled: bool = False


@dataclass(frozen=True, slots=True)
class LineList:
    """The lines of an order, already in their order; `fold` is the row that stands for folded lines.

    `headings` are product, required, packed, remaining; an empty second one hides "required", four empty ones the head.
    With `single` a row shows only what stands in `remaining`, in a column of its own ("0 of 4").
    """

    rows: tuple[LineRow, ...]
    headings: tuple[str, str, str, str]
    fold: str = ""
    single: bool = False


@dataclass(frozen=True, slots=True)
class FacingCard:
    """One of two things to compare. `marks` are the positions of the SKU's characters that differ.

    With `rows` the card shows a list in place of one product; with `need` segments below `count`; `note` is to be read.
    """

    title: str
    family: Family
    icon: str
    right: str = ""
    picture: str = ""
    name: str = ""
    sku: str = ""
    marks: tuple[int, ...] = ()
    why: tuple[str, ...] = ()
    note: str = ""
    count: str = ""
    of: str = ""
    have: int = 0
    need: int = 0
    extra: int = 0
    rows: tuple[LineRow, ...] = ()


@dataclass(frozen=True, slots=True)
class AckBar:
    """What to do about a blocking state, how to go on, and what is locked until then."""

    order: str
    how: str
    locked: str
    code: str = "PW-OK"
    key: str = "Enter"


@dataclass(frozen=True, slots=True)
class Fact:
    """A labelled value of a header; `code` sets it in Mono; a family colours it and needs an icon."""

    label: str
    value: str
    code: bool = False
    family: Family | None = None
    icon: str = ""
    wide: bool = False


@dataclass(frozen=True, slots=True)
class OrderHeader:
    """The order in hand: its number, facts from the left, at the right a fact or a chip. `wide` facts hide first."""

    number: str
    facts: tuple[Fact, ...] = ()
    right: Fact | None = None
    chip: Chip | None = None


@dataclass(frozen=True, slots=True)
class Note:
    """An instruction that stays while the order is open."""

    words: str
    subject: str = ""
    icon: str = "note"


@dataclass(frozen=True, slots=True)
class Weight:
    """The scale. `at`, `low` and `high` are places on the track from 0 to 1; `typed` is the text of the open field."""

    title: str
    value: str
    unit: str
    chip: Chip
    left: str = ""
    right: str = ""
    at: float | None = None
    low: float = 1 / 3
    high: float = 2 / 3
    typed: str | None = None
    hint: str = ""


@dataclass(frozen=True, slots=True)
class CartonOption:
    """One carton that may be chosen; `fits` false says why in `note`."""

    key: str
    name: str
    size: str
    note: str = ""
    best: bool = False
    chosen: bool = False
    fits: bool = True


@dataclass(frozen=True, slots=True)
class CartonChoice:
    """The open parcel and the cartons for it."""

    title: str
    right: str
    options: tuple[CartonOption, ...] = ()


@dataclass(frozen=True, slots=True)
class StepCard:
    """One step of a task, read from the bench."""

    number: str
    title: str
    detail: str = ""
    stage: Stage = Stage.LATER
    family: Family = Family.COMPLETE


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with its words; on Orders it is a filter too."""

    key: str
    value: str
    words: str
    detail: str = ""
    family: Family = Family.TODO
    icon: str = ""
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class TimeEntry:
    """Something that happened."""

    title: str
    detail: str
    time: str
    family: Family = Family.OK
    icon: str = "check"
    now: bool = False


@dataclass(frozen=True, slots=True)
class JobStep:
    """Where a print job stands, one step a row."""

    words: str
    time: str
    family: Family = Family.OK
    icon: str = "check-circle"


@dataclass(frozen=True, slots=True)
class LabelPreview:
    """A picture of a shipping label. `lines` is the address, `strong` the line in large type, `foot` its last row."""

    carrier: str
    service: str
    lines: tuple[str, ...]
    barcode: str
    caption: str
    foot: tuple[str, ...] = ()
    strong: int = -1


@dataclass(frozen=True, slots=True)
class CardHead:
    """The head of a card: icon, title, at the right one quiet fact or one chip."""

    title: str
    icon: str = ""
    right: str = ""
    chip: Chip | None = None
    right_is_code: bool = False


@dataclass(frozen=True, slots=True)
class Tab:
    """A saved filter or a part of a page; `press` is the key that goes there, drawn as a key."""

    key: str
    words: str
    count: str = ""
    chosen: bool = False
    press: str = ""
