"""A scanner and a computer between it and us, with any settings: what arrives when a code of the sheet is scanned."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.documents import Symbology
from app.domain.keyboard_layouts import Layout, as_seen
from app.domain.scanner_doctor import CODES, STEPS, DoctorState, Observation, Step, examine, observed, skip
from app.domain.scanner_typing import Fold, Typing

AIMS = {
    Symbology.CODE128: "]C0",
    Symbology.GS1_128: "]C1",
    Symbology.GS1_DATA_MATRIX: "]d2",
    Symbology.QR: "]Q1",
}


@dataclass(frozen=True, slots=True)
class Gun:
    """One scanner with its settings; `loses` is every how manieth character a slow computer loses."""

    suffix: str = "\r"
    prefix: str = ""
    fnc1: str = "\x1d"
    aim: bool = False
    layout: Layout = Layout.US
    fold: Fold = Fold.KEEP
    keys: bool = False
    loses: int = 0
    gap_ms: int = 8
    page: str = "utf-8"
    flat: bool = False

    def sent(self, step: Step) -> str:
        code = CODES[step]
        start = AIMS[code.symbology] if self.aim else ""
        return self.prefix + start + self.fnc1.join(code.pieces)

    def scan(self, step: Step) -> Observation | None:
        code = CODES[step]
        if self.flat and code.symbology in (Symbology.QR, Symbology.GS1_DATA_MATRIX):
            return None
        text = self.sent(step)
        if not self.keys:
            return observed("", (text + self.suffix).encode(self.page))
        text = "".join(sign for sign in text if sign.isascii())
        shown = Typing(self.layout, self.fold).seen(text)
        if self.loses:
            shown = "".join(sign for place, sign in enumerate(shown, 1) if place % self.loses)
        return Observation(shown + self.suffix, b"", self.suffix, (self.gap_ms,) * (len(shown) - 1), keys=True)


def examined(gun: Gun, state: DoctorState | None = None) -> DoctorState:
    """The whole sheet, scanned from top to bottom."""
    state = state or DoctorState()
    for step in STEPS:
        scan = gun.scan(step)
        tries = 0
        while state.step is step and tries < 3:
            state = skip(state) if scan is None else examine(state, scan)
            tries += 1
    return state


__all__ = ["AIMS", "Gun", "as_seen", "examined"]
