"""The Stock screen as a whole: which subject, table and form stand on it, as what is known and in hand asks for."""

from __future__ import annotations

from app.domain.words import say
from app.presenters import stock_channels
from app.presenters import stock_parts as made
from app.presenters.orders_detail import CLOSE, SAVE
from app.presenters.state import parts, stock
from app.presenters.state.form import Form
from app.presenters.state.parts import Kind
from app.presenters.stock_model import CHANNELS, StockModel


def subject(model: StockModel) -> stock.Subject | None:
    """The work in hand, else the product or the place that is looked at."""
    if model.work is not None:
        return made.work_subject(model.work)
    if model.product is not None:
        return made.product_subject(model.product)
    return made.place_subject(model.place) if model.place is not None else None


def shown_table(model: StockModel) -> parts.Table:
    """What lies there, what the work is about, or what was found."""
    if model.work is not None:
        return made.work_table(model.work)
    if model.product is not None:
        if model.view == CHANNELS:
            return stock_channels.table(model.channels, model.chosen, made.TABLE)
        return made.product_table(model.product, model.chosen)
    if model.place is not None:
        return made.place_table(model.place, model.chosen)
    return made.found_table(model.found, model.asked, model.chosen)


def adjust_form(model: StockModel) -> Form | None:
    """The form of a correction of what was chosen; None while nothing is corrected."""
    holding = model.adjusting
    if holding is None:
        return None
    typed, wrong = model.typed, model.wrong
    hint = say("stock_screen.adjust.reason.hint")
    return Form(
        "adjust",
        say("stock_screen.adjust.title", sku=holding.sku, location=holding.location),
        say("stock_screen.adjust.detail", on_hand=holding.on_hand, promised=holding.promised),
        (
            parts.Field(
                "delta", say("stock_screen.adjust.delta"), typed.get("delta", ""), wrong=wrong.get("delta", "")
            ),
            parts.Field(
                "reason", say("stock_screen.adjust.reason"), typed.get("reason", ""), hint, wrong.get("reason", "")
            ),
        ),
        commands=(
            parts.Command(SAVE, say("stock_screen.adjust.save"), "Enter", icon="check", kind=Kind.PRIMARY),
            parts.Command(CLOSE, say("orders.form.close"), "Esc"),
        ),
    )


def ack_bar(model: StockModel) -> parts.AckBar | None:
    """What must be acknowledged, and how often it was scanned past."""
    if model.blocked is None:
        return None
    count = model.refused_since
    since = say("stock_screen.ack.refused_one" if count == 1 else "stock_screen.ack.refused", count=count)
    locked = " ".join([say("stock_screen.ack.locked"), *([since] if count else [])])
    return parts.AckBar(say("stock_screen.ack"), say("stock_screen.ack.how"), locked)
