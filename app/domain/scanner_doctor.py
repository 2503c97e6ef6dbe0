"""The scanner doctor: which codes are scanned in which order, and what is kept of each scan.

Pure: `examine` takes a state and what arrived, and gives the next state. What it all means is said by
`scanner_findings.findings` when the last code has been scanned.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum, unique

from app.domain.documents import Symbology
from app.domain.keyboard_layouts import Layout
from app.domain.scanner_typing import Fold, Match, Typing, match

TRIES = 2
"""After so many scans that nobody can read, the doctor goes on with the next code."""
AIM = re.compile(r"\][A-Za-z][0-9A-Za-z]")
"""A symbology identifier: which kind of code it was."""
_ENDS = "\r\n\t\x03"


@unique
class Step(StrEnum):
    """The codes of the sheet, in their order; what each is for stands in the catalogue."""

    ENDS = "ends"
    KEYS = "keys"
    SIGNS = "signs"
    LONG = "long"
    TWICE = "twice"
    GS1 = "gs1"
    MATRIX = "matrix"
    LETTERS = "letters"

    @property
    def number(self) -> int:
        """From 1, as printed beside the code."""
        return STEPS.index(self) + 1

    @property
    def task_key(self) -> str:
        """Key of what the code is for."""
        return f"doctor.step.{self.value}"

    @property
    def name_key(self) -> str:
        """Key of its short name."""
        return f"doctor.code.{self.value}"


STEPS: tuple[Step, ...] = tuple(Step)
GTIN = "09501101530003"


@dataclass(frozen=True, slots=True)
class SheetCode:
    """One code of the sheet: how it is drawn, and the pieces that stand between its separators.

    No sign in it waits for a letter on any keyboard: accents that wait never reach a program on some computers. The
    longest ones are digits, which bars take in pairs, so that all of them fit a label of 4 inches.
    """

    symbology: Symbology
    pieces: tuple[str, ...]
    printed: str = ""

    @property
    def data(self) -> str:
        """What a document is told to draw."""
        return self.printed or "".join(self.pieces)


CODES: dict[Step, SheetCode] = {
    Step.ENDS: SheetCode(Symbology.CODE128, ("1234567890",)),
    Step.KEYS: SheetCode(Symbology.CODE128, ("QWAZYM-qwazym/0123",)),
    Step.SIGNS: SheetCode(Symbology.CODE128, ('A#B@C_D;E:F"G',)),
    Step.LONG: SheetCode(Symbology.CODE128, ("0918273645" * 4 + "0918",)),
    Step.TWICE: SheetCode(Symbology.CODE128, ("AABBCC1122334455",)),
    Step.GS1: SheetCode(Symbology.GS1_128, (f"01{GTIN}10471100", "218899"), f"(01){GTIN}(10)471100(21)8899"),
    Step.MATRIX: SheetCode(Symbology.GS1_DATA_MATRIX, (f"01{GTIN}10LOT8B", "21SER88"), f"(01){GTIN}(10)LOT8B(21)SER88"),
    Step.LETTERS: SheetCode(Symbology.QR, ("GRÖSSE é ñ 42",)),
}


@dataclass(frozen=True, slots=True)
class Observation:
    """One scan as it arrived, with nothing mended: the text, the bytes where there were any, and what ended it.

    `gaps_ms` are the times between its characters, where keys were seen one by one. `keys` tells a scanner that types,
    `framed` one that says itself where its codes end.
    """

    text: str
    data: bytes = b""
    end: str = ""
    gaps_ms: tuple[int, ...] = ()
    keys: bool = False
    framed: bool = False

    @property
    def body(self) -> str:
        """The text without what ended it."""
        return self.text.rstrip(_ENDS).lstrip("\x02\n")


def observed(text: str, data: bytes = b"") -> Observation:
    """What a device sent whose bytes are known, or only their text."""
    shown = data.decode("latin-1") if data else text
    body = shown.rstrip(_ENDS)
    start = "\x02" if body.startswith("\x02") else ""
    return Observation(shown, data, start + shown[len(body) :])


@unique
class Verdict(StrEnum):
    """What became of one scan."""

    RIGHT = "right"
    CHANGED = "changed"  # known again, though it arrived changed
    OTHER = "other"  # another code of the sheet
    STRANGE = "strange"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Seen:
    """One code of the sheet and what arrived for it; None where it was skipped."""

    step: Step
    observation: Observation | None


@dataclass(frozen=True, slots=True)
class DoctorState:
    """How far the examination is. `verdict` is about the newest scan; `other` is the code that it was."""

    seen: tuple[Seen, ...] = ()
    tries: int = 0
    newest: Observation | None = None
    verdict: Verdict | None = None
    other: Step | None = None

    @property
    def step(self) -> Step | None:
        """The code to scan now; None when all are done."""
        return STEPS[len(self.seen)] if len(self.seen) < len(STEPS) else None


def examine(state: DoctorState, observation: Observation) -> DoctorState:
    """The state after one more scan; the same state when all are done."""
    step = state.step
    if step is None:
        return state
    verdict, other = judge(step, observation)
    state = replace(state, newest=observation, verdict=verdict, other=other)
    if verdict is Verdict.OTHER:
        return state
    if verdict is Verdict.STRANGE and state.tries + 1 < TRIES:
        return replace(state, tries=state.tries + 1)
    return replace(state, seen=(*state.seen, Seen(step, observation)), tries=0)


def skip(state: DoctorState) -> DoctorState:
    """The state after a code that this scanner cannot read."""
    step = state.step
    if step is None:
        return state
    return replace(
        state, seen=(*state.seen, Seen(step, None)), tries=0, newest=None, verdict=Verdict.SKIPPED, other=None
    )


def judge(step: Step, observation: Observation) -> tuple[Verdict, Step | None]:
    """Whether this is the code of the step, and which other one it is."""
    best = _best(step, observation)
    if best is not None and not best.lost:
        plain = not AIM.sub("", best.head, 1).strip("\x1d") and best.typing == Typing() and best.between in ("", "\x1d")
        return (Verdict.RIGHT if plain else Verdict.CHANGED), None
    for other in STEPS:
        found = _best(other, observation) if other is not step else None
        if found is not None and not found.lost:
            return Verdict.OTHER, other
    return (Verdict.CHANGED if best is not None else Verdict.STRANGE), None


def _best(step: Step, observation: Observation) -> Match | None:
    """The reading with the fewest losses, the plainest first."""
    found = [one for typing in typings(observation) if (one := match_step(step, observation, typing)) is not None]
    return min(found, key=lambda one: one.lost, default=None)


def match_step(step: Step, observation: Observation, typing: Typing, heads: tuple[str, ...] = ()) -> Match | None:
    """How the scan is this code of the sheet, typed like that."""
    pieces = CODES[step].pieces
    for body in bodies(step, observation):
        found = match(pieces, body, typing, heads)
        if found is not None:
            return found
    return None


def bodies(step: Step, observation: Observation) -> tuple[str, ...]:
    """The texts that the scan may be: for letters beyond ASCII, in each code page that we know."""
    if step is not Step.LETTERS or not observation.data:
        return (observation.body,)
    raw = observation.data.strip(b"\x02\x03\r\n\t")
    return tuple(raw.decode(page, "replace") for page in CODE_PAGES)


CODE_PAGES = ("utf-8", "cp1252", "cp437")


def typings(observation: Observation) -> Iterator[Typing]:
    """The ways in which a scan may have been changed: only keys depend on the computer's language."""
    for layout in Layout if observation.keys else (Layout.US,):
        for fold in Fold:
            yield Typing(layout, fold)
