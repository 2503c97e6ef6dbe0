"""The lines of scanners that do other stations' work on this computer, above the status strip."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtWidgets import QWidget

from app.domain.words import say
from app.presenters.state.basics import Family
from app.presenters.state.guests import GuestLine
from app.views.kit import Look
from app.views.kit.ink import Ink
from app.views.kit.part import Part

ICON = 20


class GuestStrip(Part):
    """`GuestStrip(look)`; `render(lines)`: one row a station, in its family's colour; hidden while there is none."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        """Empty."""
        super().__init__(look, parent)
        self.lines: tuple[GuestLine, ...] = ()
        self.relook()
        self.hide()

    def relook(self) -> None:
        """A row is as high as the status strip."""
        self.fix_height(self.look.metrics.strip * len(self.lines))

    def render(self, lines: tuple[GuestLine, ...]) -> None:
        """Takes a state; what changed is read out."""
        if lines == self.lines:
            return
        self.lines = lines
        self.relook()
        self.setVisible(bool(lines))
        self.describe("; ".join(f"{_who(line)}: {line.words}" for line in lines))
        self.update()
        self.announce()

    def draw(self, ink: Ink) -> None:
        """Who, then what was answered; a blocked one is filled whole."""
        high, size = self.look.metrics.strip, self.look.metrics.body
        for row, line in enumerate(self.lines):
            top, colours = row * high, self.look.family(line.family)
            ink.fill(QRectF(0, top, self.width(), high), colours.soft if line.family is not Family.TODO else "surface")
            ink.line(0, top, self.width(), top, "line")
            if line.blocked:
                ink.tape(QRectF(0, top, 14, high), line.family)
            ink.icon(line.icon, 22, round(top + (high - ICON) / 2), ICON, colours.text)
            bold = ink.font(size, 700)
            left = 22.0 + ICON + 10
            left += ink.text(QRectF(left, top, self.width() / 3, high), _who(line), bold, "text") + 16
            words = ink.font(size, 700 if line.blocked else 400)
            ink.text(QRectF(left, top, self.width() - left - 12, high), line.words, words, colours.text)


def _who(line: GuestLine) -> str:
    return say("guest.line", station=line.name, operator=line.operator or say("guest.nobody"))
