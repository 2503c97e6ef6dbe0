"""The parts of the page on which an order is typed in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from app.domain.money import money_text
from app.domain.words import say, say_count
from app.presenters.orders_customer_parts import count_of
from app.presenters.orders_entry_model import AMOUNTS, PAYMENTS, EntryModel, minor_of
from app.presenters.state import parts
from app.presenters.state.form import Form
from app.presenters.state.parts import Family
from app.queries.customers_alike import FoundCustomer

FIELDS: Mapping[str, tuple[str, ...]] = {
    "customer": (
        "find", "name", "company", "address1", "address2", "city", "postcode", "region", "country", "email", "phone",
    ),
    "lines": ("add", "quantity", "price"),
    "order": ("service", "ship_on", "priority", "shipping", "tax", "discount", "currency", "note"),
}  # fmt: skip
_BESIDE = ("company", "postcode", "country", "phone", "price", "priority", "tax", "currency")
_CODES = ("add", "quantity", "price", "ship_on", "priority", "shipping", "tax", "discount", "currency", "postcode")


def tab_of(field: str) -> str:
    """The tab on which a field stands."""
    return next((tab for tab, names in FIELDS.items() if field in names), "customer")


def form(tab: str, values: Mapping[str, str], wrong: Mapping[str, str], save: parts.Command) -> Form:
    """The fields of a tab; how it is paid stands above those of the last."""
    fields = tuple(
        parts.Field(
            name, say(f"entry.field.{name}"), values.get(name, ""), say(f"entry.field.{name}.hint"),
            wrong.get(name, ""), code=name in _CODES,
        )
        for name in FIELDS[tab]
    )  # fmt: skip
    payment = values.get("payment") or "paid"
    tabs = tuple(parts.Tab(key, say(f"entry.payment.{key}"), chosen=key == payment) for key in PAYMENTS)
    return Form(
        f"entry-{tab}", say(f"entry.form.{tab}"), say(f"entry.form.{tab}.detail"), fields,
        tabs if tab == "order" else (), (save,), beside=_BESIDE, asks=False,
    )  # fmt: skip


def facts(model: EntryModel) -> tuple[parts.Fact, ...]:
    """For whom, how many, what it comes to."""
    rows, currency = model.basket.rows, model.currency
    goods = sum(row.wanted * row.price for row in rows)
    more = {name: minor_of(model.get(name), currency) or 0 for name in AMOUNTS}
    total = goods + more["shipping"] + more["tax"] - more["discount"]
    units = sum(row.wanted for row in rows)
    return (
        parts.Fact(say("entry.fact.who"), model.get("name") or model.get("company") or say("entry.nobody_yet")),
        parts.Fact(say("entry.fact.lines"), say_count("entry.units", units, lines=len(rows))),
        parts.Fact(say("entry.fact.goods"), f"{money_text(goods, currency)} {currency}"),
        parts.Fact(say("entry.fact.total"), f"{money_text(total, currency)} {currency}"),
    )


def kept_chip(at: str) -> parts.Chip | None:
    """That what is typed is safe."""
    return parts.Chip(say("entry.kept", at=at), Family.OK, "check-circle") if at else None


def customers_table(found: Sequence[FoundCustomer], chosen: str) -> parts.Table:
    """Who was found; Enter takes one."""
    columns = (
        parts.Column(say("entry.column.customer")),
        parts.Column(say("entry.column.contact"), 260),
        parts.Column(say("entry.column.channel"), 150),
        parts.Column(say("entry.column.orders"), 84, numbers=True),
    )
    rows = tuple(
        parts.TableRow(
            str(one.account.id),
            (
                parts.Cell(one.account.name, one.number, strong=True),
                parts.Cell(one.account.email, one.account.phone),
                parts.Cell(one.account.channel),
                parts.Cell(count_of(one.orders)),
            ),
        )
        for one in found
    )
    return parts.Table("customers", columns, rows, chosen)
