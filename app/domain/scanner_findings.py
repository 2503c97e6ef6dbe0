"""What the scanner doctor found out: each with the setting of ours that mends it, or what to change at the scanner."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum, unique
from urllib.parse import parse_qsl, quote

from app.domain.keyboard_layouts import Layout
from app.domain.scanner_doctor import AIM, CODE_PAGES, CODES, DoctorState, Observation, Step, match_step, typings
from app.domain.scanner_typing import Fold, Match, Typing

_GS = "\x1d"
SLOW_MS, TOO_SLOW_MS = 50, 150
"""Most scanners type a character in less than the first; from the second on, hands are as quick."""
_TAKES = {
    "keyboard": ("suffix", "prefix", "layout", "fnc1"),
    "hid": ("prefix", "fnc1", "encoding"),
    "sim": (),
}
_BYTES = ("suffix", "prefix", "fnc1", "encoding")
_DEFAULTS = {"layout": "us", "fnc1": "gs", "encoding": "utf-8", "prefix": ""}


@unique
class Topic(StrEnum):
    """What a finding is about, in the order in which they are shown."""

    READ = "read"
    SUFFIX = "suffix"
    PREFIX = "prefix"
    LAYOUT = "layout"
    CASE = "case"
    LOST = "lost"
    FNC1 = "fnc1"
    AIM = "aim"
    TIMING = "timing"
    CODEPAGE = "codepage"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was found. `case` with the topic is its sentence; `good` needs nothing to be done.

    `options` are settings of ours that mend it. Where there are none, the sentence of advice says what to change at
    the scanner.
    """

    topic: Topic
    case: str
    good: bool
    values: dict[str, object] = field(default_factory=dict)
    options: tuple[tuple[str, str], ...] = ()

    @property
    def key(self) -> str:
        """Key of the sentence that says what was found."""
        return f"doctor.{self.topic.value}.{self.case}"

    @property
    def advice_key(self) -> str:
        """Key of the sentence that says what to do; only for findings that are not good."""
        return f"{self.key}.advice"


@dataclass(frozen=True, slots=True)
class _Examined:
    """All scans, read in the one way that explains most of them."""

    scans: dict[Step, Observation]
    matches: dict[Step, Match]
    missing: tuple[Step, ...]
    typing: Typing

    @property
    def keys(self) -> bool:
        return any(scan.keys for scan in self.scans.values())


def findings(state: DoctorState) -> tuple[Finding, ...]:
    """What the scans so far mean. Nothing where nothing was read."""
    scans = {seen.step: seen.observation for seen in state.seen if seen.observation is not None}
    if not scans:
        return ()
    typing, matches = _explained(scans)
    missing = tuple(seen.step for seen in state.seen if seen.step not in matches)
    told = _Examined(scans, matches, missing, typing)
    made = (_read, _suffix, _prefix, _layout, _case, _lost, _fnc1, _aim, _timing, _codepage)
    return tuple(finding for make in made for finding in make(told))


def mended(uri: str, found: Iterable[Finding]) -> str:
    """The scanner's address with the settings that mend what was found; others stay as they are."""
    place, _, query = uri.partition("?")
    scheme = place.partition(":")[0].lower()
    before = dict(parse_qsl(query, keep_blank_values=True))
    options = dict(before)
    for finding in found:
        for name, value in finding.options:
            # What such a scanner sends is seen only with its settings applied: those that work are kept.
            works = scheme == "hid" and _DEFAULTS.get(name) == value
            if name in _TAKES.get(scheme, _BYTES) and not works:
                options[name] = value
    defaults = _DEFAULTS | ({"suffix": "key"} if scheme == "keyboard" else {})
    kept = {name: value for name, value in options.items() if defaults.get(name) != value}
    if kept == before:
        return uri
    written = "&".join(f"{name}={quote(value, safe='~:/,')}" for name, value in kept.items())
    return f"{place}?{written}" if written else place


def _explained(scans: dict[Step, Observation]) -> tuple[Typing, dict[Step, Match]]:
    """The typing under which most codes are known again, and fewest characters are missing; the plainest of equals."""
    best: tuple[Typing, dict[Step, Match]] = (Typing(), {})
    best_score: tuple[int, int] | None = None
    for typing in typings(next(iter(scans.values()))):
        whole = {step: found for step, scan in scans.items() if (found := match_step(step, scan, typing)) is not None}
        heads = tuple(dict.fromkeys(one.head for one in whole.values() if not one.lost and one.head))
        matches = {
            step: found for step, scan in scans.items() if (found := match_step(step, scan, typing, heads)) is not None
        }
        score = (len(matches), -sum(one.lost for one in matches.values()))
        if best_score is None or score > best_score:
            best, best_score = (typing, matches), score
    return best


def _read(told: _Examined) -> Iterable[Finding]:
    if not told.matches:
        return [Finding(Topic.READ, "none", False)]
    if not told.missing:
        return [Finding(Topic.READ, "all", True)]
    codes = ", ".join(str(step.number) for step in told.missing)
    flat = all(step in (Step.MATRIX, Step.LETTERS) for step in told.missing)
    return [Finding(Topic.READ, "flat" if flat else "some", flat, {"codes": codes})]


_SUFFIX_WORDS = {"\r": "cr", "\n": "lf", "\r\n": "crlf", "\t": "tab", "\x03": "etx", "\x02\x03": "stx-etx", "": "none"}


