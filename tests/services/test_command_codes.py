"""Commands that act on what is open: a carton by its code, the walk on paper, its first and its last stop."""

from __future__ import annotations

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.domain.document_samples import document_of_job
from app.domain.outcomes import Place
from app.domain.work import PickWork
from app.models.catalogue import Carton
from app.models.database import Database
from app.models.shipping import PrintJob
from app.services.allocate import allocate_ready
from app.services.release import release
from tests.services import pack_builders as packing
from tests.services import stock_builders as build
from tests.services.machine_floor import Hand, whole_bench


@pytest.fixture
def site(database: Database) -> build.Site:
    return database.write(build.build_site)


def test_a_carton_is_chosen_by_its_code_scanned_or_typed(database: Database, site: build.Site) -> None:
    def boxes(session: Session) -> None:
        sizes = {"length_mm": 300, "width_mm": 200, "height_mm": 100, "weight_g": 150, "max_weight_g": 9000}
        session.add_all([Carton(code=f"BOX-{n}", name=f"Box {n}", key_order=n, **sizes) for n in range(1, 13)])

    database.write(boxes)
    bench = whole_bench(database, site, "", Place.PACK)
    bench.scans(packing.order_on_shelf(database, site, ("CUP", 2)), "CUP")
    assert bench.scan("PW-CTN").code == "pack.carton_wanted"
    chosen = bench.scan("box-12")
    assert (chosen.code, chosen.values["carton"]) == ("pack.carton_chosen", "BOX-12")
    assert bench.scan("PW-CTN").code == "pack.carton_wanted"
    assert bench.type("BOX-99").code == "pack.no_carton_has_code"
    assert bench.type("BOX-11").values["carton"] == "BOX-11"
    assert bench.scans("PW-CTN", "PW-3").values["carton"] == "BOX-3"
    assert bench.scans("PW-CTN", "PW-BACK").code == "pack.back"
    assert bench.scans("PW-CTN", "CUP").code == "pack.complete"  # an item is an item
    with database.reading() as session:
        kept = session.execute(text("SELECT c.code FROM packages p JOIN cartons c ON c.id = p.carton_id")).scalar_one()
    assert kept == "BOX-3"


def test_what_is_left_of_a_walk_is_printed_and_its_ends_are_reached(database: Database, site: build.Site) -> None:
    def orders(session: Session) -> None:
        for sku, place in (("CUP", "A-01-1"), ("LAMP", "A-02-1"), ("SOAP", "B-01-1")):
            build.stock(session, site, sku, place, 5)
        build.add_order(session, site, [("CUP", 2), ("LAMP", 1), ("SOAP", 1)])

    database.write(orders)
    database.write(lambda s: allocate_ready(s, site.actor, 10))
    database.write(lambda s: release(s, site.actor))
    bench = whole_bench(database, site, "", Place.PICK)
    hand = Hand(bench)
    bench.scans("PL-1", "T-1", "A-01-1", "CUP", "CUP")
    assert bench.scan("PW-LAST").values["location"] == "B-01-1"
    assert isinstance(hand.work, PickWork)
    assert bench.scan("PW-FIRST").values["location"] == "A-02-1"
    for code in ("PW-SHEET", "O-BTN.print-op"):
        printed = bench.scan(code)
        assert (printed.code, printed.values["stops"]) == ("pick.sheet_printed", 2)
    found = select(PrintJob.document, PrintJob.content).order_by(PrintJob.id)
    (document, content), again = database.read(lambda s: [tuple(row) for row in s.execute(found)])
    assert document == "pick-list"
    assert again[1]["stops"] == content["stops"]
    assert [(stop["location"], stop["sku"], stop["quantity"], stop["slot"]) for stop in content["stops"]] == [
        ("A-02-1", "LAMP", 1, "1"),
        ("B-01-1", "SOAP", 1, "1"),
    ]
    assert content["totes"] == [{"slot": "1", "tote": "T-1", "order": "#1000"}]
    assert (content["picker"], content["warehouse"], content["date"]) == ("Ines Falk", "Hall", "2026-03-02 09:00")
    assert document_of_job("pick-list", content).pages
