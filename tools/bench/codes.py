"""A scan as text, read into what it may be: the time before anybody is asked what it names."""

from __future__ import annotations

import time

from app.domain.barcodes import read_code
from tools.bench.context import Context
from tools.bench.results import Result, times

PLAIN_US = 50.0
PLAIN = ("5901234123457", "036000291452", "96385074", "15901234123454", "T-0117", "PW-OK", "#1042", "1042", "85123A")
LONG = (
    "]C10107032069804988100329\x1d1721052621ABC-1",
    "(00)106141412345678908(02)00614141123452(37)25(10)ABC123",
    "https://id.gs1.org/01/07032069804988/10/0329?15=210526&37=25",
)


def measure(context: Context) -> list[Result]:
    """Plain codes, for which a time is promised, and those with many parts beside them."""
    rounds = context.times(2000, 200)
    return [
        times("scan decoded, a plain code", 0, "", _microseconds(PLAIN, rounds), median=PLAIN_US, unit="us"),
        times("scan decoded, a code of many parts", 0, "", _microseconds(LONG, rounds), unit="us"),
    ]


def _microseconds(codes: tuple[str, ...], rounds: int) -> list[float]:
    spent = []
    for _ in range(rounds):
        for code in codes:
            began = time.perf_counter_ns()
            read_code(code)
            spent.append((time.perf_counter_ns() - began) / 1000)
    return spent
