"""Notes of the office: what a packer sees, what a bench must acknowledge, and what no channel may lose."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.domain.gesture import Gesture, GestureKind
from app.domain.notes import NoteKind
from app.domain.outcomes import Change, Outcome, Result
from app.domain.states import Role
from app.domain.work import PackWork, WorkNote
from app.models.database import Database
from app.models.demand import Customer, Order
from app.models.notes import Note, NoteRead
from app.queries.notes import notes_of_order, packer_notes
from app.services import notes
from app.services.capture.orders import capture_orders
from tests.builders import World, captured, line, world
from tests.services import pack_builders as packing
from tests.services import stock_builders as build
from tests.services.floor_builders import Bench

__all__ = ["world"]


@pytest.fixture
def site(database: Database) -> build.Site:
    return database.write(build.build_site)


@pytest.fixture
def bench(database: Database, site: build.Site) -> Iterator[Bench]:
    yield packing.pack_bench(database, site)


def order_id_of(database: Database, number: str) -> int:
    return database.read(lambda s: s.execute(select(Order.id).where(Order.number == number)).scalar_one())


def write(
    database: Database,
    site: build.Site,
    number: str,
    words: str,
    kind: NoteKind = NoteKind.PACKER,
    must_read: bool = False,
) -> Outcome:
    order_id = order_id_of(database, number)
    return database.write(lambda s: notes.write_on_order(s, site.actor, order_id, words, kind, must_read=must_read))


def reads(database: Database) -> list[tuple[int, int | None]]:
    return database.read(
        lambda s: [(r.note_id, r.station_id) for r in s.execute(select(NoteRead).order_by(NoteRead.id)).scalars()]
    )


def shown(outcome: Outcome) -> tuple[WorkNote, ...]:
    assert isinstance(outcome.work, PackWork)
    return outcome.work.head.notes


def test_a_packer_sees_their_notes_and_no_others(database: Database, site: build.Site, bench: Bench) -> None:
    number = packing.order_on_shelf(database, site, ("CUP", 1))
    assert write(database, site, number, " No invoice in the box ").code == "notes.written"
    write(database, site, number, "Asked for a refund", NoteKind.OFFICE)
    opened = bench.scan(number)
    assert (opened.result, opened.code, opened.waits) == (Result.NAVIGATE, "pack.opened", False)
    assert shown(opened) == (WorkNote("No invoice in the box"),)


def test_a_note_that_must_be_read_waits_for_ok_once(database: Database, site: build.Site, bench: Bench) -> None:
    number = packing.order_on_shelf(database, site, ("CUP", 2))
    write(database, site, number, "Wrap the cups twice", must_read=True)
    opened = bench.scan(number)
    assert (opened.code, opened.waits, opened.values["opened"]) == ("pack.order_note", True, "pack.opened")
    assert shown(opened) == (WorkNote("Wrap the cups twice", must_read=True),)
    assert bench.scan("CUP").code == "station.blocked"
    assert reads(database) == []
    assert bench.scan("PW-OK").code == "station.acknowledged"
    note = database.read(lambda s: s.execute(select(Note.id)).scalar_one())
    assert reads(database) == [(note, bench.floor.station_id)]
    assert bench.scan("CUP").code == "pack.counted"
    bench.scans("PW-ASIDE", "PW-1")
    again = bench.scan(number)
    assert (again.code, again.waits) == ("pack.resumed", False)


def test_a_note_written_meanwhile_stops_the_bench(database: Database, site: build.Site, bench: Bench) -> None:
    number = packing.order_on_shelf(database, site, ("CUP", 2))
    bench.scans(number, "CUP")
    write(database, site, number, "Only for packers who look", must_read=False)
    assert interrupted(database, bench) is None
    write(database, site, number, "The customer moved in", must_read=True)
    stop = interrupted(database, bench)
    assert stop is not None
    assert (stop.code, stop.blocks, stop.values) == ("pack.order_note", True, {"notes": 1})
    assert bench.scan("CUP").code == "station.blocked"
    assert bench.scan("PW-OK").code == "station.acknowledged"
    assert interrupted(database, bench) is None
    assert bench.scan("CUP").code == "pack.complete"


def test_two_stops_are_shown_one_after_the_other(database: Database, site: build.Site, bench: Bench) -> None:
    number = packing.order_on_shelf(database, site, ("CUP", 2))
    bench.scan(number)
    assert bench.scan("LAMP").code == "pack.wrong_item"
    write(database, site, number, "Ring before you pack", must_read=True)
    assert interrupted(database, bench) is None
    after = bench.scan("PW-OK")
    assert (after.code, after.waits) == ("pack.order_note", True)
    assert bench.scan("PW-OK").code == "station.acknowledged"


def interrupted(database: Database, bench: Bench) -> Outcome | None:
    gesture = Gesture("look", GestureKind.KEY, "", bench.now)
    return database.write(lambda s: bench.floor.interrupted(s, gesture, bench.settings, bench.now))


def test_a_customers_note_counts_for_each_of_their_orders(database: Database, site: build.Site, bench: Bench) -> None:
    number = packing.order_on_shelf(database, site, ("CUP", 1))
    order_id = order_id_of(database, number)

    def known(session: Session) -> int:
        customer = Customer(channel_id=site.channel_id, channel_ref="ada@example.com", name="Ada")
        session.add(customer)
        session.flush()
        session.execute(update(Order).where(Order.id == order_id).values(customer_id=customer.id))
        return customer.id

    customer_id = database.write(known)
    said = database.write(
        lambda s: notes.write_on_customer(s, site.actor, customer_id, "Likes paper tape", NoteKind.PACKER)
    )
    assert (said.code, said.values) == ("notes.written_on_customer", {"name": "Ada"})
    assert said.changes == (Change("customer", customer_id), Change("order", order_id))
    assert shown(bench.scan(number)) == (WorkNote("Likes paper tape", of_customer=True),)


def test_what_was_taken_back_is_shown_no_more_and_kept(database: Database, site: build.Site) -> None:
    number = packing.order_on_shelf(database, site, ("CUP", 1))
    write(database, site, number, "Add a card", must_read=True)
    order_id = order_id_of(database, number)
    note_id = database.read(lambda s: s.execute(select(Note.id)).scalar_one())
    assert database.write(lambda s: notes.withdraw(s, site.actor, note_id)).code == "notes.withdrawn"
    assert database.write(lambda s: notes.withdraw(s, site.actor, note_id)).code == "notes.withdrawn_already"
    assert database.read(lambda s: packer_notes(s, order_id)) == ()
    rows, more = database.read(lambda s: notes_of_order(s, order_id))
    assert [(row.words, row.withdrawn_by != "", more) for row in rows] == [("Add a card", True, None)]


@pytest.mark.parametrize(
    ("words", "kind", "code"),
    [
        ("  ", NoteKind.PACKER, "notes.empty"),
        ("x" * 2001, NoteKind.PACKER, "notes.too_long"),
        ("x", NoteKind.CHANNEL, "notes.not_by_hand"),
    ],
)
def test_what_is_no_note_is_refused(
    database: Database, site: build.Site, words: str, kind: NoteKind, code: str
) -> None:
    number = packing.order_on_shelf(database, site, ("CUP", 1))
    assert write(database, site, number, words, kind).code == code
    assert database.read(lambda s: s.execute(select(Note.id)).all()) == []


def test_a_packer_may_not_write_them(database: Database, site: build.Site) -> None:
    number = packing.order_on_shelf(database, site, ("CUP", 1))
    order_id = order_id_of(database, number)
    actor = replace(site.actor, role=Role.PACKER)
    said = database.write(lambda s: notes.write_on_order(s, actor, order_id, "hello", NoteKind.PACKER))
    assert said.code == "office.not_permitted"


def test_an_update_of_the_channel_loses_no_note(world: World) -> None:
    order = replace(captured("#1", line("A1", 2)), note="Gift for Bob")
    world.write(lambda s: capture_orders(s, world.actor(), "shopify", [order]))
    order_id = world.read(lambda s: s.execute(select(Order.id)).scalar_one())
    world.write(lambda s: notes.write_on_order(s, world.actor(), order_id, "Box it well", NoteKind.PACKER))
    told = replace(order, note="Gift for Eve")
    counts = world.write(lambda s: capture_orders(s, world.actor(), "shopify", [told]))
    assert counts.changed_ids == (order_id,)
    assert world.read(lambda s: s.execute(select(Order.note)).scalar_one()) == "Gift for Eve"
    rows, _ = world.read(lambda s: notes_of_order(s, order_id))
    assert [(row.kind, row.words, row.withdrawn_at is None) for row in rows] == [
        (NoteKind.CHANNEL, "Gift for Bob", False),
        (NoteKind.PACKER, "Box it well", True),
    ]
    assert world.read(lambda s: packer_notes(s, order_id)) == (WorkNote("Box it well"),)
