"""`supplier-requests`: each request as a PDF, all of a supplier as a CSV file, each written once."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import select

from app.domain.states import WarehouseKind
from app.models.database import Database
from app.models.warehouses import Warehouse
from tests.cli.running import Cli

PRODUCTS = "sku,name\nCUP,Red cup\n"
STOCK = "sku,location,quantity\nCUP,STOCK,9\n"
ORDER = (
    "order,sku,quantity,name,address1,city,postcode,country\nA1,CUP,2,Ada Example,1 Fictional Lane,Leeds,LS1 1AA,GB\n"
)


def test_what_suppliers_are_asked_is_written_once(cli: Cli, tmp_path: Path) -> None:
    texts = {"products": PRODUCTS, "locations": "code,kind\nSTOCK,shelf\n", "stock": STOCK, "orders": ORDER}
    for name, text in texts.items():
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    assert cli("import", "csv-products", tmp_path / "products.csv").status == 0
    database = Database.open(cli.url)
    try:
        database.write(lambda s: s.add(Warehouse(code="SUP", name="Potter", kind=WarehouseKind.SUPPLIER)))
        assert database.read(lambda s: s.scalars(select(Warehouse.code).order_by(Warehouse.id)).all()) == [
            "MAIN",
            "SUP",
        ]
    finally:
        database.close()
    for name in ("locations", "stock"):
        assert cli("import", f"csv-{name}", tmp_path / f"{name}.csv", "--warehouse", "SUP").status == 0
    assert cli("import", "csv-orders", tmp_path / "orders.csv").status == 0
    out = tmp_path / "out"
    told = cli("supplier-requests", "--out", out, "--json")
    (code,) = told.told["requests"]
    assert sorted(path.name for path in out.iterdir()) == [f"SUP-{code}.pdf", "SUP.csv"]
    assert (out / f"SUP-{code}.pdf").read_bytes().startswith(b"%PDF-")
    rows = (out / "SUP.csv").read_text(encoding="utf-8").splitlines()
    assert rows[1].startswith(f"{code},A1,CUP,Red cup,2,Ada Example,")
    assert cli("supplier-requests", "--out", out, "--json").told["requests"] == []
    assert cli("supplier-requests", "--out", out, "--again", "--json").told["requests"] == [code]
    assert cli("check").out == "All is as it must be.\n"
