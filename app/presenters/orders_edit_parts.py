"""The parts of the page on which an order is changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from app.domain.money import money_text
from app.domain.words import say
from app.presenters import orders_parts
from app.presenters.order_basket import Basket, BasketRow
from app.presenters.state import parts
from app.presenters.state.parts import Family
from app.queries.order_edit import Editable, FoundProduct, OtherOrder
from app.queries.queue_rows import QueueRow


def chip(known: Editable, row: QueueRow | None) -> parts.Chip | None:
    """Where the order stands in the words of the list, or which one it goes with."""
    if known.into:
        return parts.Chip(say("edits.goes_with", number=known.into), Family.WARN, "link")
    return None if row is None else orders_parts.chip(row)


def detail(tab: str, known: Editable, basket: Basket) -> str:
    """What saving does, in the words of where the order is."""
    if tab == "lines":
        more = sum(max(row.changed, 0) for row in basket.rows)
        fewer = -sum(min(row.changed, 0) for row in basket.rows)
        if not more and not fewer:
            return say("edits.detail.lines")
        what = "changed" if more and fewer else "more" if more else "fewer"
        return say(f"edits.detail.lines.{what}", more=more, fewer=fewer)
    return say(f"edits.detail.{tab}", number=known.number)


def lines_table(rows: Sequence[BasketRow], chosen: str, currency: str, *, new: bool = False) -> parts.Table:
    """The lines as they are to be, each with what it was, unless all of them are `new`."""
    columns = (
        parts.Column(say("edits.column.product")),
        parts.Column(say("edits.column.free"), 84, numbers=True),
        parts.Column(say("edits.column.price"), 110, numbers=True),
        *(() if new else (parts.Column(say("edits.column.before"), 84, numbers=True),)),
        parts.Column(say("edits.column.wanted"), 120, numbers=True),
    )
    return parts.Table(
        "lines", columns, tuple(line_row(row, currency, new=new) for row in rows), chosen, empty=say("edits.no_lines")
    )


def line_row(row: BasketRow, currency: str, *, new: bool = False) -> parts.TableRow:
    """One line; what changes is loud, what is not in stock is yellow."""
    family = None if new or not row.changed else Family.OK if row.changed > 0 else Family.WARN
    words = (
        "" if not row.changed else say("edits.difference", sign="+" if row.changed > 0 else "−", units=abs(row.changed))
    )
    short = row.changed > row.free
    return parts.TableRow(
        row.key,
        (
            parts.Cell(row.name, row.sku, strong=True),
            parts.Cell(str(row.free), family=Family.WARN if short else None, icon="warning" if short else ""),
            parts.Cell(f"{money_text(row.price, currency)} {currency}".strip()),
            *(() if new else (parts.Cell(str(row.before) if row.line_id is not None else ""),)),
            parts.Cell(
                str(row.wanted), "" if new else words, family=family, strong=True, icon="" if new else _icon(row)
            ),
        ),
    )


def _icon(row: BasketRow) -> str:
    if not row.changed:
        return ""
    return "plus-circle" if row.changed > 0 else "minus-circle"


def found_table(found: Sequence[FoundProduct], chosen: str, currency: str) -> parts.Table:
    """Products that have in their name what was typed; Enter takes one."""
    columns = (
        parts.Column(say("edits.column.found")),
        parts.Column(say("edits.column.free"), 90, numbers=True),
        parts.Column(say("edits.column.price"), 120, numbers=True),
    )
    rows = tuple(
        parts.TableRow(
            str(one.product_id),
            (
                parts.Cell(one.name, one.sku, strong=True),
                parts.Cell(str(one.free)),
                parts.Cell(f"{money_text(one.price, currency)} {currency}".strip()),
            ),
        )
        for one in found
    )
    return parts.Table("found", columns, rows, chosen)


def service_table(services: Sequence[str], chosen: str) -> parts.Table:
    """Services that orders asked for lately."""
    rows = tuple(parts.TableRow(name, (parts.Cell(name, strong=name == chosen),)) for name in services)
    columns = (parts.Column(say("edits.column.service")),)
    return parts.Table("services", columns, rows, chosen, empty=say("edits.no_services"))


def others_table(others: Sequence[OtherOrder], rows_of: Mapping[int, QueueRow], chosen: str) -> parts.Table:
    """Other open orders of the customer, each with where it stands; those that go elsewhere say so."""
    columns = (
        parts.Column(say("edits.column.order"), 190),
        parts.Column(say("edits.column.to")),
        parts.Column(say("edits.column.units"), 84, numbers=True),
        parts.Column(say("edits.column.place"), 190),
    )
    rows = tuple(
        parts.TableRow(
            str(one.order_id),
            (
                parts.Cell(one.number, _stands(rows_of.get(one.order_id)), code=True, strong=True),
                parts.Cell(one.to, quiet=not one.same_place),
                parts.Cell(str(one.units)),
                parts.Cell(
                    chip=parts.Chip(say("edits.same_place"), Family.OK, "check-circle")
                    if one.same_place
                    else parts.Chip(say("edits.not_same_place"), Family.WARN, "map-pin")
                ),
            ),
        )
        for one in others
    )
    return parts.Table("others", columns, rows, chosen, empty=say("edits.no_other"))


def _stands(row: QueueRow | None) -> str:
    return "" if row is None else orders_parts.chip(row).words
