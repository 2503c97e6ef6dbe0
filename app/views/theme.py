"""The colours of the station in light and dark, and what Qt is told about them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from string import Template

from PySide6.QtGui import QColor, QPalette

from app.presenters.state.basics import Family
from app.views.metrics import Metrics

THEME_FOLDER = Path(__file__).resolve().parents[2] / "resources" / "theme"
NEXT = "Atkinson Hyperlegible Next"
MONO = "Atkinson Hyperlegible Mono"


class ThemeName(StrEnum):
    """The two themes."""

    LIGHT = "light"
    DARK = "dark"


@dataclass(frozen=True, slots=True)
class FamilyColours:
    """The five tokens of a family."""

    solid: str
    on: str
    soft: str
    line: str
    text: str


@dataclass(frozen=True, slots=True)
class Theme:
    """One theme: token name -> #RRGGBB."""

    name: ThemeName
    colours: Mapping[str, str]

    def __getitem__(self, token: str) -> str:
        """The colour of a token; raises KeyError for an unknown one."""
        return self.colours[token]

    def family(self, family: Family) -> FamilyColours:
        """The colours of a family; the quiet one is made of grounds and ink."""
        if family is Family.TODO:
            pick = self.colours
            return FamilyColours(pick["text2"], pick["surface"], pick["sunken"], pick["line"], pick["text2"])
        return FamilyColours(*(self[f"{family}{part}"] for part in ("Solid", "On", "Soft", "Line", "Text")))


@cache
def load_theme(name: ThemeName) -> Theme:
    """A theme from resources/theme/tokens.json."""
    tokens = json.loads((THEME_FOLDER / "tokens.json").read_text(encoding="utf-8"))
    return Theme(name, dict(tokens[name]))


def luminance(colour: str) -> float:
    """Relative luminance of #RRGGBB, as WCAG 2 defines it."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(ink: str, ground: str) -> float:
    """Contrast ratio of two colours, 1 to 21."""
    dark, light = sorted((luminance(ink), luminance(ground)))
    return (light + 0.05) / (dark + 0.05)


_ROLES: dict[QPalette.ColorRole, str] = {
    QPalette.ColorRole.Window: "bg",
    QPalette.ColorRole.Base: "surface",
    QPalette.ColorRole.AlternateBase: "sunken",
    QPalette.ColorRole.Button: "sunken",
    QPalette.ColorRole.Text: "text",
    QPalette.ColorRole.WindowText: "text",
    QPalette.ColorRole.ButtonText: "text",
    QPalette.ColorRole.PlaceholderText: "text3",
    QPalette.ColorRole.Highlight: "accentSolid",
    QPalette.ColorRole.HighlightedText: "accentOn",
    QPalette.ColorRole.Mid: "line",
    QPalette.ColorRole.Dark: "lineStrong",
    QPalette.ColorRole.ToolTipBase: "surface",
    QPalette.ColorRole.ToolTipText: "text",
}


def palette(theme: Theme) -> QPalette:
    """Qt's palette from the tokens."""
    made = QPalette()
    for role, token in _ROLES.items():
        made.setColor(role, QColor(theme[token]))
    for role in (QPalette.ColorRole.Text, QPalette.ColorRole.WindowText, QPalette.ColorRole.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, role, QColor(theme["text2"]))
    return made


@cache
def _sheet() -> Template:
    return _At((THEME_FOLDER / "station.qss").read_text(encoding="utf-8"))


class _At(Template):
    """A style sheet whose places are written @name, so that CSS stays readable."""

    delimiter = "@"


def style_sheet(theme: Theme, metrics: Metrics) -> str:
    """The application's style sheet: fields, small buttons, heads of tables, scroll bars, tool tips."""
    sizes = {
        "small": int(metrics.small + 0.5),
        "body": int(metrics.body + 0.5),
        "lead": metrics.lead,
        "micro": int(metrics.micro + 0.5),
        "target": metrics.target,
        "tableHead": metrics.table_head,
    }
    return _sheet().substitute(theme.colours, next=NEXT, mono=MONO, **{f"{k}Px": f"{v}px" for k, v in sizes.items()})
