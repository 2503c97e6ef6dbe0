"""Pack asks whether a document came out: the words, the keys, and what an answer changes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.domain.outcomes import Outcome, Result, Sound
from app.domain.states import LabelState, PackageState, PrintJobState
from app.presenters.gateway import JobEvent
from app.presenters.pack import pack_state
from app.presenters.pack_around import Surroundings
from app.presenters.pack_model import PackModel, Printing, after
from app.presenters.pack_page import PackPage, with_labels_of
from app.presenters.state import pack
from app.presenters.state.parts import Note
from app.queries.print_doubts import PrintDoubt
from tests.builders import NOW
from tests.presenters.pack_samples import UTC_ZONE, finished_work

LABEL = PrintDoubt(7, "shipping-label", "The line broke", "tcp://10.0.0.9", NOW, 3, 5, 1, "#1042")
STOPPED = "The station stopped while it was sent."
SLIP = replace(LABEL, job_id=8, document="packing-slip", reason="interrupted")
SHEET = replace(LABEL, job_id=9, document="pick-list", package_id=None, label_id=None, parcel=0, order_number="")
AROUND = Surroundings(NOW, UTC_ZONE)


def drawn(model: PackModel) -> pack.Pack:
    return pack_state(model, AROUND)


def asked(state: pack.Pack) -> list[tuple[str, str, str]]:
    return [(one.code, one.words, one.key) for one in state.commands.commands[:2]]


def test_the_finished_parcel_asks_over_the_whole_screen() -> None:
    shown = drawn(PackModel(work=finished_work(), finished=True, doubts=(LABEL,)))
    assert shown.banner.order == "Did the label come out?"
    assert shown.banner.detail == "#1042, parcel 1. The line broke. Look, then answer."
    assert asked(shown) == [("PW-OK", "Yes, it is here", "Enter"), ("PW-RETRY", "No, print it again", "T")]
    assert isinstance(shown.body, pack.Waiting)
    words = [step.words for step in shown.body.job]
    assert words == ["Sent to the printer", "No word that it came out", "Did it come out?"]
    assert shown.body.note == "The line broke. Nothing is sent again until you answer."
    assert shown.body.steps_head.right == "tcp://10.0.0.9"
    assert shown.frame is not None


@pytest.mark.parametrize(
    ("doubt", "order", "detail"),
    [
        (LABEL, "Did the label come out?", "#1042, parcel 1. The line broke. Look, then answer."),
        (SLIP, "Did the packing slip come out?", f"#1042, parcel 1. {STOPPED} Look, then answer."),
        (SHEET, "Did it come out? Pick list.", "The line broke. Look, then answer."),
    ],
)
def test_where_nothing_is_open_it_asks_above_the_totes(doubt: PrintDoubt, order: str, detail: str) -> None:
    shown = drawn(PackModel(doubts=(doubt, LABEL)))
    assert (shown.banner.order, shown.banner.detail) == (order, detail)
    assert asked(shown) == [("PW-OK", "Yes, it is here", "Enter"), ("PW-RETRY", "No, print it again", "T")]
    assert isinstance(shown.body, pack.Idle)
    assert shown.frame is None


OLD = replace(SLIP, job_id=6, package_id=1, order_number="#1000")
OLD_LINE = (Note("Did the packing slip come out? Look, then scan Yes (PW-OK) or No (PW-RETRY).", "#1000", "printer"),)


def test_an_older_doubt_is_a_line_on_the_finished_parcel_which_is_shown() -> None:
    """One unanswered slip covered the finish of each later parcel."""
    shown = drawn(PackModel(work=finished_work(), finished=True, doubts=(OLD,), elsewhere=(("shipping-label", "B5"),)))
    assert isinstance(shown.body, pack.Complete)
    assert shown.banner.detail == "Shipping label printed at B5: fetch it there."
    assert (shown.notes, shown.frame) == (OLD_LINE, None)
    shown = drawn(PackModel(work=finished_work(), finished=True, doubts=(OLD, OLD, OLD)))
    assert [note.words.partition("). ")[2] for note in shown.notes] == ["2 more after it."]


@pytest.mark.parametrize("state", [PrintJobState.QUEUED, PrintJobState.FAILED])
def test_an_older_doubt_is_a_line_while_the_label_waits_for_its_printer(state: PrintJobState) -> None:
    waits = Printing(7, state, "Out of labels", "tcp://10.0.0.9")
    shown = drawn(PackModel(work=finished_work(), finished=True, doubts=(OLD,), printing=waits))
    assert isinstance(shown.body, pack.Waiting)
    assert (shown.notes, shown.body.steps[0].detail) == (OLD_LINE, "Out of labels")


def test_an_older_doubt_is_a_line_while_the_label_is_not_bought_yet() -> None:
    work = finished_work(LabelState.INTENDED)
    work = replace(work, parcels=(replace(work.parcels[0], held="paper_out"),))
    shown = drawn(PackModel(work=work, finished=True, doubts=(OLD,)))
    assert (shown.banner.order, shown.notes) == ("Out of labels", OLD_LINE)


def test_the_label_of_this_parcel_is_asked_about_before_its_slip() -> None:
    model = PackModel(work=finished_work(), finished=True, doubts=(OLD, SLIP, LABEL))
    assert drawn(model).banner.order == "Did the label come out?"
    shown = drawn(replace(model, doubts=(OLD, SLIP), elsewhere=(("shipping-label", "Bench 5"),)))
    assert shown.banner.order == "Did the packing slip come out?"
    assert shown.notes == (Note("Shipping label printed at Bench 5: fetch it there.", "", "map-pin"),)


@pytest.mark.parametrize(
    ("reason", "detail", "note"),
    [
        ("Out of labels", "Out of labels.", "Out of labels."),
        ("The print head is open", "The print head is open.", "The print head is open."),
        ("P is out of labels. Put in a roll.", "P is out of labels.", "P is out of labels. Put in a roll."),
        ("", "The printer did not say.", "The printer did not say."),
    ],
)
def test_what_the_printer_said_is_said_as_a_sentence(reason: str, detail: str, note: str) -> None:
    shown = drawn(PackModel(work=finished_work(), finished=True, doubts=(replace(LABEL, reason=reason),)))
    assert shown.banner.detail == f"#1042, parcel 1. {detail} Look, then answer."
    assert isinstance(shown.body, pack.Waiting)
    assert shown.body.note == f"{note} Nothing is sent again until you answer."


def test_a_station_that_stopped_says_so() -> None:
    shown = drawn(PackModel(work=finished_work(), finished=True, doubts=(SLIP,)))
    assert isinstance(shown.body, pack.Waiting)
    assert shown.body.note.startswith("The station stopped while it was sent. Nothing is sent again")


@pytest.mark.parametrize(
    ("code", "state"),
    [("pack.came_out", PrintJobState.PRINTED), ("pack.did_not_come_out", PrintJobState.QUEUED)],
)
def test_an_answer_takes_its_question_away_at_once(code: str, state: PrintJobState) -> None:
    model = PackModel(
        work=finished_work(), finished=True, doubts=(LABEL, SLIP), printing=Printing(7, PrintJobState.FAILED)
    )
    then = after(model, Outcome(Result.DONE, code, Sound.ACCEPTED, {"job_id": 7}), NOW)
    assert (then.doubts, then.printing.state, then.finished) == ((SLIP,), state, True)


def test_what_came_out_at_the_neighbours_is_said_on_the_finished_parcel() -> None:
    page = PackPage()
    page.model = PackModel(work=finished_work(LabelState.PRINTED), finished=True)
    for job, document in ((7, "shipping-label"), (8, "packing-slip")):
        page.job(JobEvent(job, 3, document, PrintJobState.PRINTED, "", "tcp://10.0.0.3", NOW, instead="Bench 3"))
    shown = drawn(page.model)
    assert shown.banner.detail == (
        "Shipping label printed at Bench 3: fetch it there. Packing slip printed at Bench 3: fetch it there."
    )
    assert isinstance(shown.body, pack.Complete)
    assert shown.body.label_head.chip is not None
    assert shown.body.label_head.chip.words == "Printed at Bench 3"


def test_a_label_that_waits_for_its_printer_goes_out_by_itself() -> None:
    why = "The printer tcp://10.0.0.9 is out of labels. Put in a new roll; the label waits."
    shown = drawn(
        PackModel(
            work=finished_work(), finished=True, printing=Printing(7, PrintJobState.QUEUED, why, "tcp://10.0.0.9")
        )
    )
    assert shown.banner.order == "The label waits for the printer"
    assert isinstance(shown.body, pack.Waiting)
    assert [step.title for step in shown.body.steps] == ["Look at the printer", "Mend it", "Then it prints by itself"]
    assert (shown.commands.commands[0].code, shown.commands.commands[0].words) == ("PW-RETRY", "Try now")


def test_open_work_learns_what_became_of_its_labels_and_nothing_else() -> None:
    held = replace(finished_work().parcels[0], held="paper_out", label_state=LabelState.INTENDED, units=1)
    open_parcel = replace(held, package_id=4, number=2, state=PackageState.OPEN, held="", label_id=None, units=1)
    before = replace(finished_work(), parcels=(held, open_parcel))
    fresh = replace(before, parcels=(finished_work().parcels[0], replace(open_parcel, units=9)))
    after_look = with_labels_of(before, fresh)
    assert [(one.held, one.units) for one in after_look.parcels] == [("", 1), ("", 1)]
    assert after_look.parcels[0].tracking_number == "PWD0000000017"


def test_a_label_that_is_printed_before_its_parcel_is_shown_is_not_lost() -> None:
    """On a busy machine the printer can be faster than the answer on its way to the screen."""
    page = PackPage()
    page.model = PackModel(work=replace(finished_work(), parcels=()))
    sending = JobEvent(7, 3, "shipping-label", PrintJobState.SENDING, "", "tcp://10.0.0.3", NOW)
    page.job(sending)
    page.job(replace(sending, state=PrintJobState.PRINTED, instead="Bench 3"))
    assert page.model.printing.state is None
    page.take(Outcome(Result.DONE, "pack.complete", Sound.COMPLETE, work=finished_work()), NOW)
    assert (page.model.printing.state, page.model.elsewhere) == (
        PrintJobState.PRINTED,
        (("shipping-label", "Bench 3"),),
    )
    page.take(Outcome(Result.DONE, "pack.reprinted", Sound.ACCEPTED), NOW)
    assert page.model.elsewhere == (("shipping-label", "Bench 3"),)  # each is told once
