"""`python -m tools.fuzz_scans --count 10000000 --seed 1`: reads byte strings that no scanner should send.

Random bytes, real codes with faults, and soups of GS1 identifiers. Prints how many were read and what they were taken
for. The exit status is 1 when one raised or gave something that cannot be stored; it is printed with its seed.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass

from app.domain.barcodes import CodeKind, read_code
from app.domain.gs1_identifiers import CODES, Part, Signs, check_digit, identifier_of

BATCH = 50_000
SEEDS: tuple[bytes, ...] = (
    b"5901234123457",
    b"036000291452",
    b"04252614",
    b"96385074",
    b"15901234123454",
    b"106141412345678908",
    b"]C10107032069804988100329\x1d1721052621ABC-1\r\n",
    b"]d2010590123412345710LOT\x1d21SERIAL\x1d30100\x1d3103001794",
    b"(00)106141412345678908(02)00614141123452(37)25(10)ABC123",
    b"https://id.gs1.org/01/07032069804988/10/0329?15=210526&37=25",
    b"]Q3https://example.com/gtin/614141123452/lot/A%2FB/ser/7?99=X",
    b"]E402345673|]e0991234\x1d10AB",
    b"PW-OK\r",
    b"T-0117",
    b"#1042",
    b"A-03-12-2",
    b"85123A\t",
    b"0107032069804988100329~17210526",
    b"0107032069804988100329{GS}17210526",
    "GRÖSSE ñ 42".encode(),
    "GRÖSSE ñ 42".encode("cp1252"),
)
_SIGNS = b"0123456789()]CdQeE^~|/?&=%#-+.;: \x00\x02\x03\t\n\r\x1d\x7f\x80\xa0\xc3\xff\xef\xbb\xbf\xed\xa0\x80"
_IDENTIFIERS = tuple(filter(None, map(identifier_of, CODES)))
_COMMON = tuple(
    one for one in _IDENTIFIERS if one.code in ("00", "01", "02", "10", "11", "15", "17", "21", "30", "37", "3103")
)
_STARTS = (b"", b"]C1", b"]C1", b"]d2", b"]Q3", b"]e0", b"\x1d", b"(", b"https://a.b/", b"HTTP://x/")
_BETWEEN = (b"\x1d", b"", b"~", b"{GS}", b"(", b")", b"/", b"&", b"=", b"?")
SEPARATORS = ((), ("~",), ("{GS}", "~"), ("",))


@dataclass(frozen=True, slots=True)
class Told:
    """What one batch came to: what codes were taken for, and the first that went wrong."""

    kinds: Counter[CodeKind]
    fault: str = ""


def byte_strings(seed: int, count: int) -> Iterator[bytes]:
    """As many byte strings; the same for the same seed."""
    dice = random.Random(seed)
    for _ in range(count):
        sort = dice.random()
        if sort < 0.2:
            yield dice.randbytes(dice.randrange(60))
        elif sort < 0.3:
            yield bytes(dice.choices(_SIGNS, k=dice.randrange(40)))
        elif sort < 0.65:
            yield _faulty(dice, dice.choice(SEEDS))
        else:
            yield _soup(dice)


def _faulty(dice: random.Random, code: bytes) -> bytes:
    changed = bytearray(code)
    for _ in range(dice.randrange(1, 5)):
        place = dice.randrange(len(changed) + 1)
        match dice.randrange(6):
            case 0 if place < len(changed):
                del changed[place]
            case 1 if place < len(changed):
                changed[place] = dice.choice(_SIGNS)
            case 2:
                changed.insert(place, dice.choice(_SIGNS))
            case 3:
                changed[place:place] = changed[: dice.randrange(8)]
            case 4:
                changed += dice.choice(SEEDS)
            case _:
                del changed[place:]
    return bytes(changed)


def _soup(dice: random.Random) -> bytes:
    pieces = [dice.choice(_STARTS)]
    for _ in range(dice.randrange(1, 6)):
        identifier = dice.choice(_COMMON) if dice.random() < 0.5 else dice.choice(_IDENTIFIERS)
        value = "".join(_data(dice, part) for part in identifier.parts).encode()
        if dice.random() < 0.1:
            value = bytes(dice.choices(_SIGNS, k=dice.randrange(12)))
        pieces += [identifier.code.encode(), value, b"\x1d" if dice.random() < 0.7 else dice.choice(_BETWEEN)]
    return b"".join(pieces)


def _data(dice: random.Random, part: Part) -> str:
    """Data that mostly fit one part of an identifier: its length, its signs, a check digit, a day."""
    length = dice.randint(part.shortest, part.longest)
    if part.signs is not Signs.DIGITS:
        return "".join(dice.choices("ABCXYZabc0123456789-/.", k=length))
    if length == 6:
        return f"{dice.randrange(100):02d}{dice.randint(1, 12):02d}{dice.randrange(29):02d}"
    digits = "".join(dice.choices("0123456789", k=length))
    return digits[:-1] + check_digit(digits[:-1]) if dice.random() < 0.8 else digits


def fault_of(raw: bytes, separators: Sequence[str]) -> tuple[CodeKind, str]:
    """What a byte string is taken for, and what is wrong with that; empty when nothing is."""
    code = read_code(raw, separators)
    texts = (code.raw, code.text, *code.keys, code.lot or "", code.serial or "")
    if any("\0" in text for text in texts):
        return code.kind, "a NUL is left"
    "".join(texts).encode("utf-8")
    if (code.kind is CodeKind.EMPTY) != (not code.keys) or len(set(code.keys)) != len(code.keys) or len(code.keys) > 4:
        return code.kind, f"keys {code.keys}"
    if code.gtin is not None and not (len(code.gtin) == 14 and code.gtin.isascii() and code.gtin.isdigit()):
        return code.kind, f"GTIN {code.gtin!r}"
    return code.kind, ""


def batch(told: tuple[int, int]) -> Told:
    """Reads one batch of a seed."""
    seed, count = told
    kinds: Counter[CodeKind] = Counter()
    for number, raw in enumerate(byte_strings(seed, count)):
        try:
            kind, wrong = fault_of(raw, SEPARATORS[number % len(SEPARATORS)])
        except Exception as error:  # noqa: BLE001 - finding these is what it is for
            return Told(kinds, f"{raw!r} (seed {seed}, number {number}): {type(error).__name__}: {error}")
        if wrong:
            return Told(kinds, f"{raw!r} (seed {seed}, number {number}): {wrong}")
        kinds[kind] += 1
    return Told(kinds)


def main(arguments: Sequence[str] | None = None) -> int:
    """Reads all, in as many processes as asked."""
    parser = argparse.ArgumentParser(prog="python -m tools.fuzz_scans", description=__doc__)
    parser.add_argument("--count", type=int, default=10_000_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    asked = parser.parse_args(arguments)
    batches = [
        (asked.seed * 1_000_000 + number, min(BATCH, asked.count - first))
        for number, first in enumerate(range(0, asked.count, BATCH))
    ]
    began = time.perf_counter()
    kinds: Counter[CodeKind] = Counter()
    faults = []
    with ProcessPoolExecutor(asked.processes) as pool:
        for told in pool.map(batch, batches):
            kinds.update(told.kinds)
            if told.fault:
                faults.append(told.fault)
                print(told.fault)
    took = time.perf_counter() - began
    print(f"{kinds.total():,} byte strings in {took:.0f} s, {len(faults)} faults")
    print(", ".join(f"{kind.value} {count:,}" for kind, count in kinds.most_common()))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
