from __future__ import annotations

import json

import pytest

from app.domain.capture import CapturedOrder, Progress
from app.domain.capture_export import as_expected
from app.domain.capture_settings import ReadSettings
from app.integrations.channels.shopify.orders import ShopifyOrders
from app.integrations.channels.tabular.reader import TableReader
from tests.shared_data import shared


@pytest.mark.parametrize("name", ["shopify_orders_export_1.csv", "shopify_orders_export_2.csv"])
def test_each_order_is_what_a_right_import_holds(name: str) -> None:
    path = shared(f"data/channel_exports/{name}")
    wanted = json.loads(shared(f"data/channel_exports/{name}.expected.json").read_text(encoding="utf-8"))["orders"]
    got = list(TableReader(ShopifyOrders()).read(path, ReadSettings()))
    orders = {value.number: as_expected(value) for value in got if isinstance(value, CapturedOrder)}
    assert [value for value in got if not isinstance(value, CapturedOrder | Progress)] == []
    assert orders == {order["order"]: order for order in wanted}
