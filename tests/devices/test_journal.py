"""The scan journal: what was durable is found, whatever happens after."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from app.devices import journal_file
from app.devices.journal import ScanJournal, read_journal
from app.domain.clock import IdMaker, utc_now
from app.domain.device_ports import DeviceState, Scan
from app.domain.errors import EnvironmentFailure
from app.domain.keeping import Keeping
from app.domain.words import catalogue

MAKE_ID = IdMaker()


def scan(raw: str = "85123A") -> Scan:
    return Scan(MAKE_ID(), raw, "sim:", utc_now())


def test_scans_are_pending_until_acknowledged(tmp_path: Path) -> None:
    path = tmp_path / "new" / "scans.journal"
    journal = ScanJournal(path)
    first, second = scan("T-0117"), scan("odd \r\n\x1d\0 ó \ud800")
    assert journal.append(first).result(10) == first
    assert journal.append(second).result(10) == second
    assert journal.pending() == [first, second]
    journal.acknowledge(first.gesture_id)
    assert journal.pending() == [second]
    journal.close()
    journal.close()
    again = ScanJournal(path)
    assert (again.pending(), again.damaged) == ([second], 0)
    again.close()
    contents = read_journal(path)
    assert (contents.scans, contents.acknowledged) == ((first, second), {first.gesture_id})


def test_an_acknowledgement_that_overtakes_its_scan(tmp_path: Path) -> None:
    journal = ScanJournal(tmp_path / "j")
    scans = [scan(str(number)) for number in range(300)]
    for each in scans:
        journal.append(each)
        journal.acknowledge(each.gesture_id)
    journal.close()
    assert journal.pending() == []
    assert read_journal(tmp_path / "j").pending == ()


def test_what_is_acknowledged_while_it_is_written_holds_up_no_new_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write, early = journal_file._write_fully, scan("early")

    def answered_meanwhile(file: int, data: bytes) -> None:
        if b'"early"' in data:
            journal.acknowledge(early.gesture_id)
        write(file, data)

    monkeypatch.setattr(journal_file, "_write_fully", answered_meanwhile)
    journal = ScanJournal(tmp_path / "j", rotate_bytes=1)
    journal.append(early).result(10)
    assert journal.pending() == []
    later = scan("later")
    journal.append(later).result(10)  # behind it the file of before was laid aside, with the scan that nobody needs
    assert journal.pending() == [later]
    assert [each.raw for each in read_journal(tmp_path / "j.1").scans] == ["early"]
    journal.close()
    assert read_journal(tmp_path / "j").pending == (later,)


def test_a_fault_of_who_is_told_what_is_kept_keeps_no_scan_from_the_disk(tmp_path: Path) -> None:
    def fails(told: Scan) -> None:
        raise ValueError(told.raw)

    journal = ScanJournal(tmp_path / "j", fails)
    first, second = scan("first"), scan("second")
    assert journal.append(first).result(10) == first
    assert journal.append(second).result(10) == second
    journal.close()
    assert read_journal(tmp_path / "j").scans == (first, second)


def test_who_waits_for_a_scan_waits_no_longer_than_it_says() -> None:
    keeping, kept = Keeping(scan()), scan("kept")
    with pytest.raises(TimeoutError):
        keeping.result(0.001)
    keeping = Keeping(kept)
    keeping.settle()
    assert (keeping.result(), keeping.result(10)) == (kept, kept)


@pytest.mark.parametrize("cut", range(1, 40, 3))
def test_a_torn_last_line_costs_nothing_else(tmp_path: Path, cut: int) -> None:
    path = tmp_path / "j"
    journal = ScanJournal(path)
    kept, torn = scan("kept"), scan("torn")
    journal.append(kept).result(10)
    journal.append(torn).result(10)
    journal.close()
    path.write_bytes(path.read_bytes()[:-cut])
    again = ScanJournal(path)
    # The line end itself may be what is missing: then the line is still whole.
    assert again.pending() == ([kept, torn] if cut == 1 else [kept])
    later = scan("later")
    again.append(later).result(10)
    again.close()
    assert read_journal(path).scans[-1] == later


def test_damage_in_the_middle_is_counted_and_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "j"
    journal = ScanJournal(path)
    scans = [scan(f"N{number}") for number in range(3)]
    for each in scans:
        journal.append(each).result(10)
    journal.close()
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0x20
    path.write_bytes(bytes(data) + b"garbage\n" + b"\0" * 64)
    contents = read_journal(path)
    assert (contents.scans, contents.damaged) == ((scans[0], scans[2]), 3)


def test_zeros_of_a_power_cut_where_an_acknowledgement_was_spoil_no_scan(tmp_path: Path) -> None:
    """Acknowledgements need not last: a scan behind them may be on the disk while they are not."""
    path = tmp_path / "j"
    journal = ScanJournal(path)
    first, second = scan("first"), scan("second")
    journal.append(first).result(10)
    before = path.stat().st_size
    journal.acknowledge(first.gesture_id)
    while (after := path.stat().st_size) == before:  # it is written behind, and in one piece
        threading.Event().wait(0.001)
    journal.append(second).result(10)
    journal.close()
    data = path.read_bytes()
    path.write_bytes(data[:before] + b"\0" * (after - before) + data[after:])
    contents = read_journal(path)
    assert (contents.scans, contents.acknowledged, contents.damaged) == ((first, second), frozenset(), 1)


def test_zeros_where_a_killed_process_wrote_last_spoil_no_scan_after_them(tmp_path: Path) -> None:
    path = tmp_path / "j"
    journal = ScanJournal(path)
    first, second = scan("first"), scan("second")
    journal.append(first).result(10)
    journal.acknowledge(first.gesture_id)
    journal.close()
    before = path.stat().st_size
    again = ScanJournal(path)
    again.append(second).result(10)
    again.close()
    data = path.read_bytes()
    path.write_bytes(data[: before - 20] + b"\0" * 20 + data[before:])
    contents = read_journal(path)
    assert (contents.scans, contents.damaged) == ((first, second), 1)


def test_rotation_keeps_the_file_before_and_nothing_pending_is_lost(tmp_path: Path) -> None:
    path = tmp_path / "j"
    every = []
    for numbers, answered in ((range(40), 40), (range(40, 60), 55)):
        journal = ScanJournal(path, rotate_bytes=2_000)
        for number in numbers:
            every.append(scan(f"N{number}"))
            journal.append(every[-1]).result(10)
            if number < answered:
                journal.acknowledge(every[-1].gesture_id)
        journal.close()
    assert path.with_name("j.1").exists()
    assert list(read_journal(path).pending) == every[55:]
    again = ScanJournal(path)
    assert again.pending() == every[55:]
    again.close()


def test_a_full_disk_is_said_and_the_journal_goes_on_after(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    journal = ScanJournal(tmp_path / "j")
    write = journal_file._write_fully

    def full(file: int, data: bytes) -> None:
        os.write(file, data[: len(data) // 2])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(journal_file, "_write_fully", full)
    with pytest.raises(EnvironmentFailure) as caught:
        journal.append(scan("lost")).result(10)
    assert (caught.value.code, journal.state) == ("journal.cannot_write", DeviceState.DOWN)
    monkeypatch.setattr(journal_file, "_write_fully", write)
    kept = scan("kept")
    journal.append(kept).result(10)
    assert (journal.state, journal.pending()) == (DeviceState.READY, [kept])
    journal.close()
    assert read_journal(tmp_path / "j").scans == (kept,)
    with pytest.raises(EnvironmentFailure):
        journal.append(scan())


def test_a_place_that_cannot_be_opened_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(EnvironmentFailure) as caught:
        ScanJournal(tmp_path / "file" / "j")
    assert caught.value.code == "journal.cannot_open"
    assert "{reason}" in catalogue()["journal.cannot_open"]


def test_two_programs_never_share_a_journal(tmp_path: Path) -> None:
    first = ScanJournal(tmp_path / "j")
    with pytest.raises(EnvironmentFailure) as caught:
        ScanJournal(tmp_path / "j")
    assert caught.value.code == "journal.in_use"
    first.close()
    again = ScanJournal(tmp_path / "j")
    again.close()


@pytest.mark.parametrize("seed", range(6))
def test_killed_at_any_point_what_was_durable_is_found(tmp_path: Path, seed: int) -> None:
    path = tmp_path / "j"
    wanted = random.Random(seed).randint(1, 400)
    writer = subprocess.Popen(
        [sys.executable, "-m", "tests.devices.journal_writer", str(path)],
        stdout=subprocess.PIPE,
        cwd=Path(__file__).resolve().parents[2],
    )
    assert writer.stdout is not None
    told = [writer.stdout.readline() for _ in range(wanted)]
    writer.kill()
    told += [line for line in writer.stdout.read().splitlines(keepends=True) if line.endswith(b"\n")]
    writer.wait(30)
    writer.stdout.close()
    durable = [line.split()[1].decode() for line in told]
    assert len(durable) >= wanted
    contents = read_journal(path)
    found = [each.gesture_id for each in contents.scans]
    assert found[: len(durable)] == durable
    assert [each.raw for each in contents.scans] == [f"N{number}" for number in range(len(found))]
    assert contents.damaged <= 1
    thirds = {each.gesture_id for number, each in enumerate(contents.scans) if number % 3 == 0}
    assert contents.acknowledged <= thirds
    journal = ScanJournal(path)
    assert journal.pending() == list(contents.pending)
    journal.close()
