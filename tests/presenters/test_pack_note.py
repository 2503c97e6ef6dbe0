"""What people wrote for the packer: in the bar, large before the first scan, alone where it must be read."""

from __future__ import annotations

from dataclasses import replace

from app.domain.outcomes import Outcome, Place, Result, Sound
from app.domain.work import PackWork, WorkNote
from app.presenters.pack import pack_state
from app.presenters.pack_around import Surroundings
from app.presenters.pack_model import PackModel, after
from app.presenters.state import pack
from app.presenters.state.parts import Family
from app.presenters.state.words import STRONG
from tests.builders import NOW
from tests.presenters.pack_samples import UTC_ZONE, finished_work

AROUND = Surroundings(NOW, UTC_ZONE)


def work(*notes: WorkNote) -> PackWork:
    done = finished_work()
    lines = tuple(replace(line, packed=0) for line in done.lines)
    return replace(done, head=replace(done.head, note="Ring twice", notes=notes), lines=lines, parcels=())


def opened(open_work: PackWork, *, waits: bool) -> PackModel:
    code = "pack.order_note" if waits else "pack.opened"
    values = {"number": "#1042", "packed": 0, "required": 2, "notes": 1}
    outcome = Outcome(Result.NAVIGATE, code, Sound.ATTENTION, values, place=Place.PACK, work=open_work, waits=waits)
    return after(PackModel(), outcome, NOW)


def test_a_note_stands_in_the_bar_and_large_before_the_first_scan() -> None:
    shown = pack_state(opened(work(WorkNote("Wrap twice"), WorkNote("Paper tape", False, True)), waits=False), AROUND)
    assert [(note.subject, note.words) for note in shown.notes] == [
        ("From the office", "Wrap twice"), ("About this customer", "Paper tape"), ("", "Ring twice"),
    ]  # fmt: skip
    assert isinstance(shown.body, pack.Packing)
    panel = shown.body.panel
    assert (panel.words, panel.icon, panel.advice) == ("From the office", "note", "Wrap twice\u2028Paper tape")


def test_a_note_that_must_be_read_blocks_and_shows_nothing_else() -> None:
    must = WorkNote(f"Two cups broke.\nWrap {STRONG}each", must_read=True)
    model = opened(work(must, WorkNote("Paper tape")), waits=True)
    shown = pack_state(model, AROUND)
    assert (shown.banner.order, shown.banner.detail) == ("Read this first", "There is a note on order #1042.")
    assert (shown.banner.family, shown.banner.blocking) == (Family.WARN, True)
    assert isinstance(shown.body, pack.Focus)
    assert (shown.body.card.title, shown.body.card.note) == ("From the office", "Two cups broke.\u2028Wrap each")
    assert shown.ack is not None
    assert shown.ack.order == "Read the note, then go on"
    gone = after(model, Outcome(Result.DONE, "station.acknowledged", work=model.work), NOW)
    assert isinstance(pack_state(gone, AROUND).body, pack.Packing)


def test_without_notes_nothing_changes() -> None:
    shown = pack_state(opened(work(), waits=False), AROUND)
    assert [note.words for note in shown.notes] == ["Ring twice"]
    assert isinstance(shown.body, pack.Packing)
    assert (shown.body.panel.words, shown.body.panel.icon) == ("Nothing scanned yet", "barcode")
