"""Reads what sourcing goes by: sites, rules, places of postcodes, and where orders go."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, text
from sqlalchemy.orm import Session

from app.domain.addresses import country_code
from app.domain.deadlines import next_cut_off
from app.domain.sourcing_places import Places, Point, Site, prefixes, site_of
from app.domain.sourcing_rules import USUAL_RULES, Conditions, Rule, RuleKind
from app.domain.sourcing_values import Source
from app.domain.states import WarehouseKind
from app.services.actor import Actor
from app.services.bulk import among, among_words, id_list, word_list

_SITES = text(
    "SELECT id, code, name, zone, kind, active, sender, latitude_e6, longitude_e6, cut_off, daily_capacity, "
    "parcel_cost, unit_cost FROM warehouses ORDER BY CASE WHEN id = :own THEN 0 ELSE 1 END, id"
)
_RULES = text("SELECT kind, enabled, parameters, conditions FROM sourcing_rules ORDER BY position, id")
_PREFIXES = "SELECT country, prefix, latitude_e6, longitude_e6 FROM postcode_points WHERE {prefixes}"
_DESTINATIONS = (
    "SELECT o.id, o.channel_id, c.key, a.country, a.postcode, o.pick_up_at_id, u.preferred_warehouse_id FROM orders o "
    "JOIN channels c ON c.id = o.channel_id JOIN addresses a ON a.id = o.ship_to_id "
    "LEFT JOIN customers u ON u.id = o.customer_id WHERE {orders}"
)
_GROUPS = "SELECT id, group_name FROM products WHERE {products} AND group_name <> ''"
_BEFORE_TODAY = text("SELECT id FROM fulfillments WHERE created_at < :midnight ORDER BY id DESC LIMIT 1")
_TAKEN_TODAY = text(
    "SELECT COUNT(*) FROM fulfillments WHERE id > :before AND warehouse_id = :warehouse AND state <> 'cancelled' "
    "AND created_at >= :midnight"
)


@dataclass(frozen=True, slots=True)
class Destination:
    """Where an order goes, and what of it rules may ask."""

    channel_id: int
    channel: str
    country: str
    postcode: str
    pick_up_at: int | None
    preferred: int | None


def read_rules(session: Session, codes: Mapping[str, int]) -> tuple[Rule, ...]:
    """The rules in force, the weightiest first; the usual ones until somebody writes one. `codes` names the sites."""
    rows = session.connection().execute(_RULES).all()
    if not rows:
        return USUAL_RULES
    return tuple(
        rule_of(RuleKind(kind), plain_json(parameters), plain_json(conditions), codes)
        for kind, enabled, parameters, conditions in rows
        if enabled
    )


def rule_of(
    kind: RuleKind, parameters: Mapping[str, object], conditions: Mapping[str, object], codes: Mapping[str, int]
) -> Rule:
    """A rule from what is stored of it; what this version does not know is left out."""
    numbers = {key: value for key, value in parameters.items() if isinstance(value, int)}
    named = parameters.get("warehouses")
    sites = tuple(codes[code] for code in named if code in codes) if isinstance(named, list) else ()
    asked = {name: _small(conditions.get(name)) for name in Conditions.__slots__}
    return Rule(kind, numbers, sites, Conditions(**asked))


def _small(words: object) -> frozenset[str]:
    return frozenset(str(word).lower() for word in words) if isinstance(words, list) else frozenset()


def read_sources(session: Session, actor: Actor, rules: Iterable[Rule]) -> tuple[Source, ...]:
    """The sites that may be sources, the actor's own first."""
    counts = any(rule.kind is RuleKind.CAPACITY for rule in rules)
    rows = session.connection().execute(_SITES, {"own": actor.warehouse_id}).mappings()
    return tuple(_source(session, dict(row), actor.now, counts) for row in rows if row["active"])


def site_codes(session: Session) -> dict[str, int]:
    """The sites by their codes, those that are out of use too."""
    return {row.code: row.id for row in session.connection().execute(_SITES, {"own": 0})}


