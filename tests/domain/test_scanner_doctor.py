"""The scanner doctor finds each setting of a scanner from the scans of one sheet."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.devices.opening import open_scanner
from app.domain.clock import utc_now
from app.domain.keyboard_layouts import Layout
from app.domain.scanner_doctor import STEPS, DoctorState, Observation, Step, Verdict, examine, observed, skip
from app.domain.scanner_findings import Finding, Topic, findings, mended
from app.domain.scanner_typing import Fold
from app.domain.words import catalogue, say
from tests.domain.scanner_simulation import Gun, examined


def found(gun: Gun) -> dict[Topic, Finding]:
    state = examined(gun)
    assert state.step is None
    told = findings(state)
    for finding in told:
        assert say(finding.key, **finding.values)
        if not finding.good:
            assert finding.advice_key in catalogue()
    return {finding.topic: finding for finding in told}


def cases(gun: Gun) -> dict[Topic, str]:
    return {topic: finding.case for topic, finding in found(gun).items()}


def settings_for(gun: Gun, uri: str) -> str:
    return mended(uri, findings(examined(gun)))


def test_a_scanner_that_is_as_it_should_be() -> None:
    state = DoctorState()
    for step in STEPS:
        scan = Gun().scan(step)
        assert scan is not None and state.step is step
        state = examine(state, scan)
        assert state.verdict is Verdict.RIGHT
    assert cases(Gun()) == {
        Topic.READ: "all",
        Topic.SUFFIX: "found",
        Topic.PREFIX: "none",
        Topic.CASE: "keep",
        Topic.LOST: "none",
        Topic.FNC1: "gs",
        Topic.AIM: "off",
        Topic.CODEPAGE: "found",
    }


@pytest.mark.parametrize(
    ("sent", "word"),
    [
        ("\r", "cr"),
        ("\n", "lf"),
        ("\r\n", "crlf"),
        ("\t", "tab"),
        ("\x03", "etx"),
        ("", "none"),
    ],
)
def test_what_ends_a_code(sent: str, word: str) -> None:
    finding = found(Gun(suffix=sent))[Topic.SUFFIX]
    assert finding.options == (("suffix", word),)
    assert finding.good == (word != "none")
    keys = found(Gun(suffix=sent, keys=True))[Topic.SUFFIX]
    assert keys.options == (("suffix", "none" if word == "none" else "key"),)


def test_a_code_between_stx_and_etx() -> None:
    assert found(Gun(prefix="\x02", suffix="\x03"))[Topic.SUFFIX].options == (("suffix", "stx-etx"),)


def test_cr_and_lf_in_two_reads() -> None:
    state = DoctorState()
    for number, step in enumerate(STEPS):
        scan = Gun().scan(step)
        assert scan is not None
        state = examine(state, observed("", (b"\n" if number else b"") + scan.data))
    by_topic = {finding.topic: finding for finding in findings(state)}
    assert by_topic[Topic.SUFFIX].options == (("suffix", "crlf"),)


@pytest.mark.parametrize("layout", [layout for layout in Layout if layout is not Layout.US])
@pytest.mark.parametrize("fold", [Fold.KEEP, Fold.SWAP])
@pytest.mark.parametrize("aim", [False, True])
def test_layouts(layout: Layout, fold: Fold, aim: bool) -> None:
    told = found(Gun(keys=True, layout=layout, fold=fold, aim=aim, prefix="X7"))
    assert told[Topic.LAYOUT].options == (("layout", layout.value),)
    assert told[Topic.CASE].case == fold.value
    assert told[Topic.PREFIX].options == (("prefix", "X7"),)
    assert told[Topic.AIM].case == ("on" if aim else "off")
    assert told[Topic.FNC1].case == "gs"
    assert told[Topic.CODEPAGE].case == "keys"


@pytest.mark.parametrize("fold", [Fold.UPPER, Fold.LOWER])
@pytest.mark.parametrize("keys", [False, True])
def test_a_scanner_that_changes_letters(fold: Fold, keys: bool) -> None:
    if keys:
        assert cases(Gun(keys=True, fold=fold))[Topic.CASE] == fold.value
        return
    state = DoctorState()
    for step in STEPS:
        text = Gun().sent(step)
        changed = text.upper() if fold is Fold.UPPER else text.lower()
        state = examine(state, observed("", f"{changed}\r".encode()))
    assert {one.topic: one.case for one in findings(state)}[Topic.CASE] == fold.value


@pytest.mark.parametrize("sign", ["~", "{GS}", "|", "^", "\\F"])
@pytest.mark.parametrize("keys", [False, True])
def test_what_stands_for_fnc1(sign: str, keys: bool) -> None:
    told = found(Gun(fnc1=sign, keys=keys))
    assert told[Topic.FNC1].options == (("fnc1", sign),)
    assert found(Gun(fnc1=sign, keys=keys, aim=True))[Topic.FNC1].options == (("fnc1", sign),)


def test_fnc1_on_another_layout() -> None:
    assert found(Gun(keys=True, layout=Layout.DE, fnc1="~"))[Topic.FNC1].options == (("fnc1", "~"),)
    # French computers show nothing for this sign: it is not there, and the doctor says so.
    assert found(Gun(keys=True, layout=Layout.FR, fnc1="~"))[Topic.FNC1].case == "missing"
    assert found(Gun(fnc1=""))[Topic.FNC1].case == "missing"


def test_symbology_identifiers() -> None:
    told = found(Gun(aim=True))
    assert (told[Topic.AIM].case, told[Topic.PREFIX].case) == ("on", "none")


def arrived(gun: Gun) -> int:
    """How many characters of the bars arrive, separators aside."""
    scans = [gun.scan(step) for step in STEPS if step is not Step.LETTERS]
    return sum(len(scan.body.replace("\x1d", "")) for scan in scans if scan is not None)


@pytest.mark.parametrize("loses", [4, 7, 11])
def test_lost_characters(loses: int) -> None:
    finding = found(Gun(keys=True, loses=loses))[Topic.LOST]
    assert (finding.case, finding.good) == ("keys", False)
    whole, left = arrived(Gun(keys=True)), arrived(Gun(keys=True, loses=loses))
    assert finding.values["count"] == whole - left
    assert found(Gun(keys=True, loses=loses, layout=Layout.DE))[Topic.LAYOUT].case == "de"


@pytest.mark.parametrize(("gap", "case", "options"), [(8, "quick", ()), (80, "slow", ())])
def test_how_fast_it_types(gap: int, case: str, options: tuple[tuple[str, str], ...]) -> None:
    finding = found(Gun(keys=True, gap_ms=gap))[Topic.TIMING]
    assert (finding.case, finding.options) == (case, options)


def test_a_scanner_slower_than_a_hand() -> None:
    assert found(Gun(keys=True, gap_ms=600))[Topic.TIMING].case == "too_slow"


@pytest.mark.parametrize("page", ["utf-8", "cp1252", "cp437"])
def test_code_pages(page: str) -> None:
    assert found(Gun(page=page))[Topic.CODEPAGE].options == (("encoding", page),)


def test_a_laser_leaves_out_what_it_cannot_read() -> None:
    told = found(Gun(flat=True))
    assert (told[Topic.READ].case, told[Topic.READ].values) == ("flat", {"codes": "7, 8"})
    assert told[Topic.FNC1].case == "gs"


def test_another_code_of_the_sheet_is_named_and_changes_nothing() -> None:
    long = Gun(keys=True, layout=Layout.FR).scan(Step.LONG)
    assert long is not None
    state = examine(DoctorState(), long)
    assert (state.step, state.verdict, state.other) == (Step.ENDS, Verdict.OTHER, Step.LONG)


def test_a_strange_code_is_asked_for_again_once() -> None:
    state = examine(DoctorState(), observed("", b"HELLO WORLD\r"))
    assert (state.step, state.verdict, state.tries) == (Step.ENDS, Verdict.STRANGE, 1)
    state = examine(state, observed("", b"HELLO WORLD\r"))
    assert (state.step, state.tries) == (Step.KEYS, 0)
    told = {finding.topic: finding for finding in findings(state)}
    assert told[Topic.READ].case == "none"


def test_nothing_scanned_says_nothing() -> None:
    state = DoctorState()
    for _ in range(9):
        state = skip(state)
    assert state.step is None
    assert findings(state) == ()
    assert examine(state, observed("1")) == state


def test_the_address_keeps_what_it_had() -> None:
    gun = Gun(keys=True, layout=Layout.DE, suffix="", fnc1="|")
    assert settings_for(gun, "keyboard:") == "keyboard:?suffix=none&layout=de&fnc1=%7C"
    assert settings_for(Gun(fnc1="~", prefix="A&"), "serial:///dev/ttyACM0?baud=115200&suffix=lf") == (
        "serial:///dev/ttyACM0?baud=115200&suffix=cr&prefix=A%26&fnc1=~"
    )
    # What was set for another scanner, or for another keyboard, is taken back.
    assert settings_for(Gun(keys=True), "keyboard:?layout=de&name=Red&prefix=X") == "keyboard:?name=Red"
    assert settings_for(Gun(), "serial:///dev/ttyACM0?suffix=cr&name=A%20B") == (
        "serial:///dev/ttyACM0?suffix=cr&name=A%20B"
    )


def test_a_scanner_that_says_itself_where_codes_end() -> None:
    state = DoctorState()
    for step in STEPS:
        state = examine(state, Observation(Gun().sent(step), framed=True))
    told = findings(state)
    assert Topic.SUFFIX not in {finding.topic for finding in told}
    assert mended("hid://05e0:1300?fnc1=~", told) == "hid://05e0:1300?fnc1=~"


GUNS = (
    Gun(),
    Gun(fnc1="{GS}", prefix="x&y", suffix="\r\n", page="cp1252"),
    Gun(prefix="\x02", suffix="\x03", fnc1="|", page="cp437"),
    Gun(suffix="", fnc1=""),
    Gun(suffix="\t", aim=True),
)


@pytest.mark.parametrize("uri", ["serial:///dev/ttyX", "socket://h:1", "hid://05e0:1300", "sim:", "keyboard:"])
@pytest.mark.parametrize("gun", GUNS)
def test_scanners_open_with_what_the_doctor_proposes(uri: str, gun: Gun) -> None:
    if uri == "keyboard:":
        gun = replace(gun, keys=True, layout=Layout.CZ, prefix=gun.prefix.strip("\x02"))
    written = settings_for(gun, uri)
    assert open_scanner(written, lambda: "1", utc_now).uri == written
    assert settings_for(gun, written) == written


@settings(max_examples=150, deadline=None)
@given(st.lists(st.one_of(st.binary(max_size=60), st.text(max_size=60)), max_size=12), st.booleans())
def test_nothing_raises(scans: list[bytes | str], keys: bool) -> None:
    state = DoctorState()
    for raw in scans:
        scan = observed("", raw) if isinstance(raw, bytes) else replace(observed(raw), keys=keys)
        state = examine(state, scan)
    for finding in findings(state):
        assert say(finding.key, **finding.values)
    assert isinstance(Observation("").body, str)
