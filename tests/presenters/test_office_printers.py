"""Office, Settings and Printing: which printer takes what, who stands in, and what somebody has to look for."""

from __future__ import annotations

from app.bootstrap.core import station_uris, wrong_address
from app.domain.documents import DocumentKind
from app.models.people import Station
from app.presenters.state import office
from app.services import print_jobs
from app.services.setup import station_settings
from tests.builders import NOW, World
from tests.builders import world as world
from tests.presenters.desk import Shown
from tests.presenters.office_world import make_office

INSTEAD = "print_instead_at"


def values(shown: Shown[office.Office]) -> dict[str, str]:
    """The words of each setting by its key."""
    return {row.key: row.cells[1].words for row in shown.now.section.table.rows}


def kept(world: World) -> dict[str, object]:
    return world.read(lambda s: station_settings(s, world.station_id))


def test_each_kind_of_document_may_have_a_printer_of_its_own(world: World) -> None:
    presenter, shown, asked = make_office(world)
    presenter.key("6")
    assert [key for key in values(shown) if key.startswith("printer_of.")] == [
        f"printer_of.{kind}" for kind in DocumentKind
    ]
    titles = [row.cells[0].words for row in shown.now.section.table.rows if row.key.startswith("printer_of.")]
    assert titles[:3] == ["Printer: Shipping label", "Printer: Packing slip", "Printer: Pick list"]
    assert {words for key, words in values(shown).items() if key.startswith("printer_of.")} == {"The usual one"}

    for document, uri in (("packing-slip", "tcp://slips"), ("tote", "sim:totes")):
        presenter.choose("settings", f"printer_of.{document}", True)
        presenter.typed("value", uri, True)
    assert values(shown)["printer_of.packing-slip"] == "tcp://slips"
    assert kept(world) == {"printers": {"packing-slip": "tcp://slips", "tote": "sim:totes"}}
    assert asked.applied == {"printers": "sim:totes"}
    uris = world.read(lambda s: station_uris(s, world.station_id, "", "", ""))
    assert (uris.printer, uris.printers) == ("sim:", {"packing-slip": "tcp://slips", "tote": "sim:totes"})

    for document in ("packing-slip", "tote"):
        presenter.choose("settings", f"printer_of.{document}", True)
        presenter.typed("value", "", True)
    assert kept(world) == {}
    assert values(shown)["printer_of.tote"] == "The usual one"


def test_a_wrong_address_is_said_and_not_kept(world: World) -> None:
    presenter, shown, asked = make_office(world, check_device=wrong_address)
    presenter.key("6")
    presenter.choose("settings", "printer_of.pick-list", True)
    presenter.typed("value", "tcp://", True)
    form = shown.now.section.form
    assert form is not None
    assert form.fields[0].wrong == wrong_address("printer", "tcp://") != ""
    assert (kept(world), asked.applied) == ({}, {})
    presenter.typed("value", "spool://Paper?language=pdf", True)
    assert kept(world) == {"printers": {"pick-list": "spool://Paper?language=pdf"}}


def test_the_neighbour_who_stands_in_is_chosen_among_those_with_a_printer(world: World) -> None:
    def add(name: str, settings: dict[str, object]) -> None:
        world.write(
            lambda s: s.add(Station(name=name, warehouse_id=world.warehouse_id, settings=settings, created_at=NOW))
        )

    add("Bench 3", {"printer": "tcp://10.0.0.3"})
    add("Bench 5", {"printer": "usb:///dev/usb/lp0"})
    add("Bench 6", {"printer": "tcp://10.0.0.6"})
    presenter, shown, asked = make_office(world)
    presenter.key("6")
    assert values(shown)[INSTEAD] == "Wait for it"
    seen = []
    for _ in range(3):
        presenter.choose("settings", INSTEAD, True)
        seen.append((values(shown)[INSTEAD], kept(world).get(INSTEAD)))
    assert seen == [("Print at Bench 3", "Bench 3"), ("Print at Bench 6", "Bench 6"), ("Wait for it", None)]
    assert asked.applied == {INSTEAD: ""}


def test_a_doubtful_job_is_settled_at_the_office_too(world: World) -> None:
    def doubtful(key: str) -> int:
        actor = world.actor()
        job = world.write(lambda s: print_jobs.queue(s, actor, key, "location", {"code": "A-01"}))
        world.write(lambda s: print_jobs.take_next(s, actor))
        world.write(
            lambda s: print_jobs.not_printed(s, actor, job, "interrupted", nothing_was_sent=False, printer="tcp://x")
        )
        return job

    first, second = doubtful("a"), doubtful("b")
    presenter, shown, _ = make_office(world)
    presenter.key("8")

    def rows() -> list[tuple[str, str, str, str]]:
        return [
            (row.key, row.cells[2].chip.words if row.cells[2].chip else "", row.cells[3].words, row.cells[3].second)
            for row in shown.now.section.table.rows
        ]

    look, why = "Did it come out?", "The station stopped while it was sent."
    assert rows() == [(str(first), look, why, "tcp://x"), (str(second), look, why, "tcp://x")]
    assert shown.now.section.table.rows[0].cells[1].second == f"Print job {first}"
    words = [one.words for one in shown.now.section.commands]
    assert words == ["Look again", "It came out", "No, print it again", "Cancel"]
    presenter.command("job-came-out")
    assert shown.now.notice is not None
    assert shown.now.notice.words == "Shelf label: counts as printed"
    assert [row[0] for row in rows()] == [str(second)]
    presenter.command("job-retry")
    assert [row[:2] for row in rows()] == [(str(second), "Waits")]
