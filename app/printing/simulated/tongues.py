"""What a simulated printer makes of the bytes it gets: questions about itself, and labels."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar, Protocol

from app.domain.print_ports import PrinterStatus, PrintLanguage
from app.printing import epl_status, tspl_status, zebra_status
from app.printing.label_count import zpl_labels


class Question(StrEnum):
    """What it can be asked, or told to do at once."""

    STATUS = "status"
    ERRORS = "errors"
    COUNT = "count"
    UNKNOWN_NAME = "unknown-name"
    CANCEL_ALL = "cancel-all"
    PAUSE = "pause"
    GO_ON = "go-on"


@dataclass(frozen=True, slots=True)
class HeardLabel:
    """One format, as it came, and how many labels it makes."""

    data: bytes
    copies: int


Heard = Question | HeardLabel


class Tongue(Protocol):
    """A printer's language: it is fed the bytes of one connection."""

    def take(self, data: bytes) -> list[Heard]:
        """What has become complete with these bytes."""

    def unfinished(self) -> bytes:
        """What came of a label whose end is not here yet."""

    def forget(self) -> bytes:
        """What came of a label and never ended; the next byte begins anew."""

    def reply(self, question: Question, status: PrinterStatus, count: int) -> bytes:
        """The bytes of its answer; empty for none."""


class ZplTongue:
    """ZPL: formats from `^XA` to `^XZ`, and questions between them."""

    _TOKEN = re.compile(rb'\^XA|~HS|~HQES|~JA|~PP|~PS|! U1 getvar "([^"\r\n]*)"\r\n')
    _QUESTIONS: ClassVar[Mapping[bytes, Question]] = {
        b"~HS": Question.STATUS,
        b"~HQES": Question.ERRORS,
        b"~JA": Question.CANCEL_ALL,
        b"~PP": Question.PAUSE,
        b"~PS": Question.GO_ON,
        b"odometer.total_label_count": Question.COUNT,
    }
    _LONGEST = 128
    """Bytes of a token that may still be on its way."""

    def __init__(self) -> None:
        self._kept = bytearray()
        self._looked = 0

    def take(self, data: bytes) -> list[Heard]:
        """What has become complete with these bytes."""
        self._kept += data
        heard: list[Heard] = []
        while (one := self._next()) is not None:
            heard.append(one)
        return heard

    def _next(self) -> Heard | None:
        if not self._kept.startswith(b"^XA"):
            found = self._TOKEN.search(self._kept)
            if found is None:
                del self._kept[: max(0, len(self._kept) - self._LONGEST)]
                return None
            token, name = bytes(found[0]), found[1]
            if token != b"^XA":
                del self._kept[: found.end()]
                return self._QUESTIONS.get(bytes(name) if name is not None else token, Question.UNKNOWN_NAME)
            del self._kept[: found.start()]
            self._looked = 0
        end = self._kept.find(b"^XZ", self._looked)
        if end < 0:
            self._looked = max(0, len(self._kept) - 2)
            return None
        label = bytes(self._kept[: end + 3])
        del self._kept[: end + 3]
        self._looked = 0
        return HeardLabel(label, zpl_labels(label[3:-3]))

    def unfinished(self) -> bytes:
        """What came of a label whose end is not here yet."""
        return bytes(self._kept) if self._kept.startswith(b"^XA") else b""

    def forget(self) -> bytes:
        """What came of a label and never ended."""
        left = self.unfinished()
        self._kept.clear()
        self._looked = 0
        return left

    def reply(self, question: Question, status: PrinterStatus, count: int) -> bytes:
        """Three framed lines, flags, or a quoted value."""
        if question is Question.STATUS:
            return zebra_status.answer(status)
        if question is Question.ERRORS:
            return zebra_status.answer_errors(status)
        if question is Question.COUNT:
            return f'"{count}"\r\n'.encode("ascii")
        return b'"?"\r\n' if question is Question.UNKNOWN_NAME else b""


