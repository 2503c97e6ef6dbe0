"""`import` and `export orders` on both databases: from nothing, twice, with refused rows, with mappings."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.running import Cli, one_sentence
from tests.shared_data import shared

FILES = (
    "shopify_orders_export_1.csv",
    "shopify_orders_export_2.csv",
    "amazon_unshipped_uk.txt",
    "ebay_orders_report.csv",
    "generic_de_semicolon_cp1252.csv",
    "generic_en_utf8.csv",
)
NOTHING = {"new": 0, "same": 0, "changed": 0, "updated": 0, "refused": 0, "lines": 0, "allocated": 0, "backordered": 0}
HEAD = "order,sku,quantity,name,address1,city,postcode,country\n"
REST = "Ada Example,1 Fictional Lane,Leeds,LS1 1AA,GB"


@pytest.mark.parametrize("name", FILES)
def test_what_is_imported_is_exported_as_expected(cli: Cli, name: str) -> None:
    path = shared(f"data/channel_exports/{name}")
    expected = json.loads(shared(f"data/channel_exports/{name}.expected.json").read_text(encoding="utf-8"))["orders"]
    told = cli("import", "auto", path, "--json")
    assert (told.status, told.err) == (0, "")
    counts = told.told["counts"]
    assert (counts["new"], counts["same"], counts["changed"], counts["refused"]) == (len(expected), 0, 0, 0)
    exported = cli("export", "orders").told["orders"]
    assert {order["order"]: order for order in exported} == {order["order"]: order for order in expected}
    again = cli("import", "auto", path, "--json").told["counts"]
    assert (again["new"], again["same"], again["changed"]) == (0, len(expected), 0)
    assert cli("export", "orders").told["orders"] == exported
    assert cli("check").out == "All is as it must be.\n"


def test_refused_rows_are_listed_kept_and_the_rest_is_taken(cli: Cli, tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_text(f"{HEAD}#1,A1,two,{REST}\n#2,A1,2,{REST}\n\n#3,,1,{REST}\n", encoding="utf-8")
    ran = cli("import", "csv-orders", path)
    assert ran.status == 1
    assert ran.out.splitlines() == [
        f"{path}:2 quantity: 'two' is not a whole number.",
        f"{path}:5 The row has neither a SKU nor a product name.",
        "orders.csv (csv-orders): 1 new, 0 changed, 0 as before, 2 refused; 0 orders have their stock, 0 wait for "
        "some.",
        "The 2 refused rows are kept: mend them in Office, or correct the file and import it again.",
    ]
    told = cli("import", "csv-orders", path, "--json")
    assert told.status == 1
    assert told.told == {
        "import": told.told["import"],
        "file": "orders.csv",
        "format": "csv-orders",
        "state": "done",
        "counts": {**NOTHING, "same": 1, "lines": 1, "refused": 2, "skipped": {}},
        "refused": [
            {
                "file": "orders.csv",
                "line": 2,
                "code": "bad_quantity",
                "reason": "quantity: 'two' is not a whole number.",
            },
            {
                "file": "orders.csv",
                "line": 5,
                "code": "product_missing",
                "reason": "The row has neither a SKU nor a product name.",
            },
        ],
    }


def test_a_warehouse_is_filled_from_files_and_its_orders_are_released(cli: Cli, tmp_path: Path) -> None:
    files = {
        "csv-products": "sku,name,barcode\nA1,CUP,5012345678900\nB2,TEA,2015210000014\n",
        "csv-locations": "code,kind,pick sequence\nS-01,shelf,1\nS-02,shelf,2\n",
        "csv-stock": "location,sku,quantity\nS-01,A1,3\nS-02,B2,1\nS-09,B2,1\n",
        "csv-orders": f"{HEAD}#1,A1,2,{REST}\n#1,B2,1,{REST}\n#2,B2,1,{REST.replace('1 F', '2 F')}\n",
    }
    counts = {}
    for name, text in files.items():
        path = tmp_path / f"{name}.csv"
        path.write_text(text, encoding="utf-8")
        ran = cli("import", name, path, "--json")
        counts[name] = ran.told["counts"]
        assert ran.status == (1 if name == "csv-stock" else 0)
    assert counts["csv-products"] == {**NOTHING, "new": 2, "skipped": {}}
    assert counts["csv-locations"] == {**NOTHING, "new": 2, "skipped": {}}
    assert counts["csv-stock"] == {**NOTHING, "changed": 2, "updated": 2, "refused": 1, "skipped": {}}
    assert counts["csv-orders"] == {**NOTHING, "new": 2, "lines": 3, "allocated": 1, "backordered": 1, "skipped": {}}
    released = cli("release", "--json")
    assert released.status == 0
    told = {"allocated": 0, "backordered": 0, "waves": [1], "pick_lists": [1], "fulfillments": 1}
    assert released.told == told
    assert cli("release").out.splitlines() == [
        "0 orders have their stock, 0 wait for some.",
        "0 fulfillments released on 0 pick lists.",
    ]
    assert cli("check", "--json").told == {"violations": []}


def test_stock_that_comes_serves_the_orders_that_wait(cli: Cli, tmp_path: Path) -> None:
    files = {
        "csv-orders": f"{HEAD}#1,A1,2,{REST}\n",
        "csv-products": "sku,name\nA1,CUP\n",
        "csv-locations": "code,kind\nS-01,shelf\n",
        "csv-stock": "location,sku,quantity\nS-01,A1,2\n",
    }
    seen = []
    for name, text in files.items():
        path = tmp_path / f"{name}.csv"
        path.write_text(text, encoding="utf-8")
        counts = cli("import", name, path, "--json").told["counts"]
        seen.append((counts["allocated"], counts["backordered"]))
    assert seen == [(0, 0), (0, 1), (0, 0), (1, 0)]


def test_a_mapping_names_the_columns_and_is_kept_by_its_name(cli: Cli, tmp_path: Path) -> None:
    path, mapping = tmp_path / "theirs.csv", tmp_path / "mapping.json"
    path.write_text("x1;x2;x3\n#7;A1;3\n", encoding="utf-8")
    mapping.write_text(json.dumps({"order": "x1", "sku": "x2", "quantity": "x3"}), encoding="utf-8")
    assert cli("import", "csv-orders", path).status == 2
    assert cli("import", "csv-orders", path, "--mapping", mapping, "--save-mapping", "theirs").status == 0
    again = cli("import", "csv-orders", path, "--mapping", "theirs", "--json")
    assert (again.status, again.told["counts"]["same"]) == (0, 1)
    unknown = cli("import", "csv-orders", path, "--mapping", "nobody's")
    assert unknown.status == 2
    assert one_sentence(unknown.err)


def test_export_of_one_channel(cli: Cli) -> None:
    for name in ("amazon_unshipped_uk.txt", "ebay_orders_report.csv"):
        cli("import", "auto", shared(f"data/channel_exports/{name}"))
    everything = cli("export", "orders").told["orders"]
    assert len(everything) == 65
    assert cli("export", "orders", "--channel", "ebay").told["orders"] == everything[40:]
