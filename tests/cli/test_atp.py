"""`atp` on both databases: one line a product, on standard output or as a file that is whole at every moment."""

from __future__ import annotations

from pathlib import Path

from tests.cli.running import Cli

PRODUCTS = "sku,name\nCUP,Red cup\nLAMP,Lamp\n"
PLACES = "code,kind\nA-1,shelf\nQ-1,quarantine\n"
STOCK = "sku,location,quantity\nCUP,A-1,9\nCUP,Q-1,4\nLAMP,A-1,2\n"
ORDER = (
    "order,sku,quantity,name,address1,city,postcode,country\nA1,CUP,2,Ada Example,1 Fictional Lane,Leeds,LS1 1AA,GB\n"
)


def test_each_product_has_its_line(cli: Cli, tmp_path: Path) -> None:
    for name, text in (("products", PRODUCTS), ("locations", PLACES), ("stock", STOCK), ("orders", ORDER)):
        file = tmp_path / f"{name}.csv"
        file.write_text(text, encoding="utf-8")
        assert cli("import", f"csv-{name}", file).status == 0
    expected = "sku,name,available,free,safety,buffer\nCUP,Red cup,7,7,0,0\nLAMP,Lamp,2,2,0,0\n"
    told = cli("atp", "--channel", "csv")
    assert (told.status, told.out, told.err) == (0, expected, "")
    out = tmp_path / "atp.csv"
    written = cli("atp", "--channel", "CSV", "--out", out, "--json")
    assert written.told == {"channel": "csv", "products": 2, "units": 9, "file": str(out)}
    assert out.read_text(encoding="utf-8") == expected
    assert sorted(path.name for path in tmp_path.glob("atp*")) == ["atp.csv"]


def test_a_channel_that_nobody_knows_is_bad_use(cli: Cli, tmp_path: Path) -> None:
    assert cli("check").status == 0
    told = cli("atp", "--channel", "bazaar", "--out", tmp_path / "x.csv")
    sentence = "There is no channel bazaar, nor any other yet. The first import of its orders makes it.\n"
    assert (told.status, told.out, told.err) == (2, "", sentence)
    assert not (tmp_path / "x.csv").exists()
