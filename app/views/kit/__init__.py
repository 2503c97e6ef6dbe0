"""The parts that screens are made of. Each paints one frozen state of `app.presenters.state.parts` (here `parts`).

Every part is built with the `Look` (theme, sizes, fonts, icons); those that take gestures also with the screen's
`Intents` (app.presenters.state.intents). `render(state)` shows a state at once and does nothing when it is the same.

| part | constructor | render | gestures |
|---|---|---|---|
| `Banner` | `(look, intents=None)` | `parts.Banner` | its search field: `typed(name, text, entered)` |
| `OrderHeader` | `(look)` | `parts.OrderHeader` | |
| `NotesBar` | `(look)` | `tuple[parts.Note, ...]`, none hides it | |
| `ScanPanel` | `(look, intents)` | `parts.ScanPanel` | its choices: `command(code)` |
| `Card` | `(look, head=None, pad=False)` | `parts.CardHead`; `add(widget, stretch=0)` | |
| `LineList` | `(look)` in a Card | `parts.LineList` | |
| `FacingCards` | `(look)` | `render(left, right)` of `parts.FacingCard` | |
| `FacingCard` | `(look)` | `parts.FacingCard` | |
| `AckBar` | `(look, intents)` | `parts.AckBar` | its plate: `command(code)` |
| `CommandBar` | `(look, intents)` | `parts.CommandBar` | `command(code)` |
| `CommandButton` | `(look, intents)` | `parts.Command` | `command(code)`, `refused(code, reason)` |
| `SmallButton` | `(look, intents)` | `parts.Command` (no plate, 40 high) | `command(code)` |
| `ChoiceButtons` | `(look, intents, columns=1, module=4)` | `tuple[parts.Choice, ...]` | `command(code)` |
| `CartonChoice` | `(look, intents)`, a card | `parts.CartonChoice` | `key("1")` to `key("9")` |
| `WeightTrack` | `(look, intents)`, a card | `parts.Weight` | `key("W")`, `typed("weight", text, entered)` |
| `StepCards` | `(look)` in a Card | `tuple[parts.StepCard, ...]` | |
| `JobSteps` | `(look)` in a Card | `tuple[parts.JobStep, ...], note=""` | |
| `TimeLine` | `(look)` | `tuple[parts.TimeEntry, ...]` | |
| `CartSlots` | `(look)` in a Card | `parts.Cart` | |
| `FloorMap` | `(look)` in a Card | `parts.FloorMap` | |
| `Figures` | `(look, intents, what="figures")` | `tuple[parts.Figure, ...]` | `choose(what, key, True)` |
| `Tabs` | `(look, intents, what="tabs")` | `tuple[parts.Tab, ...]` | `choose(what, key, True)` |
| `DataTable` | `(look, intents)` in a Card | `parts.Table` | `choose(name, key, opened)`, `more(name)`; `steer(key)` |
| `LabelPreview` | `(look)` in a Card | `parts.LabelPreview` | |
| `TextField` | `(look, intents)` | `parts.Field` | `typed(name, text, entered)` |
| `Rail` | `(look, intents)` | `shell.Rail` | `choose("place", code, True)` |
| `StatusStrip` | `(look, intents)` | `shell.Strip` | `choose("lamp", name, True)` |
| `BlockingFrame` | `(look, parent)` | `Family` or None | |
| `Part` | `(look)` | base: override `draw(ink)`, `relook()` | |

Own painting: subclass `Part`, write `draw(self, ink: Ink)`; `Ink` has fill, box, line, text, paragraph, icon, picture,
plate, key, chip, tape, segments, in names of tokens and not in colours. Sizes: `self.look.metrics` (app.views.metrics).
Marks inside sentences (`strong`, `code`, `key`): app.presenters.state.words. Layouts by width: `look.metrics.width` is
1024, 1366 or 1920 and `look.changed` is emitted when it changes.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.views.kit.banner import Banner
    from app.views.kit.bars import AckBar, NotesBar, OrderHeader
    from app.views.kit.card import Card
    from app.views.kit.choices import ChoiceButton, ChoiceButtons
    from app.views.kit.command import CommandButton, PaintedButton, SmallButton
    from app.views.kit.command_bar import CommandBar
    from app.views.kit.facing import FacingCard, FacingCards
    from app.views.kit.field import TextField
    from app.views.kit.figures import Figures, Tabs
    from app.views.kit.frame import BlockingFrame, Rail, StatusStrip
    from app.views.kit.ink import CENTRE, LEFT, RIGHT, Ink
    from app.views.kit.label import LabelPreview
    from app.views.kit.lines import LineList
    from app.views.kit.look import Look
    from app.views.kit.parcel import CartonChoice, WeightTrack
    from app.views.kit.part import Part
    from app.views.kit.picking import CartSlots, FloorMap
    from app.views.kit.scan_panel import ScanPanel
    from app.views.kit.steps import JobSteps, StepCards, TimeLine
    from app.views.kit.table import DataTable
    from app.views.kit.text import Paragraph, Style, fit_font, fitting, unbroken

_READ_LATE = {
    "banner": ("Banner",),
    "bars": ("AckBar", "NotesBar", "OrderHeader"),
    "card": ("Card",),
    "choices": ("ChoiceButton", "ChoiceButtons"),
    "command": ("CommandButton", "PaintedButton", "SmallButton"),
    "command_bar": ("CommandBar",),
    "facing": ("FacingCard", "FacingCards"),
    "field": ("TextField",),
    "figures": ("Figures", "Tabs"),
    "frame": ("BlockingFrame", "Rail", "StatusStrip"),
    "ink": ("CENTRE", "LEFT", "RIGHT", "Ink"),
    "label": ("LabelPreview",),
    "lines": ("LineList",),
    "look": ("Look",),
    "parcel": ("CartonChoice", "WeightTrack"),
    "part": ("Part",),
    "picking": ("CartSlots", "FloorMap"),
    "scan_panel": ("ScanPanel",),
    "steps": ("JobSteps", "StepCards", "TimeLine"),
    "table": ("DataTable",),
    "text": ("Paragraph", "Style", "fit_font", "fitting", "unbroken"),
}
"""The parts by the file that they stand in: each file is read when one of its parts is wanted first."""

__all__ = [
    "CENTRE",
    "LEFT",
    "RIGHT",
    "AckBar",
    "Banner",
    "BlockingFrame",
    "Card",
    "CartSlots",
    "CartonChoice",
    "ChoiceButton",
    "ChoiceButtons",
    "CommandBar",
    "CommandButton",
    "DataTable",
    "FacingCard",
    "FacingCards",
    "Figures",
    "FloorMap",
    "Ink",
    "JobSteps",
    "LabelPreview",
    "LineList",
    "Look",
    "NotesBar",
    "OrderHeader",
    "PaintedButton",
    "Paragraph",
    "Part",
    "Rail",
    "ScanPanel",
    "SmallButton",
    "StatusStrip",
    "StepCards",
    "Style",
    "Tabs",
    "TextField",
    "TimeLine",
    "WeightTrack",
    "fit_font",
    "fitting",
    "unbroken",
]


def __getattr__(name: str) -> object:
    """A part that nobody wanted before."""
    for module, parts in _READ_LATE.items():
        if name in parts:
            found: object = getattr(import_module(f"{__name__}.{module}"), name)
            globals()[name] = found
            return found
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
