"""What was printed without the database stands on the disk until it is settled, and no longer than that."""

from __future__ import annotations

import threading
from pathlib import Path

from app.runtime.ahead_notes import OUT, SENDING, AheadNotes, Printed

LABEL = "shipping-label"


def printed(number: int) -> Printed:
    return Printed(number, f"gesture-{number}", f"PW{number:08}")


def test_a_long_file_is_begun_anew_once_all_in_it_is_settled(tmp_path: Path) -> None:
    path = tmp_path / "bench.ahead"
    notes = AheadNotes(path, rotate_bytes=1_000)
    for number in range(20):
        notes.note(printed(number), LABEL, SENDING)
        notes.note(printed(number), LABEL, OUT, f"bench {number}")
    for number in range(19):
        notes.settle(number)
    assert path.stat().st_size > 1_000  # one label is open: nothing is taken away
    left = AheadNotes(path, rotate_bytes=1_000).of_label(19)
    assert left is not None
    assert (left.tracking, left.documents, left.printers) == ("PW00000019", {LABEL: True}, {LABEL: "bench 19"})
    notes.settle(19)
    assert not path.exists()
    assert len((tmp_path / "bench.ahead.1").read_text(encoding="utf-8").split()) > 20

    notes.note(printed(20), LABEL, SENDING)
    assert path.stat().st_size < 200
    again = AheadNotes(path, rotate_bytes=1_000)
    assert [again.of_label(number) is not None for number in (0, 19, 20)] == [False, False, True]


def test_a_short_file_stays(tmp_path: Path) -> None:
    path = tmp_path / "bench.ahead"
    notes = AheadNotes(path)
    notes.note(printed(1), LABEL, OUT)
    notes.settle(1)
    assert path.exists()


def test_what_an_earlier_run_left_long_is_laid_aside_at_the_start(tmp_path: Path) -> None:
    path = tmp_path / "bench.ahead"
    notes = AheadNotes(path)
    for number in range(20):
        notes.note(printed(number), LABEL, OUT)
        notes.settle(number)
    AheadNotes(path, rotate_bytes=1_000)
    assert not path.exists()


def test_what_is_about_to_be_printed_outlives_a_file_that_is_laid_aside(tmp_path: Path) -> None:
    path = tmp_path / "bench.ahead"
    notes = AheadNotes(path, rotate_bytes=1)
    notes.note(printed(1), LABEL, OUT)
    notes.will_print(printed(2), LABEL)
    notes.settle(1)
    assert path.exists()  # somebody is about to print: it waits
    notes.note(printed(2), LABEL, SENDING)
    left = AheadNotes(path).of_label(2)
    assert left is not None
    assert left.documents == {LABEL: None}


def test_notes_and_settlements_of_several_threads_lose_nothing(tmp_path: Path) -> None:
    path = tmp_path / "bench.ahead"
    notes = AheadNotes(path, rotate_bytes=1)

    def work(first: int) -> None:
        for number in range(first, first + 25):
            notes.note(printed(number), LABEL, SENDING)
            notes.note(printed(number), LABEL, OUT)
            if number % 25 != 24:
                notes.settle(number)

    threads = [threading.Thread(target=work, args=(first,)) for first in (0, 25, 50)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    again = AheadNotes(path)
    assert [number for number in range(75) if again.of_label(number) is not None] == [24, 49, 74]
    assert [again.of_label(number) == notes.of_label(number) for number in (24, 49, 74)] == [True, True, True]
