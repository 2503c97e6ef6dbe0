"""A scanner without hardware: bytes on a cable, as a real one sends them, with all its bad habits."""

from __future__ import annotations

from dataclasses import dataclass

from app.devices.simulated.lines import Line


@dataclass(frozen=True, slots=True)
class SentAs:
    """How a simulated scanner is set up: what it puts before and behind each code, and what it sends for FNC1.

    `aim` is sent before each code, `]C1` for example. `parity` sets the highest bit as a port with seven bits and
    parity does: `even`, `odd` or none.
    """

    prefix: bytes = b""
    suffix: bytes = b"\r"
    fnc1: bytes = b"\x1d"
    aim: str = ""
    encoding: str = "utf-8"
    parity: str = "none"

    def bytes_of(self, code: str) -> bytes:
        """The bytes of one code; the group separator in it stands for FNC1."""
        body = self.aim.encode("ascii") + self.fnc1.join(part.encode(self.encoding) for part in code.split("\x1d"))
        whole = self.prefix + body + self.suffix
        return whole if self.parity == "none" else bytes(_with_parity(each, self.parity == "odd") for each in whole)


class SimSerialScanner:
    """The gun at the far end of a line. All its methods may be called from any thread."""

    def __init__(self, line: Line, sent_as: SentAs | None = None) -> None:
        self.line = line
        self.sent_as = sent_as or SentAs()

    @property
    def uri(self) -> str:
        """What the station is told to open, without options."""
        return self.line.uri

    def scan(self, code: str) -> bytes:
        """Reads one code; gives the bytes that were sent."""
        data = self.sent_as.bytes_of(code)
        self.line.send(data)
        return data

    def burst(self, codes: list[str]) -> bytes:
        """Reads many codes without a pause, as one with a memory does when it comes back into range."""
        data = b"".join(map(self.sent_as.bytes_of, codes))
        self.line.send(data)
        return data

    def half(self, code: str) -> bytes:
        """Sends the first half of a code and falls silent; gives what is still to come, for `send`."""
        data = self.sent_as.bytes_of(code)
        self.line.send(data[: len(data) // 2])
        return data[len(data) // 2 :]

    def losing(self, code: str, lost: int) -> bytes:
        """Reads a code and loses one of its bytes on the way, counted from 0; gives what was sent."""
        data = self.sent_as.bytes_of(code)
        data = data[:lost] + data[lost + 1 :]
        self.line.send(data)
        return data

    def in_pieces(self, code: str) -> bytes:
        """Reads a code and sends it byte by byte."""
        data = self.sent_as.bytes_of(code)
        for at in range(len(data)):
            self.line.send(data[at : at + 1])
        return data

    def send(self, data: bytes) -> None:
        """Puts any bytes on the cable."""
        self.line.send(data)

    def unplug(self) -> None:
        """Pulls the cable."""
        self.line.unplug()

    def plug_in(self) -> None:
        """Puts it back."""
        self.line.plug_in()

    def close(self) -> None:
        """Ends it for good."""
        self.line.close()


def _with_parity(byte: int, odd: bool) -> int:
    low = byte & 0x7F
    return low | (0x80 if low.bit_count() % 2 != odd else 0)