class LineTongue:
    """TSPL and EPL2: lines of text, of which one prints, with pictures whose bytes are counted."""

    def __init__(
        self,
        prints: re.Pattern[bytes],
        picture: re.Pattern[bytes],
        questions: dict[bytes, Question],
        answers: Callable[[Question, PrinterStatus, int], bytes],
    ) -> None:
        """`picture` has the groups `width` (bytes a row) and `height` (rows), and ends before the first byte."""
        self._prints, self._picture, self._questions, self._answers = prints, picture, questions, answers
        self._kept = bytearray()
        self._label = bytearray()

    def take(self, data: bytes) -> list[Heard]:
        """What has become complete with these bytes."""
        self._kept += data
        heard: list[Heard] = []
        while self._kept and self._step(heard):
            pass
        return heard

    def _step(self, heard: list[Heard]) -> bool:
        """Takes one question, picture or line; False when more bytes are wanted."""
        for token, question in self._questions.items():
            if self._kept.startswith(token):
                del self._kept[: len(token)]
                heard.append(question)
                return True
            if token.startswith(self._kept):
                return False
        picture = self._picture.match(self._kept)
        if picture:
            whole = picture.end() + int(picture["width"]) * int(picture["height"])
            return len(self._kept) >= whole and self._take_line(whole, heard)
        end = self._kept.find(b"\n")
        return end >= 0 and self._take_line(end + 1, heard)

    def _take_line(self, length: int, heard: list[Heard]) -> bool:
        line = bytes(self._kept[:length])
        del self._kept[:length]
        if line.strip() or self._label:
            self._label += line
        found = self._prints.match(line)
        if found:
            heard.append(HeardLabel(bytes(self._label), int(found[1]) * int(found[2] or 1)))
            self._label.clear()
        return True

    def unfinished(self) -> bytes:
        """What came of a label whose end is not here yet."""
        return bytes(self._label + self._kept)

    def forget(self) -> bytes:
        """What came of a label and never ended."""
        left = self.unfinished()
        self._label.clear()
        self._kept.clear()
        return left

    def reply(self, question: Question, status: PrinterStatus, count: int) -> bytes:
        """Its status or its label counter in its own form."""
        return self._answers(question, status, count)


class PageTongue:
    """PDF: each document up to its end mark is a job; such a printer does not speak."""

    _END = b"%%EOF"

    def __init__(self) -> None:
        self._kept = bytearray()

    def take(self, data: bytes) -> list[Heard]:
        """Nothing before the connection ends: a PDF may have several end marks."""
        self._kept += data
        return []

    def unfinished(self) -> bytes:
        """What came so far."""
        return bytes(self._kept)

    def forget(self) -> bytes:
        """What came in this connection."""
        left = bytes(self._kept)
        self._kept.clear()
        return left

    def reply(self, question: Question, status: PrinterStatus, count: int) -> bytes:
        """Nothing."""
        return b""


def _tspl_answer(question: Question, status: PrinterStatus, count: int) -> bytes:
    if question is Question.COUNT:
        return f"{count}\r\n".encode("ascii")
    return tspl_status.answer_short(status) if question is Question.STATUS else tspl_status.answer_long(status)


def tongue_of(language: PrintLanguage) -> Tongue:
    """A fresh one, for one connection."""
    if language is PrintLanguage.TSPL:
        return LineTongue(
            re.compile(rb"PRINT\s+(\d+)(?:\s*,\s*(\d+))?\s*$"),
            re.compile(rb"BITMAP\s+\d+\s*,\s*\d+\s*,\s*(?P<width>\d+)\s*,\s*(?P<height>\d+)\s*,\s*\d+\s*,"),
            {
                tspl_status.ASK: Question.STATUS,
                tspl_status.ASK_LONG: Question.ERRORS,
                tspl_status.ASK_COUNT.lstrip(): Question.COUNT,
            },
            _tspl_answer,
        )
    if language is PrintLanguage.EPL2:
        return LineTongue(
            re.compile(rb"P(\d+)(?:,(\d+))?\s*$"),
            re.compile(rb"GW\d+,\d+,(?P<width>\d+),(?P<height>\d+)(?:,|\r?\n)"),
            {b"^ee\r\n": Question.STATUS},
            lambda _question, status, _count: epl_status.answer(status),
        )
    return PageTongue() if language is PrintLanguage.PDF else ZplTongue()
