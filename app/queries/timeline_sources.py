"""Where the time line of an order is read from: one SELECT a kind of happening, all with the same columns.

`{parts}` stands for the fulfillments of the order. A part of the union is found by the order's own indexes, so that
it reads no more than belongs to the order, whatever the size of the tables.
"""

from __future__ import annotations

from dataclasses import dataclass

NOBODY = "''"
_PERSON = "LEFT JOIN operators p ON p.id = {by} "
_WHERE = "LEFT JOIN stations s ON s.id = {at} "
_NAME = "coalesce(p.name, '')"
_STATION = "coalesce(s.name, '')"
_GOODS = "d.sku || ' ' || d.name"


@dataclass(frozen=True, slots=True)
class Source:
    """Happenings of one kind: `tables` with their joins, the condition, and what fills the columns."""

    kind: str
    tables: str
    where: str
    at: str
    key: str
    who: str = NOBODY
    station: str = NOBODY
    a: str = NOBODY
    b: str = NOBODY
    c: str = NOBODY
    n: str = "0"


_PARTS = "fulfillments f "
_OF_PARTS = "f.order_id = :order"
_PACKAGES = "fulfillments f JOIN packages k ON k.fulfillment_id = f.id "
_LABELS = _PACKAGES + "JOIN labels l ON l.package_id = k.id "
_JOBS = _PACKAGES + "JOIN print_jobs j ON j.package_id = k.id "
_RETURNS = "return_authorizations r "
_UNITS = (
    "return_authorizations r JOIN return_units u ON u.return_id = r.id "
    "LEFT JOIN products d ON d.id = u.product_id " + _PERSON.format(by="u.decided_by_id")
)
_MOVED = (
    "fulfillments f JOIN stock_movements m ON m.fulfillment_id = f.id AND m.reason = '{reason}' "
    "JOIN products d ON d.id = m.product_id JOIN locations x ON x.id = m.from_location_id "
    "JOIN locations y ON y.id = m.to_location_id "
    + _PERSON.format(by="m.operator_id")
    + _WHERE.format(at="m.station_id")
)
_AUDITED = "LEFT JOIN stations s ON e.writer = 'station:' || s.id " + _PERSON.format(by="e.operator_id")
_NOTES = "notes n " + _PERSON.format(by="n.{by}") + _WHERE.format(at="n.station_id")
_BENCH = "fulfillments f JOIN bench_changes b ON b.fulfillment_id = f.id LEFT JOIN products d ON d.id = b.product_id "


def _moved(kind: str, reason: str) -> Source:
    return Source(
        kind, _MOVED.format(reason=reason), _OF_PARTS, "m.at", "m.id", _NAME, _STATION, _GOODS, "x.code", "y.code",
        "m.quantity",
    )  # fmt: skip


def _label(kind: str, column: str, where: str = "", b: str = "l.carrier", c: str = "l.service") -> Source:
    found = f"{_OF_PARTS} AND l.{column} IS NOT NULL{where}"
    return Source(kind, _LABELS, found, f"l.{column}", "l.id", a="l.tracking_number", b=b, c=c, n="k.number")


def _job(kind: str, where: str, at: str) -> Source:
    tables = _JOBS + _PERSON.format(by="j.operator_id") + _WHERE.format(at="j.station_id")
    found = f"{_OF_PARTS} AND {where}"
    return Source(kind, tables, found, at, "j.id", _NAME, _STATION, "j.document", "j.reason", "j.sent_to", "k.number")


def _audit(kind: str, tables: str, subject: str, ref: str, where: str) -> Source:
    joined = f"{tables}JOIN audit_entries e ON e.subject_kind = '{subject}' AND e.subject_id = {ref} {_AUDITED}"
    return Source(kind, joined, where, "e.at", "e.id", _NAME, _STATION, "e.action", "e.detail", "e.writer")


_LEFT = (
    "fulfillments f JOIN audit_entries o ON o.subject_kind = 'fulfillment' AND o.subject_id = f.id "
    "JOIN audit_entries e ON e.writer = o.writer AND e.seq = o.seq + 1 AND e.subject_id IS NULL "
    "AND e.action IN ('pack.put_aside', 'pack.left') "
    "LEFT JOIN gestures g ON g.id = replace(replace(e.detail, '{\"gesture\":\"', ''), '\"}', '') " + _AUDITED
)

