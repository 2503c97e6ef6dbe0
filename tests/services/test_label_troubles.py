"""Labels that the carrier refuses or keeps, and the paper of labels that were taken back."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest
from sqlalchemy import text

from app.domain.outcomes import Outcome, Place, Result
from app.domain.ports import BoughtLabel
from app.domain.states import Role
from app.domain.words import say
from app.models.database import Database
from app.presenters import pack_trouble
from app.queries.label_troubles import label_troubles
from app.queries.office_lists import sealed_parcels, troubled_parcels
from app.queries.pack_work import pack_work
from app.services import label_voids, labels, spoiled_labels
from app.services.cancel import cancel_line, cancel_order
from app.services.settings_store import AT_TRUCK, FloorSettings, put_setting
from tests.services import pack_builders as packing
from tests.services import stock_builders as build
from tests.services.floor_builders import Bench
from tests.services.machine_floor import whole_bench

LABEL = "PWD0000000017"


@dataclass
class Floor:
    """One bench whose carrier does what the test says."""

    database: Database
    site: build.Site
    bench: Bench

    def column(self, sql: str) -> list[object]:
        return self.database.read(lambda s: list(s.execute(text(sql)).scalars()))

    def one(self, sql: str) -> int:
        found = self.column(sql)[0]
        assert isinstance(found, int)
        return found

    def packed(self) -> str:
        """An order of two, packed and labelled; gives its number."""
        number = packing.order_on_shelf(self.database, self.site, ("CUP", 2))
        self.carry_out(self.bench.scans(number, "CUP", "CUP"))
        return number

    def carry_out(self, outcome: Outcome) -> None:
        packing.carry_out(self.database, self.site, outcome)

    def keeps(self) -> None:
        """The carrier does not take back what it is asked for."""
        for request in self.database.read(label_voids.waiting):
            self.database.write(lambda s, request=request: label_voids.settled(s, self.site.actor, request, False))  # type: ignore[misc]


@pytest.fixture
def floor(database: Database) -> Floor:
    site = database.write(build.build_site)
    database.write(lambda s: put_setting(s, "handover", AT_TRUCK))
    bench = whole_bench(database, site, "", Place.PACK)
    bench.settings = FloorSettings(handover=AT_TRUCK)
    return Floor(database, site, bench)


def test_a_label_that_was_refused_is_said_with_what_to_do_and_asked_for_again(floor: Floor) -> None:
    number = packing.order_on_shelf(floor.database, floor.site, ("CUP", 1))
    label = floor.bench.scans(number, "CUP").effects[0].entity_id
    floor.database.write(lambda s: labels.refused(s, floor.site.actor, label, "no such postcode"))
    fulfillment = floor.one("SELECT id FROM fulfillments")
    work = floor.database.read(lambda s: pack_work(s, fulfillment, None))
    banner = pack_trouble.banner(work, None)
    assert banner is not None
    assert banner.order == "The carrier refused the label of parcel 1: no such postcode"
    assert number in banner.detail
    found = floor.database.read(lambda s: label_troubles(s, build.NOW, floor.bench.floor.station_id))
    assert [(one.kind, one.order_number, one.reason) for one in found] == [("refused", number, "no such postcode")]
    assert [row.trouble for row in floor.database.read(sealed_parcels)] == ["refused"]
    again = floor.bench.scans(number, "PW-CLOSE")
    assert again.code == "pack.label_again"
    floor.carry_out(again)
    assert floor.column("SELECT state FROM labels ORDER BY id") == ["refused", "printed"]
    assert floor.database.read(lambda s: label_troubles(s, build.NOW)) == ()


@pytest.mark.parametrize("keep", [True, False])
def test_a_lead_decides_about_a_label_that_its_carrier_keeps(floor: Floor, keep: bool) -> None:
    number = floor.packed()
    line = floor.one("SELECT id FROM order_lines")
    order = floor.one("SELECT id FROM orders")
    floor.database.write(lambda s: cancel_line(s, floor.site.actor, line, 1, "one is enough"))
    floor.keeps()
    assert floor.column("SELECT state FROM labels") == ["void_refused"]
    floor.bench.scans(LABEL)  # its paper is found
    place = floor.one("SELECT location_id FROM put_back_tasks")
    assert place
    floor.bench.scans(number, "CUP", "A-01-1")
    kept = floor.bench.scan(number)
    assert (kept.code, kept.values["tracking"]) == ("label.kept_of_nothing", LABEL)
    assert floor.bench.scan("PW-1").code == "label.nothing_to_stick_it_on"
    floor.database.write(lambda s: s.execute(text("UPDATE packages SET state = 'sealed'")))  # closed again meanwhile
    assert floor.bench.scan(number).code == "label.kept_by_carrier"
    assert [row.trouble for row in floor.database.read(troubled_parcels)] == ["void_refused"]
    decided = floor.bench.scan("PW-1" if keep else "PW-2")
    assert decided.code == ("label.kept" if keep else "label.lost")
    floor.carry_out(decided)
    assert floor.column("SELECT state FROM labels ORDER BY id") == (["printed"] if keep else ["voided", "printed"])
    assert floor.column("SELECT state FROM packages") == ["labelled"]
    assert floor.column("SELECT state FROM fulfillments") == ["packed"]
    assert floor.database.read(troubled_parcels) == ()
    assert order


def test_only_a_lead_decides(floor: Floor) -> None:
    number = floor.packed()
    floor.bench.scan("PW-REDO")
    floor.keeps()
    floor.database.write(lambda s: s.execute(text("UPDATE operators SET role = 'packer'")))
    assert floor.bench.scan(number).code == "label.kept_needs_lead"
    assert floor.bench.scan("PW-1").result is Result.REFUSED
    assert floor.column("SELECT state FROM labels") == ["void_refused"]


def test_a_label_that_was_kept_may_be_asked_back_again(floor: Floor) -> None:
    number = floor.packed()
    floor.bench.scan("PW-REDO")
    floor.keeps()
    floor.carry_out(floor.bench.scans(number, "PW-1"))
    assert floor.bench.scan("PW-REDO").code == "pack.redone"
    floor.carry_out(floor.bench.scan("PW-HELP"))
    assert floor.column("SELECT state FROM labels ORDER BY id") == ["voided", "printed"]


def test_the_paper_of_a_cancelled_label_is_found_and_scanned(floor: Floor) -> None:
    number = floor.packed()
    order = floor.one("SELECT id FROM orders")
    floor.database.write(lambda s: cancel_order(s, floor.site.actor, order, "changed their mind"))
    for request in floor.database.read(label_voids.waiting):
        floor.database.write(lambda s, request=request: label_voids.settled(s, floor.site.actor, request, True))  # type: ignore[misc]
    found = floor.database.read(lambda s: label_troubles(s, build.NOW, floor.bench.floor.station_id))
    assert [(one.kind, one.tracking_number) for one in found] == [("to_collect", LABEL)]
    assert pack_trouble.advice(found) == f"Find and scan the spoiled label {LABEL} of {number}."
    assert floor.bench.scan(LABEL).code == "label.collected"
    assert floor.database.read(lambda s: label_troubles(s, build.NOW)) == ()
    assert floor.bench.scan(LABEL).code == "station.unknown_code"


def test_a_lead_gives_up_on_paper_that_is_not_found(floor: Floor) -> None:
    floor.packed()
    order, parcel = floor.one("SELECT id FROM orders"), floor.one("SELECT id FROM packages")
    floor.database.write(lambda s: cancel_order(s, floor.site.actor, order, "changed their mind"))
    packer = replace(floor.site.actor, role=Role.PACKER)
    assert floor.database.write(lambda s: spoiled_labels.not_found(s, packer, parcel)).code == "office.not_permitted"
    assert [row.trouble for row in floor.database.read(troubled_parcels)] == ["to_collect"]
    assert (
        floor.database.write(lambda s: spoiled_labels.not_found(s, floor.site.actor, parcel)).code == "label.given_up"
    )
    assert [row.trouble for row in floor.database.read(troubled_parcels)] == ["voiding"]
    again = floor.database.write(lambda s: spoiled_labels.not_found(s, floor.site.actor, parcel))
    assert again.code == "label.not_looked_for"
    assert floor.column("SELECT action FROM audit_entries WHERE action = 'label.not_found'") == ["label.not_found"]


def test_paper_that_never_came_out_is_not_looked_for(floor: Floor) -> None:
    number = packing.order_on_shelf(floor.database, floor.site, ("CUP", 1))
    label = floor.bench.scans(number, "CUP").effects[0].entity_id
    sold = BoughtLabel(LABEL, "")
    floor.database.write(lambda s: labels.bought(s, floor.site.actor, label, sold, "Own"))
    order = floor.one("SELECT id FROM orders")
    floor.database.write(lambda s: cancel_order(s, floor.site.actor, order, "changed their mind"))
    assert [one.kind for one in floor.database.read(lambda s: label_troubles(s, build.NOW))] == ["voiding"]


def test_a_lead_voids_the_label_of_the_last_parcel_without_another(floor: Floor) -> None:
    number = floor.packed()
    floor.database.write(lambda s: s.execute(text("UPDATE operators SET role = 'packer'")))
    assert floor.bench.scan("PW-VOID").code == "pack.only_lead_voids"
    floor.database.write(lambda s: s.execute(text("UPDATE operators SET role = 'lead'")))
    voided = floor.bench.scan("PW-VOID")
    assert voided.code == "pack.voided"
    floor.carry_out(voided)
    assert floor.column("SELECT state FROM labels") == ["voided"]
    assert floor.column("SELECT state FROM packages") == ["sealed"]
    assert floor.bench.scan(LABEL).code == "label.collected"
    floor.carry_out(floor.bench.scans(number, "PW-CLOSE"))
    assert floor.column("SELECT state FROM labels ORDER BY id") == ["voided", "printed"]
    assert floor.column("SELECT state FROM fulfillments") == ["packed"]


def test_a_truck_leaves_without_the_parcel_whose_label_is_being_taken_back(floor: Floor) -> None:
    floor.packed()
    first = floor.one("SELECT id FROM packages")
    floor.bench.scans(f"P-{first}", "CAGE-1")
    floor.packed()
    second = floor.one("SELECT max(id) FROM packages")
    floor.bench.scans(f"P-{second}", "CAGE-1")
    label = floor.one("SELECT max(id) FROM labels")
    floor.database.write(lambda s: label_voids.ask_for(s, floor.site.actor, label, redo=True))
    truck = floor.bench.scans("CAGE-1", "PW-TRUCK")
    assert (truck.code, truck.values["parcels"], truck.values["held"]) == ("hand_over.truck_some_held", 1, 1)
    assert floor.column("SELECT state FROM packages ORDER BY id") == ["handed_over", "labelled"]
    assert floor.bench.scans("CAGE-1", "PW-TRUCK").code == "hand_over.all_held"


def test_every_trouble_has_its_words() -> None:
    for kind in ("refused", "unknown", "voiding", "void_refused"):
        for key in (f"pack.label_trouble.{kind}", f"pack.label_trouble.{kind}.do"):
            assert say(key, parcel=1, number="#1", reason="r") != key
