"""What was typed of an order so far: plain values that a draft keeps, and the order that they come to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal, InvalidOperation

from app.domain.addresses import check_address, country_code, tidy_postcode
from app.domain.capture import Financial, PostalAddress
from app.domain.manual_order import ManualLine, ManualOrder
from app.domain.money import money_text, to_minor
from app.domain.words import say
from app.presenters.order_basket import Basket, BasketRow
from app.queries.order_edit import KnownCustomer

TABS = ("customer", "lines", "order")
ADDRESS = ("name", "company", "address1", "address2", "city", "postcode", "region", "country", "phone")
AMOUNTS = ("shipping", "tax", "discount")
PAYMENTS: Mapping[str, Financial] = {
    "paid": Financial.PAID,
    "pending": Financial.PENDING,
    "invoice": Financial.NOT_REPORTED,
}
MOST = 100_000_000
EMPTY = Basket()


@dataclass(frozen=True, slots=True)
class EntryModel:
    """The texts of all fields, the lines, and who it is for where that is known."""

    texts: Mapping[str, str] = field(default_factory=dict)
    basket: Basket = EMPTY
    customer_id: int | None = None

    @property
    def anything(self) -> bool:
        """Whether there is anything worth keeping."""
        return bool(self.basket.rows) or any(text.strip() for text in self.texts.values())

    @property
    def currency(self) -> str:
        """Three letters."""
        return self.get("currency").upper() or "GBP"

    def get(self, name: str) -> str:
        """A text without outer blanks."""
        return self.texts.get(name, "").strip()

    def put(self, name: str, text: str) -> EntryModel:
        """One text."""
        return replace(self, texts={**self.texts, name: text})

    def next_payment(self) -> EntryModel:
        """The next way of paying, after the last the first."""
        ways = tuple(PAYMENTS)
        now = self.get("payment") or ways[0]
        return self.put("payment", ways[(ways.index(now) + 1) % len(ways) if now in ways else 0])

    def with_basket(self, basket: Basket) -> EntryModel:
        """Other lines."""
        return replace(self, basket=basket)

    def of_row(self, row: BasketRow) -> EntryModel:
        """The fields of a line show it."""
        told = {"quantity": str(row.wanted), "price": money_text(row.price, self.currency)}
        return replace(self, texts={**self.texts, **told})

    def of_customer(self, known: KnownCustomer) -> EntryModel:
        """Where somebody's newest order went; what is typed of the rest stays."""
        told = {name: str(getattr(known.to, name)) for name in ADDRESS}
        told["email"] = known.email
        if not self.get("service"):
            told["service"] = known.service
        return replace(self, texts={**self.texts, **told, "find": ""}, customer_id=known.customer_id)


def content_of(model: EntryModel) -> dict[str, object]:
    """As a draft keeps it."""
    lines = [[row.product_id, row.sku, row.name, row.wanted, row.price, row.free] for row in model.basket.rows]
    return {"texts": dict(model.texts), "lines": lines, "customer": model.customer_id}


def model_of(content: Mapping[str, object]) -> EntryModel:
    """What a draft kept."""
    texts, lines, customer = content.get("texts"), content.get("lines"), content.get("customer")
    rows = tuple(
        BasketRow(int(product), str(sku), str(name), int(wanted), int(price), int(free))
        for product, sku, name, wanted, price, free in (lines if isinstance(lines, list) else ())
    )
    told = {str(name): str(text) for name, text in texts.items()} if isinstance(texts, dict) else {}
    return EntryModel(told, Basket(rows), customer if isinstance(customer, int) else None)


def minor_of(text: str, currency: str) -> int | None:
    """Minor units of a typed amount, nothing for an empty one; None for what is no amount."""
    words = text.strip().replace(" ", "").replace(",", ".")
    if not words:
        return 0
    try:
        minor = to_minor(Decimal(words), currency)
    except (InvalidOperation, OverflowError):
        return None
    return minor if 0 <= minor < MOST else None


def address_of(model: EntryModel) -> PostalAddress:
    """The address as it is captured: country as its code, postcode as its post writes it."""
    country = country_code(model.get("country"))
    postcode = tidy_postcode(country, model.get("postcode")) if model.get("postcode") else None
    texts = {name: model.get(name) for name in ADDRESS}
    return PostalAddress(**{**texts, "country": country, "postcode": postcode or model.get("postcode")})


def faults_of(model: EntryModel) -> dict[str, str]:
    """What is wrong with the address, by field, in words."""
    return {problem.field: say(problem.fault.key, found=problem.found) for problem in check_address(address_of(model))}


def order_of(model: EntryModel) -> ManualOrder | dict[str, str]:
    """The order, or what is wrong with it by field."""
    wrong: dict[str, str] = {}
    amounts: dict[str, int] = {}
    for name in AMOUNTS:
        minor = minor_of(model.get(name), model.currency)
        if minor is None:
            wrong[name] = say("entry.no_money")
        amounts[name] = minor or 0
    priority = model.get("priority") or "5"
    if priority not in {str(number) for number in range(1, 10)}:
        wrong["priority"] = say("entry.no_priority")
        priority = "5"
    day = None
    if model.get("ship_on"):
        try:
            day = date.fromisoformat(model.get("ship_on"))
        except ValueError:
            wrong["ship_on"] = say("entry.no_day")
    if len(model.currency) != 3 or not model.currency.isalpha():
        wrong["currency"] = say("entry.no_currency")
    lines = tuple(
        ManualLine(row.sku, row.name, row.wanted, row.price) for row in model.basket.rows if row.product_id is not None
    )
    order = ManualOrder(
        address_of(model),
        lines,
        model.get("email"),
        model.customer_id,
        model.currency,
        amounts["tax"],
        amounts["shipping"],
        amounts["discount"],
        PAYMENTS.get(model.get("payment") or "paid", Financial.PAID),
        model.get("service"),
        int(priority),
        day,
        model.get("note"),
    )
    if not wrong and order.missing:
        wrong[{"entry.no_name": "name", "entry.below_nothing": "discount"}.get(order.missing, "add")] = say(
            order.missing
        )
    return wrong or order