SOURCES: tuple[Source, ...] = (  # of one moment, those below happened later
    Source(
        "ordered",
        "orders o JOIN channels c ON c.id = o.channel_id ",
        "o.id = :order AND o.created_at < o.captured_at",
        "o.created_at",
        "o.id",
        a="c.name",
        b="o.number",
    ),
    Source(
        "captured", "orders o JOIN channels c ON c.id = o.channel_id ", "o.id = :order", "o.captured_at", "o.id",
        a="c.name", b="o.number",
    ),
    Source(
        "payment", "payments y ", "y.order_id = :order AND (y.kind <> 'refunded' OR y.reference = 'channel')", "y.at",
        "y.id", a="y.kind", b="y.currency", c="y.reference", n="y.amount",
    ),
    Source(
        "held", "holds h " + _PERSON.format(by="h.opened_by_id"), "h.order_id = :order", "h.opened_at", "h.id", _NAME,
        a="h.kind", b="h.detail",
    ),
    Source(
        "lifted", "holds h " + _PERSON.format(by="h.released_by_id"),
        "h.order_id = :order AND h.released_at IS NOT NULL", "h.released_at", "h.id", _NAME,
        a="h.kind", b="h.release_reason",
    ),
    Source(
        "allocated", _PARTS + "JOIN warehouses w ON w.id = f.warehouse_id ", _OF_PARTS, "f.created_at", "f.id",
        a="w.name", b="f.state",
        n="(SELECT coalesce(SUM(a.quantity), 0) FROM allocations a WHERE a.fulfillment_id = f.id "
        "AND a.state <> 'moved' AND a.state <> 'closed')",
    ),
    Source(
        "sourced", _PARTS + "JOIN sourcing_choices q ON q.fulfillment_id = f.id JOIN warehouses w ON w.id = "
        "f.warehouse_id ", _OF_PARTS, "q.at", "q.id", a="q.code", b="CAST(q.facts AS TEXT)", c="w.name",
        n="coalesce(q.rerouted_from_id, 0)",
    ),
    Source(
        "released", _PARTS + "JOIN waves v ON v.id = f.wave_id " + _PERSON.format(by="v.released_by_id"), _OF_PARTS,
        "v.released_at", "f.id", _NAME, a="CAST(v.id AS TEXT)",
    ),
    _audit("audit", "fulfillments f ", "fulfillment", "f.id", _OF_PARTS + " AND e.action <> 'pack.counted'"),
    Source(
        "walk", "fulfillments f JOIN pick_list_slots t ON t.fulfillment_id = f.id JOIN pick_lists l ON "
        "l.id = t.pick_list_id LEFT JOIN carts x ON x.id = l.cart_id ", _OF_PARTS + " AND l.started_at IS NOT NULL",
        "l.started_at", "t.id", a="CAST(l.id AS TEXT)", b="coalesce(x.code, '')", n="t.slot",
    ),
    _moved("picked", "pick"),
    _moved("unpicked", "unpick"),
    Source(
        "short", "fulfillments f JOIN pick_tasks t ON t.fulfillment_id = f.id JOIN short_picks z ON "
        "z.pick_task_id = t.id JOIN products d ON d.id = z.product_id JOIN locations x ON x.id = z.location_id "
        + _PERSON.format(by="z.operator_id"), _OF_PARTS, "z.at", "z.id", _NAME, a=_GOODS, b="x.code", c="z.reason",
        n="z.quantity",
    ),
    _moved("packed", "pack"),
    _moved("unpacked", "unpack"),
    Source(
        "sealed", _PACKAGES + _PERSON.format(by="k.operator_id") + _WHERE.format(at="k.station_id"),
        _OF_PARTS + " AND k.sealed_at IS NOT NULL", "k.sealed_at", "k.id", _NAME, _STATION,
        a="coalesce(CAST(k.weight_g AS TEXT), '')", b="k.state", n="k.number",
    ),
    _label("label_refused", "intended_at", " AND l.state = 'refused'", c="l.reason"),
    _label("label_bought", "bought_at"),
    _job("printed", "j.state = 'printed' AND j.done_at IS NOT NULL", "j.done_at"),
    _job("print_failed", "j.state = 'failed'", "coalesce(j.done_at, j.created_at)"),
    _label("label_applied", "applied_at"),
    _label("label_voided", "voided_at"),
    _label("label_spoiled", "spoiled_at"),
    _label("label_collected", "collected_at"),
    _audit("audit", _PACKAGES, "package", "k.id", _OF_PARTS),
    Source(
        "left", _LEFT, _OF_PARTS, "e.at", "e.id", _NAME, _STATION, "e.action", "coalesce(CAST(g.answer AS TEXT), '')"
    ),
    Source(
        "to_put_back", _PARTS + "JOIN put_back_tasks t ON t.fulfillment_id = f.id JOIN products d ON "
        "d.id = t.product_id JOIN locations x ON x.id = t.location_id ", _OF_PARTS, "t.created_at", "t.id",
        a=_GOODS, b="x.code", n="t.quantity",
    ),
    Source(
        "handed_over", _PACKAGES + "LEFT JOIN locations x ON x.id = k.cage_id ",
        _OF_PARTS + " AND k.handed_over_at IS NOT NULL", "k.handed_over_at", "k.id", a="coalesce(x.code, '')",
        n="k.number",
    ),
    Source(
        "shipped", _PARTS + "JOIN warehouses w ON w.id = f.warehouse_id ", _OF_PARTS + " AND f.shipped_at IS NOT NULL",
        "f.shipped_at", "f.id", a="w.name", b="f.service",
    ),
    Source("return_opened", _RETURNS, "r.order_id = :order", "r.created_at", "r.id", a="r.code", b="r.customer_note"),
    Source(
        "return_received", _RETURNS + "JOIN return_receipts t ON t.return_id = r.id "
        + _PERSON.format(by="t.operator_id") + _WHERE.format(at="t.station_id"), "r.order_id = :order",
        "t.received_at", "t.id", _NAME, _STATION, a="r.code",
    ),
    Source(
        "return_decided", _UNITS, "r.order_id = :order AND u.decided_at IS NOT NULL", "u.decided_at", "u.id", _NAME,
        a="coalesce(d.sku, '')", b="coalesce(u.disposition, '')", c="u.reason", n="u.number",
    ),
    Source(
        "refunded", "refunds z " + _PERSON.format(by="z.decided_by_id"), "z.order_id = :order", "z.at", "z.id", _NAME,
        a="z.state", b="z.currency", c="z.reason", n="z.amount",
    ),
    Source("credited", "store_credits z ", "z.order_id = :order", "z.at", "z.id", b="z.currency", n="z.amount"),
    Source(
        "exchanged", "return_authorizations r JOIN return_units u ON u.return_id = r.id JOIN exchanges z ON "
        "z.return_unit_id = u.id JOIN orders o ON o.id = z.order_id ", "r.order_id = :order", "z.at", "z.id",
        a="o.number", b="z.note",
    ),
    Source(
        "return_closed", _RETURNS, "r.order_id = :order AND r.closed_at IS NOT NULL", "r.closed_at", "r.id", a="r.code"
    ),
    Source(
        "noted", _NOTES.format(by="operator_id"), "n.order_id = :order", "n.at", "n.id", _NAME, _STATION, a="n.kind",
        b="n.words", n="CASE WHEN n.must_read THEN 1 ELSE 0 END",
    ),
    Source(
        "note_withdrawn", _NOTES.format(by="withdrawn_by_id"),
        "n.order_id = :order AND n.withdrawn_at IS NOT NULL AND n.kind <> 'channel'", "n.withdrawn_at", "n.id", _NAME,
        a="n.kind", b="n.words",
    ),
    Source(
        "note_read", _PARTS + "JOIN note_reads g ON g.fulfillment_id = f.id JOIN notes n ON n.id = g.note_id "
        + _PERSON.format(by="g.operator_id") + _WHERE.format(at="g.station_id"), _OF_PARTS, "g.at", "g.id", _NAME,
        _STATION, a="n.kind", b="n.words",
    ),
    Source(
        "bench_told", _BENCH + _PERSON.format(by="b.operator_id"), _OF_PARTS, "b.at", "b.id", _NAME, a="b.kind",
        b="coalesce(d.sku, '')", c="b.reason", n="b.quantity",
    ),
    Source(
        "bench_saw", _BENCH + _PERSON.format(by="b.seen_by_id"), _OF_PARTS + " AND b.seen_at IS NOT NULL", "b.seen_at",
        "b.id", _NAME, a="b.kind", b="coalesce(d.sku, '')", n="b.quantity",
    ),
    _audit("audit", "orders o ", "order", "o.id", "o.id = :order"),
)  # fmt: skip
REFUSALS = (  # what was refused at a bench between two entries of its chain, the first of which had this order open
    "SELECT g.at, g.id AS key, g.code AS a, CAST(g.answer AS TEXT) AS b, g.raw AS c, coalesce(p.name, '') AS who, "
    "s.name AS station FROM fulfillments f JOIN audit_entries e ON e.subject_kind = 'fulfillment' "
    "AND e.subject_id = f.id AND e.detail LIKE '{{\"gesture\"%' JOIN stations s ON e.writer = 'station:' || s.id "
    "LEFT JOIN audit_entries x ON x.writer = e.writer AND x.seq = e.seq + 1 "
    "JOIN gestures g ON g.station_id = s.id AND g.at >= e.at - :slack AND g.at <= coalesce(x.at, :far) "
    "LEFT JOIN operators p ON p.id = g.operator_id WHERE f.order_id = :order AND g.applied_at >= e.at "
    "AND g.applied_at < coalesce(x.at, :far) AND g.result IN ('refused', 'blocked') AND g.code <> 'station.blocked' "
    "AND (g.at < :at OR (g.at = :at AND ({rank} < :rank OR ({rank} = :rank AND g.id < :gesture)))) "
    "ORDER BY g.at DESC, g.id DESC LIMIT :most"
)


def part(rank: int, source: Source) -> str:
    """One part of the union: what happened before a place in the time line, the newest first."""
    return (
        f"SELECT {source.at} AS at, {rank} AS rank, {source.key} AS key, '{source.kind}' AS kind, {source.who} AS who, "
        f"{source.station} AS station, {source.a} AS a, {source.b} AS b, {source.c} AS c, {source.n} AS n "
        f"FROM {source.tables}WHERE {source.where} AND ({source.at} < :at OR ({source.at} = :at AND ({rank} < :rank "
        f"OR ({rank} = :rank AND {source.key} < :key)))) ORDER BY 1 DESC, 3 DESC LIMIT :most"
    )
