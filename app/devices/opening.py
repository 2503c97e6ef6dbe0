"""From a URI to a device, with a clear word where that is not possible."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import parse_qsl

from app.devices.scales import Seconds, SimScale
from app.devices.scanners import KeyboardScanner, SimScanner
from app.devices.wedge import WedgeDetector
from app.domain.clock import Clock
from app.domain.device_ports import Scale, Scanner
from app.domain.errors import BadUseError

SCANNER_SCHEMES = ("keyboard", "sim")
SCALE_SCHEMES = ("sim",)
_NOT_YET = frozenset({"serial", "evdev", "hid"})


def open_scanner(uri: str, make_id: Callable[[], str], clock: Clock) -> Scanner:
    """The scanner of a URI: `keyboard:`, `keyboard:?suffix=none`, `sim:`.

    Raises BadUseError for a scheme that this build lacks and for an option that nobody knows.
    """
    scheme, options = _parts(uri)
    if scheme == "keyboard":
        suffix = options.pop("suffix", "key")
        if suffix not in ("key", "none"):
            raise BadUseError("device.option_wrong", uri=uri, option="suffix", allowed="key, none")
        _no_more(uri, options)
        return KeyboardScanner(uri, make_id, clock, WedgeDetector(ends_with_key=suffix == "key"))
    if scheme == "sim":
        _no_more(uri, options)
        return SimScanner(uri, make_id, clock)
    raise _unknown(uri, scheme, "scanner", SCANNER_SCHEMES)


def open_scale(uri: str, now: Seconds) -> Scale:
    """The scale of a URI: `sim:`, `sim:?seed=3&settle=600`, which is milliseconds until the needle stands.

    `now` is the monotonic clock, in seconds.

    Raises BadUseError for a scheme that this build lacks and for an option that nobody knows.
    """
    scheme, options = _parts(uri)
    if scheme == "sim":
        seed, settle = _number(uri, options, "seed", 1), _number(uri, options, "settle", 600)
        _no_more(uri, options)
        return SimScale(uri, now, seed=seed, settle_seconds=settle / 1000)
    raise _unknown(uri, scheme, "scale", SCALE_SCHEMES)


def _parts(uri: str) -> tuple[str, dict[str, str]]:
    scheme, colon, rest = uri.partition(":")
    if not colon:
        raise BadUseError("device.no_scheme", uri=uri)
    return scheme.strip().lower(), dict(parse_qsl(rest.partition("?")[2], keep_blank_values=True))


def _number(uri: str, options: dict[str, str], name: str, default: int) -> int:
    text = options.pop(name, str(default))
    if not (text.isascii() and text.isdigit() and len(text) <= 9):
        raise BadUseError("device.option_wrong", uri=uri, option=name, allowed="0, 1, 2, ...")
    return int(text)


def _no_more(uri: str, options: dict[str, str]) -> None:
    if options:
        raise BadUseError("device.option_unknown", uri=uri, option=", ".join(sorted(options)))


def _unknown(uri: str, scheme: str, device: str, known: tuple[str, ...]) -> BadUseError:
    """A scheme of the documentation that is not built yet is said to be so, and never taken for a slip of the pen."""
    schemes = ", ".join(f"{each}:" for each in known)
    code = f"device.{device}_not_yet" if scheme in _NOT_YET else f"device.{device}_unknown"
    return BadUseError(code, uri=uri, scheme=f"{scheme}:", known=schemes)
