"""The command that tells from where orders are served, and takes in where postcodes lie."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from app.models.database import Database
from app.models.schema import migrate
from app.models.sourcing import PostcodePoint, SourcingRule
from tests.cli.running import Cli
from tests.services import site_builders as sites
from tests.services import stock_builders as build

GEONAMES = (
    "GB\tLS1\tLeeds\tEngland\tENG\t\t\t\t\t53.80\t-1.55\t4\n"
    "GB\tLS1\tHolbeck\tEngland\tENG\t\t\t\t\t53.78\t-1.53\t4\n"
    "GB\tE16\tLondon\tEngland\tENG\t\t\t\t\t51.51\t0.02\t4\n"
    "GB\tbroken\tNowhere\n"
    "GB\tM1\tManchester\tEngland\tENG\t\t\t\t\tnorth\t-2.2\t4\n"
)


@pytest.fixture
def url(tmp_path: Path) -> str:
    """Leeds and London with cups, and an order to Leeds."""
    made = f"sqlite:///{(tmp_path / 'sites.sqlite3').as_posix()}"
    database = Database.open(made)
    migrate(database)
    with database.writing() as session:
        leeds = build.build_site(session)
        london = sites.add_site(session, leeds, "LON", "E16 2AA")
        sites.put_at(session, leeds, "LS9 8AG")
        build.stock(session, leeds, "CUP", "A-01-1", 1)
        build.stock(session, london, "CUP", "A-01-1", 2)
        build.stock(session, london, "LAMP", "A-01-1", 1)
        build.add_order(session, leeds, [("CUP", 2), ("LAMP", 1)])
        build.add_order(session, leeds, [("SOAP", 1)])
    database.close()
    return made


@pytest.fixture
def cli(url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Cli:
    return Cli(url, tmp_path, capsys)


def test_the_usual_rules_and_those_that_were_written(cli: Cli, url: str) -> None:
    ran = cli("sourcing", "rules")
    assert (ran.status, ran.out) == (0, "1. Our own stock first\n2. Fewest parcels\n3. Nearest\n")
    database = Database.open(url)
    with database.writing() as session:
        session.add(
            SourcingRule(
                position=1, kind="channel_preference", enabled=False, parameters={"warehouses": ["LON"]},
                conditions={"channels": ["shop-w1"]},
            )
        )  # fmt: skip
    database.close()
    assert cli("sourcing", "rules").out == "1. Preferred by channel (does not count)\n"
    assert cli("sourcing", "rules", "--json").told == {
        "rules": [
            {
                "kind": "channel_preference", "enabled": False, "name": "", "parameters": {"warehouses": ["LON"]},
                "conditions": {"channels": ["shop-w1"]},
            }
        ]
    }  # fmt: skip


def test_who_would_send_an_order_and_why(cli: Cli) -> None:
    ran = cli("sourcing", "plan", "1000")
    assert (ran.status, ran.out) == (
        0,
        "#1000 (Shop) to Leeds, LS1 1AA, GB:\n"
        "  Hall LON sends 2 CUP, 1 LAMP\n"
        "    Fewest parcels. Hall LON had 3 of 3 and sends 3.\n",
    )
    told = cli("sourcing", "plan", "#1001", "--json")
    assert (told.status, told.told["sources"], told.told["missing"]) == (1, [], {"SOAP": 1})
    assert cli("sourcing", "plan", "77").err == "There is no order 77.\n"
    assert (cli("sourcing", "plan").status, cli("sourcing").status) == (2, 2)


def test_a_file_says_where_postcodes_lie(cli: Cli, url: str, tmp_path: Path) -> None:
    path = tmp_path / "GB.txt"
    path.write_text(GEONAMES, encoding="utf-8")
    ran = cli("sourcing", "postcodes", path, "--json")
    assert (ran.status, ran.told) == (1, {"points": 2, "refused": 2, "refused_lines": [4, 5]})
    table = tmp_path / "more.csv"
    table.write_text("Country;Postcode;Lat;Lon\nuk;e16;51,5;0,03\nDE;20;53.55;10\n", encoding="utf-8")
    ran = cli("sourcing", "postcodes", table)
    assert (ran.status, ran.out) == (0, "2 postcodes have a place now.\n")
    database = Database.open(url)
    with database.reading() as session:
        rows = session.execute(
            select(
                PostcodePoint.country, PostcodePoint.prefix, PostcodePoint.latitude_e6, PostcodePoint.longitude_e6
            ).order_by(PostcodePoint.country, PostcodePoint.prefix)
        ).all()
    database.close()
    assert [tuple(row) for row in rows] == [
        ("DE", "20", 53_550_000, 10_000_000),
        ("GB", "E16", 51_500_000, 30_000),
        ("GB", "LS1", 53_790_000, -1_540_000),
    ]


def test_a_file_that_is_no_table_of_postcodes_is_refused(cli: Cli, tmp_path: Path) -> None:
    path = tmp_path / "odd.csv"
    path.write_text("name,size\nCup,3\n", encoding="utf-8")
    ran = cli("sourcing", "postcodes", path)
    assert ran.status == 2
    assert ran.err.endswith("Its first line must name country, postcode, latitude, longitude.\n")
    path.write_bytes(b"country,postcode,lat,lon\nGB,\xff\xfe,1,2\n")
    assert cli("sourcing", "postcodes", path).status == 2
