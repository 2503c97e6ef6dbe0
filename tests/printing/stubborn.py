"""Printers of TSPL and EPL2 on a TCP port that behave as their makers and users describe, bad ways included.

They share nothing with the program: commands are cut and answered here from the printers' manuals.
"""

from __future__ import annotations

import contextlib
import re
import socket
import threading
from dataclasses import dataclass, field
from typing import ClassVar, Self

_PICTURE = re.compile(rb"(?:BITMAP \d+,\d+,(\d+),(\d+),\d,|GW\d+,\d+,(\d+),(\d+),)")


@dataclass
class StubbornPrinter:
    """Takes connections one after the other and reads each to its end, command by command."""

    labels: int = 100
    """Its label counter: it has printed before."""
    swallows: bool = False
    commands: list[bytes] = field(default_factory=list)
    language: ClassVar[str] = ""

    def __enter__(self) -> Self:
        self._server = socket.create_server(("127.0.0.1", 0))
        self.uri = f"tcp://127.0.0.1:{self._server.getsockname()[1]}?language={self.language}"
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        with contextlib.suppress(OSError):
            self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()
        self._thread.join(10)

    def command(self, line: bytes) -> bytes | None:
        """The answer to one command; None when nothing more of this connection is listened to."""
        raise NotImplementedError

    def at_once(self, kept: bytes) -> tuple[int, bytes]:
        """How many bytes at the front are asked at any time, and the answer."""
        return 0, b""

    def _serve(self) -> None:
        while True:
            try:
                line, _address = self._server.accept()
            except OSError:
                return
            with line, contextlib.suppress(OSError):
                self._listen(line)

    def _listen(self, line: socket.socket) -> None:
        kept, deaf = b"", False
        while piece := line.recv(65536):
            kept += piece
            while kept and not deaf:
                taken, said = self.at_once(kept)
                if not taken:
                    taken = self._length(kept)
                    if not taken:
                        break
                    answer = self.command(kept[:taken].strip(b"\r\n"))
                    deaf, said = answer is None, answer or b""
                kept = kept[taken:]
                if said:
                    line.sendall(said)

    @staticmethod
    def _length(kept: bytes) -> int:
        """Bytes of the command at the front with its line end; 0 while it is not whole."""
        picture = _PICTURE.match(kept)
        dots = 0
        if picture is not None:
            width, height = (int(number) for number in picture.groups() if number is not None)
            dots = picture.end() + width * height
        end = kept.find(b"\n", dots)
        return end + 1 if end >= 0 else 0


class Tsc(StubbornPrinter):
    """TSPL. One that has no counter either ignores the question, or throws away what follows an unknown command."""

    language = "tspl"
    counts = True
    throws_away = False
    sticks = False
    """Whether it does nothing more that has to wait for its turn once it was told to print."""
    _KNOWN = re.compile(rb"SIZE |GAP |BLINE |DIRECTION |REFERENCE |CLS$|BAR |BITMAP |PRINT |$")

    def at_once(self, kept: bytes) -> tuple[int, bytes]:
        """Status, whatever it does."""
        if kept.startswith(b"\x1b!?"):
            return 3, b"\0"
        return (3, b"\x02@@@@\x03\r\n") if kept.startswith(b"\x1b!S") else (0, b"")

    def command(self, line: bytes) -> bytes | None:
        """Prints, or tells its counter."""
        self.commands.append(line)
        if line == b"OUT @LABEL" and self.counts:
            return f"{self.labels}\r\n".encode("ascii")
        if not self._KNOWN.match(line):
            return None if self.throws_away else b""
        if line.startswith(b"PRINT ") and self.sticks:
            self.counts = False
        elif line.startswith(b"PRINT ") and not self.swallows:
            sets, copies = line[6:].split(b",")
            self.labels += int(sets) * int(copies)
        return b""


class Epl(StubbornPrinter):
    """EPL2. It tells a command that it did not know with the next `^ee`, and forgets that with the next picture."""

    language = "epl2"
    error = 0
    damages = False
    """Whether a byte of a job gets lost on the way, as on a serial line without flow control."""
    fine_for: int | None = None
    """So many questions after a label it says that all is well, and then that its paper is out."""

    def command(self, line: bytes) -> bytes | None:
        """Prints, or tells its error."""
        self.commands.append(line)
        if line == b"^ee" and self.fine_for is not None and self.labels > 100:
            self.fine_for -= 1
            return b"07P001\r\n" if self.fine_for < 0 else b"00\r\n"
        if line == b"^ee":
            return f"{self.error:02}\r\n".encode("ascii")
        if line == b"N":
            self.error = 0
        elif line.startswith(b"P") and self.damages:
            self.error = 1
        elif line.startswith(b"P"):
            self.labels += 1
        return b""