def _suffix(told: _Examined) -> Iterable[Finding]:
    if all(scan.framed for scan in told.scans.values()):
        return []
    ends = Counter(scan.end for scan in told.scans.values())
    if any(scan.text.startswith("\n") for scan in told.scans.values()):
        # The second half of CR LF came with the next read.
        ends = Counter("\r\n" if end == "\r" else end for end in ends.elements())
    if len(ends) > 1:
        names = ", ".join(sorted({_end_name(end) for end in ends}))
        return [Finding(Topic.SUFFIX, "mixed", False, {"suffixes": names})]
    end = next(iter(ends))
    word = _SUFFIX_WORDS.get(end)
    if word is None:
        return [Finding(Topic.SUFFIX, "other", False, {"suffix": _end_name(end)})]
    if told.keys:
        word = "none" if word == "none" else "key"
    if word == "none":
        return [Finding(Topic.SUFFIX, "none", False, {}, (("suffix", "none"),))]
    return [Finding(Topic.SUFFIX, "found", True, {"suffix": _end_name(end)}, (("suffix", word),))]


def _end_name(end: str) -> str:
    names = {"\r": "CR", "\n": "LF", "\t": "Tab", "\x02": "STX", "\x03": "ETX"}
    return " ".join(names.get(sign, f"{ord(sign):02X}") for sign in end) or "-"


def _head(found: Match) -> tuple[str, str]:
    """What stands before a code: the prefix, and the symbology identifier."""
    head = found.head.removesuffix(_GS)
    if found.between:
        head = head.removesuffix(found.between)
    aim = AIM.search(head)
    if aim is None:
        return head, ""
    return head[: aim.start()] + head[aim.end() :], aim.group()


def _prefix(told: _Examined) -> Iterable[Finding]:
    prefixes = {_head(found)[0] for found in told.matches.values() if not found.lost}
    if not prefixes or prefixes == {""}:
        return [Finding(Topic.PREFIX, "none", True, {}, (("prefix", ""),))] if prefixes else []
    if len(prefixes) > 1:
        return [Finding(Topic.PREFIX, "mixed", False, {"prefixes": ", ".join(sorted(filter(None, prefixes)))})]
    prefix = prefixes.pop()
    return [Finding(Topic.PREFIX, "found", True, {"prefix": prefix}, (("prefix", prefix),))]


def _layout(told: _Examined) -> Iterable[Finding]:
    if not told.keys or Step.KEYS not in told.matches:
        return []
    layout = told.typing.layout
    if layout is Layout.US:
        return [Finding(Topic.LAYOUT, "same", True, {}, (("layout", layout.value),))]
    return [Finding(Topic.LAYOUT, layout.value, True, {}, (("layout", layout.value),))]


def _case(told: _Examined) -> Iterable[Finding]:
    if Step.KEYS not in told.matches:
        return []
    fold = told.typing.fold
    return [Finding(Topic.CASE, fold.value, fold is Fold.KEEP)]


def _lost(told: _Examined) -> Iterable[Finding]:
    if not told.matches:
        return []
    lost = sum(found.lost for step, found in told.matches.items() if step is not Step.LETTERS)
    if not lost:
        return [Finding(Topic.LOST, "none", True)]
    whole = sum(len("".join(CODES[step].pieces)) for step in told.matches)
    return [Finding(Topic.LOST, "keys" if told.keys else "bytes", False, {"count": lost, "of": whole})]


def _fnc1(told: _Examined) -> Iterable[Finding]:
    between = {
        step: told.matches[step].between
        for step in (Step.GS1, Step.MATRIX)
        if step in told.matches and not told.matches[step].lost
    }
    if not between:
        return []
    different = set(between.values())
    if different == {_GS}:
        return [Finding(Topic.FNC1, "gs", True, {}, (("fnc1", "gs"),))]
    if different == {""}:
        return [Finding(Topic.FNC1, "missing", False)]
    if len(different) > 1:
        codes = ", ".join(str(step.number) for step, text in between.items() if not text)
        return [Finding(Topic.FNC1, "mixed", False, {"codes": codes or "-"})]
    sign = different.pop()
    return [Finding(Topic.FNC1, "sign", True, {"sign": sign}, (("fnc1", sign),))]


def _aim(told: _Examined) -> Iterable[Finding]:
    names = [_head(found)[1] for found in told.matches.values() if not found.lost]
    if not names:
        return []
    case = "on" if all(names) else "some" if any(names) else "off"
    return [Finding(Topic.AIM, case, case != "some")]


def _timing(told: _Examined) -> Iterable[Finding]:
    gaps = [gap for scan in told.scans.values() for gap in scan.gaps_ms]
    if not told.keys or not gaps:
        return []
    longest = max(gaps)
    if longest <= SLOW_MS:
        return [Finding(Topic.TIMING, "quick", True, {"ms": longest})]
    if longest > TOO_SLOW_MS:
        return [Finding(Topic.TIMING, "too_slow", False, {"ms": longest})]
    return [Finding(Topic.TIMING, "slow", True, {"ms": longest})]


def _codepage(told: _Examined) -> Iterable[Finding]:
    scan, found = told.scans.get(Step.LETTERS), told.matches.get(Step.LETTERS)
    if scan is None:
        return []
    if scan.data:
        raw = scan.data.strip(b"\x02\x03\r\n\t")
        text = "".join(CODES[Step.LETTERS].pieces)
        for page in CODE_PAGES:
            if raw.decode(page, "replace").endswith(text):
                return [Finding(Topic.CODEPAGE, "found", True, {"page": page}, (("encoding", page),))]
        return [Finding(Topic.CODEPAGE, "unknown", False)]
    if found is not None and not found.lost:
        return [Finding(Topic.CODEPAGE, "right", True)]
    return [Finding(Topic.CODEPAGE, "keys" if told.keys else "unknown", told.keys)]
