"""More sites for the small warehouse of `stock_builders`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.domain.sourcing_rules import RuleKind
from app.domain.states import LocationKind
from app.models.demand import Address
from app.models.people import Station
from app.models.sourcing import PostcodePoint, SourcingRule
from app.models.stock import Location
from app.models.warehouses import Warehouse
from tests.services import stock_builders as build

TOWNS = {"LS": (53_800_000, -1_550_000), "E": (51_530_000, -50_000), "YO": (53_960_000, -1_080_000)}


def add_site(session: Session, first: build.Site, code: str, postcode: str, **more: object) -> build.Site:
    """Another warehouse with the products of the first, its own shelves and a station."""
    warehouse = Warehouse(code=code, name=f"Hall {code}", sender={"country": "GB", "postcode": postcode}, **more)
    session.add(warehouse)
    session.flush()
    station = Station(name=f"Bench {code}", warehouse_id=warehouse.id, created_at=build.NOW)
    places = {
        name: Location(warehouse_id=warehouse.id, code=f"{code}-{name}", kind=kind, zone=zone, pick_sequence=sequence)
        for name, kind, zone, sequence in build.PLACES
    }
    session.add_all([station, *places.values()])
    session.flush()
    actor = replace(first.actor, warehouse_id=warehouse.id, station_id=station.id, writer=f"station:{station.id}")
    found = {name: place.id for name, place in places.items()}
    return replace(first, warehouse_id=warehouse.id, actor=actor, places=found)


def know_towns(session: Session) -> None:
    """Where the postcodes of the tests lie."""
    for prefix, (latitude, longitude) in TOWNS.items():
        session.add(PostcodePoint(country="GB", prefix=prefix, latitude_e6=latitude, longitude_e6=longitude))


def put_at(session: Session, site: build.Site, postcode: str) -> None:
    """The first warehouse stands there."""
    session.get_one(Warehouse, site.warehouse_id).sender = {"country": "GB", "postcode": postcode}


def rule_list(session: Session, *kinds: RuleKind) -> None:
    """These rules, without conditions."""
    for position, kind in enumerate(kinds):
        session.add(SourcingRule(position=position, kind=kind))


def goes_to(session: Session, order_id: int, postcode: str, country: str = "GB") -> None:
    """Gives an order an address of its own."""
    address = Address(name="Bo", address1="2 Row", city="Town", postcode=postcode, country=country)
    session.add(address)
    session.flush()
    session.execute(text("UPDATE orders SET ship_to_id = :to WHERE id = :order"), {"to": address.id, "order": order_id})


def shelves(site: build.Site) -> Sequence[str]:
    """The places that may be sold from."""
    return [name for name, kind, _, _ in build.PLACES if kind in (LocationKind.SHELF, LocationKind.BULK)]
