"""The whole state of the Orders screen, from what is known."""

from __future__ import annotations

from datetime import datetime

from app.domain.words import say
from app.presenters import orders_detail, orders_filters, orders_forms
from app.presenters import orders_parts as made
from app.presenters.orders_list import OrderList
from app.presenters.orders_model import OrdersModel, Panel
from app.presenters.state import orders, parts
from app.presenters.station_info import StationInfo
from app.queries.order_queue import QueueFilter
from app.queries.order_queue_end import has_end

LIST = "orders"
EARLIER = "orders-earlier"


def orders_state(model: OrdersModel, queue: OrderList, station: StationInfo, now: datetime) -> orders.Orders:
    """What the screen shows."""
    known = model.detail
    return orders.Orders(
        parts.Search(model.asked.text, say("orders.search.hint")),
        _table(model, queue),
        made.figures(model.figures, model.asked.view, station.clock_zone),
        made.tabs(model),
        parts.Command("filter", say("orders.filter"), "F", icon="funnel"),
        (orders_detail.release_command(station),),
        None if known is None else orders_detail.detail(model, known, station, now),
        orders_filters.filters(model) if model.panel in (Panel.FILTERS, Panel.KEEP) else None,
        orders_forms.form(model),
        model.notice,
        model.opened,
        queue.earlier is not None,
        has_end(model.asked) and queue.after is not None,
    )


def _table(model: OrdersModel, queue: OrderList) -> parts.Table:
    none = "orders.empty.open" if model.asked == QueueFilter() else "orders.empty"
    empty = "orders.loading" if queue.loading else "orders.empty.text" if model.asked.text else none
    return parts.Table(
        LIST,
        made.columns(),
        queue.drawn,
        "" if model.chosen is None else str(model.chosen),
        queue.after is not None,
        empty=say(empty, text=model.asked.text) if model.asked.text else say(empty),
    )
