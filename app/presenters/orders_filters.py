"""The panel of filters: every view of the queue, channels, services, and what somebody keeps."""

from __future__ import annotations

from dataclasses import replace

from app.domain.words import say
from app.presenters.orders_detail import CLOSE, DROP_FILTER, KEEP_FILTER
from app.presenters.orders_forms import buttons, field
from app.presenters.orders_model import OrdersModel, Panel
from app.presenters.state import orders, parts
from app.presenters.state.form import Form
from app.queries.order_queue import QueueFilter, QueueView

TABLE = "filters"


def filters(model: OrdersModel) -> orders.Filters:
    """The list with the filter that is on chosen, and what can be done with it."""
    rows = [_row(f"view:{view.value}", say(f"orders.view.{view.value}"), "") for view in QueueView]
    rows += [_row(f"channel:{key}", name, say("orders.filters.channel")) for key, name in model.choices.channels]
    rows += [_row(f"service:{name}", name, say("orders.filters.service")) for name in model.choices.services]
    kept = [_row(f"kept:{one.id}", one.name, say("orders.filters.kept")) for one in model.choices.kept]
    table = parts.Table(
        TABLE,
        (parts.Column(say("orders.filters.column")),),
        (*kept, *rows),
        model.filter_row or f"view:{model.asked.view.value}",
        two_lines=True,
    )
    keeps = model.panel is Panel.KEEP
    form = (
        Form(
            Panel.KEEP,
            say("orders.form.keep"),
            fields=(field(model, "name", "orders.field.filter_name"),),
            commands=buttons("orders.form.keep.save"),
        )
        if keeps
        else None
    )
    found = [parts.Command(KEEP_FILTER, say("orders.filters.keep"), "S", icon="floppy-disk")]
    if model.filter_row.startswith("kept:"):
        found.append(parts.Command(DROP_FILTER, say("orders.filters.drop"), "D", icon="trash"))
    found.append(parts.Command(CLOSE, say("orders.form.close"), "Esc"))
    return orders.Filters(say("orders.filters.title"), table, form, () if keeps else tuple(found))


def _row(key: str, words: str, what: str) -> parts.TableRow:
    return parts.TableRow(key, (parts.Cell(words, what, strong=True),))


def chosen_filter(model: OrdersModel, key: str) -> tuple[QueueFilter, str]:
    """The filter that a row stands for, with its name when it is a kept one. Channel and service narrow the view."""
    what, _, rest = key.partition(":")
    now = replace(model.asked, text="")
    if what == "view":
        return QueueFilter(QueueView(rest)), ""
    if what == "channel":
        channel = int(rest)
        return replace(now, channel_id=None if now.channel_id == channel else channel), ""
    if what == "service":
        return replace(now, service="" if now.service == rest else rest), ""
    for one in model.choices.kept:
        if str(one.id) == rest:
            return one.filter, one.name
    return QueueFilter(), ""
