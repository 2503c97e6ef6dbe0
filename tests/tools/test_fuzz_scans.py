"""The fuzzer of scan decoding: the same seed gives the same strings, none raises, and it reaches every kind of code."""

from __future__ import annotations

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.barcodes import CodeKind
from tools.fuzz_scans import SEEDS, SEPARATORS, batch, byte_strings, fault_of, main


def test_a_seed_says_it_all() -> None:
    assert list(byte_strings(7, 50)) == list(byte_strings(7, 50)) != list(byte_strings(8, 50))


def test_many_strings_are_read_without_a_fault() -> None:
    told = batch((1, 8000))
    assert told.fault == ""
    assert told.kinds.total() == 8000
    least = Counter({CodeKind.GTIN: 200, CodeKind.GS1: 200, CodeKind.SSCC: 20, CodeKind.EMPTY: 50, CodeKind.PLAIN: 500})
    assert all(told.kinds[kind] >= count for kind, count in least.items())


def test_the_command_says_how_many() -> None:
    assert main(["--count", "500", "--processes", "1"]) == 0


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.binary(max_size=200), st.sampled_from(SEEDS)), st.binary(max_size=30), st.sampled_from(SEPARATORS))
def test_no_byte_string_raises(raw: bytes, more: bytes, separators: tuple[str, ...]) -> None:
    for text in (raw, raw + more, more + raw, raw[: len(more)] + more):
        assert fault_of(text, separators)[1] == ""
