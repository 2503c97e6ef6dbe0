"""Several scanners at one station: each is told apart by its address, and all send to whoever listens."""

from __future__ import annotations

from urllib.parse import parse_qs

from app.domain.device_ports import DeviceState, OnNotice, OnScan, Scanner


def scanners_of(scanner: Scanner | None) -> tuple[Scanner, ...]:
    """The single scanners of a station."""
    if scanner is None:
        return ()
    return scanner.scanners if isinstance(scanner, ScannerGroup) else (scanner,)


def station_of(uri: str) -> str:
    """The station whose work a scanner does, by the option `station`; empty for the one it is plugged in at."""
    return _option(uri, "station")


def name_of(uri: str) -> str:
    """What people call a scanner: its option `name`, else its address without options."""
    return _option(uri, "name") or uri.partition("?")[0]


def _option(uri: str, name: str) -> str:
    options = uri.partition("?")[2]
    if name not in options and "%" not in options:  # as a rule, and each scan asks
        return ""
    return "".join(parse_qs(options).get(name, [])[:1]).strip()


class ScannerGroup:
    """Implements `Scanner` over several: its state is the one that needs a hand most."""

    def __init__(self, scanners: tuple[Scanner, ...]) -> None:
        self.scanners = scanners

    @property
    def uri(self) -> str:
        """All addresses, one a line."""
        return "\n".join(scanner.uri for scanner in self.scanners)

    @property
    def state(self) -> DeviceState:
        """Ready when all are, down when all are, else attention."""
        states = {scanner.state for scanner in self.scanners}
        return states.pop() if len(states) == 1 else DeviceState.ATTENTION

    def start(self, on_scan: OnScan, on_notice: OnNotice | None = None) -> None:
        """Starts all."""
        for scanner in self.scanners:
            scanner.start(on_scan, on_notice)

    def stop(self) -> None:
        """Stops all."""
        for scanner in self.scanners:
            scanner.stop()