def _source(session: Session, row: Mapping[str, object], now: datetime, counts: bool) -> Source:
    sender = plain_json(row["sender"])
    zone, cut_off, capacity = str(row["zone"]), row["cut_off"], row["daily_capacity"]
    departs = None
    if isinstance(cut_off, int):
        departs = round(next_cut_off(now, zone, time(cut_off // 60 % 24, cut_off % 60)).timestamp() * 1000)
    room = None
    if isinstance(capacity, int) and counts:
        room = capacity - _taken_today(session, _int(row["id"]) or 0, now, zone)
    return Source(
        _int(row["id"]) or 0,
        str(row["name"]),
        site_of(
            str(sender.get("country") or ""), str(sender.get("postcode") or ""),
            _int(row["latitude_e6"]), _int(row["longitude_e6"]),
        ),
        WarehouseKind(str(row["kind"])),
        departs,
        _int(capacity),
        room,
        _int(row["parcel_cost"]) or 0,
        _int(row["unit_cost"]) or 0,
    )  # fmt: skip


def _int(value: object) -> int | None:
    return value if isinstance(value, int) else None


def plain_json(told: object) -> Mapping[str, object]:
    """An object that is kept as JSON: text on SQLite."""
    if isinstance(told, str):
        told = json.loads(told)
    return told if isinstance(told, dict) else {}


def _taken_today(session: Session, warehouse_id: int, now: datetime, zone: str) -> int:
    """Fulfillments that a site got since its midnight. Their ids grow with time, so nothing older is looked at."""
    local = now.astimezone(ZoneInfo(zone))
    midnight = round(datetime.combine(local.date(), time(), local.tzinfo).astimezone(UTC).timestamp() * 1000)
    connection = session.connection()
    before = connection.execute(_BEFORE_TODAY, {"midnight": midnight}).scalar() or 0
    values = {"before": before, "warehouse": warehouse_id, "midnight": midnight}
    return int(connection.execute(_TAKEN_TODAY, values).scalar_one())


def read_destinations(session: Session, order_ids: Collection[int]) -> dict[int, Destination]:
    """Where these orders go."""
    connection = session.connection()
    sql = text(_DESTINATIONS.format(orders=among(connection, "o.id")))
    return {
        row[0]: Destination(row[1], row[2], country_code(row[3]), row[4], row[5], row[6])
        for row in connection.execute(sql, {"ids": id_list(connection, order_ids)})
    }


def read_groups(session: Session, product_ids: Collection[int]) -> dict[int, str]:
    """The groups of these products, of those that have one."""
    connection = session.connection()
    sql = text(_GROUPS.format(products=among(connection, "id")))
    return {row[0]: row[1] for row in connection.execute(sql, {"ids": id_list(connection, product_ids)})}


def read_places(session: Session, rules: Sequence[Rule], sites: Iterable[Site], to: Iterable[Destination]) -> Places:
    """The points of the postcodes that are asked for; nothing where no rule asks how far it is."""
    asks = any(
        rule.kind is RuleKind.NEAREST or (rule.kind is RuleKind.CHEAPEST and rule.number("each_100_km"))
        for rule in rules
    )
    if not asks:
        return Places()
    wanted = {(one.country, one.postcode) for one in to}
    wanted |= {(site.country, site.postcode) for site in sites if site.point is None}
    known = {prefix for country, postcode in wanted for prefix in prefixes(country, postcode)}
    return Places(_points(session.connection(), sorted(known)))


def _points(connection: Connection, known: Sequence[str]) -> dict[str, dict[str, Point]]:
    found: defaultdict[str, dict[str, Point]] = defaultdict(dict)
    if known:
        sql = text(_PREFIXES.format(prefixes=among_words(connection, "prefix", "words")))
        for country, prefix, latitude, longitude in connection.execute(sql, {"words": word_list(connection, known)}):
            found[country][prefix] = Point(latitude, longitude)
    return dict(found)
