from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from sqlalchemy import select

from app.domain.errors import EnvironmentFailure
from app.domain.words import say
from app.models.shipping import PrintJob
from app.models.stock import Warehouse
from app.presenters.first_run import FirstRunPresenter
from app.presenters.first_run_ports import Opened, Ready
from app.presenters.runner import AtOnce
from app.presenters.state import first_run
from app.presenters.state.sound import Sound
from app.queries.people import people
from app.services.setup import is_set_up
from tests.databases import Databases
from tests.presenters.desk import Shown, clock


@dataclass
class Choice:
    """Gives real, empty databases; the address `down` does not answer."""

    databases: Databases
    kept: list[Ready] = field(default_factory=list)
    opened: list[Opened] = field(default_factory=list)
    tried: list[str] = field(default_factory=list)

    def sample(self, progress: Callable[[int, int], None]) -> Ready:
        progress(371, 371)
        return Ready("sample", "OP-SAMPLE")

    def empty(self) -> Opened:
        database = self.databases.fresh()
        self.opened.append(Opened(self.databases.url, database, database.read(is_set_up)))
        return self.opened[-1]

    def join(self, url: str, update: bool = False) -> Opened:
        self.tried.append(url)
        if "down" in url:
            raise EnvironmentFailure("database.unreachable", reason="connection refused")
        if "older" in url and not update:
            raise EnvironmentFailure("database.older")
        if "right" not in url and "guarded" in url:
            raise EnvironmentFailure("database.wrong_password", reason="password authentication failed")
        return self.empty()

    def keep(self, ready: Ready) -> None:
        self.kept.append(ready)


class Turning:
    volume = 80
    themes = 0

    def next_theme(self) -> None:
        self.themes += 1

    def next_volume(self) -> int:
        self.volume = 100 if self.volume == 80 else 20
        return self.volume


def make(databases: Databases) -> tuple[FirstRunPresenter, Choice, Shown[first_run.FirstRun], list[Ready]]:
    shown: Shown[first_run.FirstRun] = Shown()
    ready: list[Ready] = []
    choice = Choice(databases)
    presenter = FirstRunPresenter(
        choice, Turning(), AtOnce(), clock, shown.states.append, ready.append, ring=shown.rung.append
    )
    presenter.show()
    return presenter, choice, shown, ready


def fill(presenter: FirstRunPresenter, **values: str) -> None:
    for name, text in values.items():
        presenter.typed(name, text, False)


def test_offers_three_ways_with_keys(databases: Databases) -> None:
    _, _, shown, _ = make(databases)
    assert [(way.key, way.title, way.chosen) for way in shown.now.ways] == [
        ("1", "Try the sample warehouse", True),
        ("2", "Start empty", False),
        ("3", "Join a shared database", False),
    ]
    assert [way.button.reason for way in shown.now.ways] == ["", "", "Enter an address first"]


def test_the_sample_begins_with_one_key(databases: Databases) -> None:
    presenter, choice, shown, ready = make(databases)
    presenter.key("1")
    assert any(state.busy and state.busy.words == "Making the sample warehouse" for state in shown.states)
    assert ready == choice.kept == [Ready("sample", "OP-SAMPLE")]


def test_an_empty_warehouse_gets_a_name_and_a_first_badge(databases: Databases) -> None:
    presenter, choice, shown, ready = make(databases)
    presenter.key("2")
    assert shown.now.title == "Name your warehouse"
    presenter.command("make")
    assert shown.now.form is not None
    assert {one.name for one in shown.now.form.fields if one.wrong == "This is needed."} == {
        "warehouse", "sender", "street", "town", "operator",
    }  # fmt: skip
    fill(presenter, warehouse="Ashford", sender="Northway", street="Unit 4", town="Ashford", postcode="TN23 1AA")
    fill(presenter, operator="Greta Holm", station="Lead desk", zone="Europe/Lundon")
    presenter.command("make")
    assert shown.now.form is not None
    assert {one.name: one.wrong for one in shown.now.form.fields if one.wrong} == {"zone": "No such time zone."}
    fill(presenter, zone="Europe/London")
    presenter.typed("operator", "Greta Holm", True)
    badge = shown.now.badge
    assert badge is not None
    assert (badge.name, badge.role, badge.code[:3], len(badge.code)) == ("Greta Holm", "Administrator", "OP-", 19)
    database = choice.opened[-1].database
    asked = select(Warehouse.code, Warehouse.zone, Warehouse.sender)
    code, zone, sender = database.read(lambda session: session.execute(asked).one())
    assert (code, zone, sender["company"]) == ("ASHFORD", "Europe/London", "Northway")
    assert [one.name for one in database.read(people)] == ["Greta Holm"]
    presenter.command("print-badge")
    document, content = database.read(
        lambda session: session.execute(select(PrintJob.document, PrintJob.content)).one()
    )
    assert (document, content["code"], content["name"]) == ("badge", badge.code, "Greta Holm")
    presenter.scan(badge.code)
    assert ready == [Ready(choice.opened[-1].url, badge.code, "Lead desk")]
    assert choice.kept == ready


def texts(shown: Shown[first_run.FirstRun]) -> dict[str, str]:
    """What stands in the form."""
    assert shown.now.form is not None
    return {one.name: one.text for one in shown.now.form.fields if one.text}


def faults(shown: Shown[first_run.FirstRun]) -> dict[str, str]:
    """What is wrong with it, by field; with all of it by no name."""
    assert shown.now.form is not None
    found = {one.name: one.wrong for one in shown.now.form.fields if one.wrong}
    return found | ({"": shown.now.form.wrong} if shown.now.form.wrong else {})


def test_a_shared_database_is_tried_before_it_is_kept(databases: Databases) -> None:
    presenter, choice, shown, ready = make(databases)
    presenter.typed("url", "postgresql://down/pickwick", True)
    assert shown.now.title == "Join a shared database"
    assert texts(shown) == {"address": "down", "database_name": "pickwick"}
    assert faults(shown) == {"address": say("database.unreachable", reason="connection refused")}
    assert choice.kept == ready == []
    presenter.typed("address", "up", True)
    assert choice.tried == ["postgresql://down/pickwick", "postgresql://up/pickwick"]
    assert shown.now.title == "Name your warehouse"
    presenter.key("Esc")
    assert len(shown.now.ways) == 3
    assert shown.now.ways[2].field is not None
    assert shown.now.ways[2].field.text == "postgresql://up/pickwick"


def test_nothing_is_joined_before_an_address_is_begun(databases: Databases) -> None:
    presenter, choice, shown, _ = make(databases)

    def button() -> tuple[str, str, str]:
        found = shown.now.ways[2].button
        return found.words, found.reason, found.key

    lacking = ("Join", "Enter an address first", "")
    assert button() == lacking
    presenter.key("3")
    assert (button(), shown.now.ways[2].chosen) == (lacking, True)
    presenter.key("Enter")
    presenter.typed("url", "  ", True)
    assert (button(), len(shown.now.ways), shown.rung) == (lacking, 3, [Sound.WRONG, Sound.WRONG])
    assert [one.button.reason for one in shown.now.ways[:2]] == ["", ""]
    presenter.typed("url", "db", False)
    assert button() == ("Join", "", "Enter")
    presenter.typed("url", "", False)
    assert button() == lacking
    presenter.typed("url", "db", False)
    presenter.key("Enter")
    assert (shown.now.title, texts(shown), choice.tried) == ("Join a shared database", {"address": "db"}, [])


def test_a_form_asks_for_what_the_address_does_not_say(databases: Databases) -> None:
    presenter, choice, shown, _ = make(databases)
    presenter.typed("url", "db.guarded.com:6432", True)
    assert (texts(shown), choice.tried) == ({"address": "db.guarded.com:6432"}, [])
    presenter.command("try-join")
    assert faults(shown) == {"database_name": "This is needed."}
    fill(presenter, database_name="floor", user="anna", password=" wr@ng ", ca_file="/etc/ca.crt")
    presenter.choose("form", "verify-ca", True)
    presenter.command("try-join")
    assert faults(shown) == {
        "password": "The database refused the name or password: password authentication failed. Check both"
    }
    presenter.typed("password", "right", True)
    assert choice.tried == [
        "postgresql://anna: wr%40ng @db.guarded.com:6432/floor?sslmode=verify-ca&sslrootcert=%2Fetc%2Fca.crt",
        "postgresql://anna:right@db.guarded.com:6432/floor?sslmode=verify-ca&sslrootcert=%2Fetc%2Fca.crt",
    ]
    assert shown.now.title == "Name your warehouse"


def test_a_password_is_never_shown(databases: Databases) -> None:
    presenter, choice, shown, _ = make(databases)
    presenter.typed("url", "postgresql://anna:hush@down/floor", False)
    assert shown.now.ways[2].field is not None
    assert shown.now.ways[2].field.text == "postgresql://anna@down/floor"
    presenter.command("join")
    assert choice.tried == ["postgresql://anna:hush@down/floor"]
    assert shown.now.form is not None
    assert [(one.name, one.text) for one in shown.now.form.fields if one.secret] == [("password", "hush")]
    presenter.typed("address", "postgresql://bob:hush2@down:6432/other", False)
    assert texts(shown) == {
        "address": "down:6432", "database_name": "other", "user": "bob", "password": "hush2",
    }  # fmt: skip
    assert "hush" not in repr(presenter.model.joining)
    presenter.key("Esc")
    assert "hush" not in repr(shown.now)


ADDRESS = "postgresql://anna:hush@up:6432/floor"


def test_an_address_typed_letter_by_letter_is_the_same_as_a_pasted_one(databases: Databases) -> None:
    presenter, choice, shown, _ = make(databases)
    presenter.key("3")
    for letter in ADDRESS:
        field = shown.now.ways[2].field
        assert field is not None
        presenter.typed("url", field.text + letter, False)
    assert shown.now.ways[2].field is not None
    assert shown.now.ways[2].field.text == "postgresql://anna@up:6432/floor"
    presenter.command("join")
    assert choice.tried == [ADDRESS]


@pytest.mark.parametrize(("tail", "tried"), [("", ADDRESS), ("?sslmode=require", ADDRESS + "?sslmode=require")])
def test_an_address_typed_into_the_form_fills_it(databases: Databases, tail: str, tried: str) -> None:
    presenter, choice, shown, _ = make(databases)
    presenter.typed("url", "d", True)
    presenter.typed("address", "", False)
    for letter in ADDRESS + tail:
        presenter.typed("address", texts(shown).get("address", "") + letter, False)
    assert choice.tried == []
    presenter.command("try-join")
    assert choice.tried == [tried]


def test_a_weaker_protection_says_what_it_leaves_open(databases: Databases) -> None:
    presenter, _, shown, _ = make(databases)
    presenter.typed("url", "db.example.com", True)
    assert shown.now.form is not None
    assert [(one.key, one.chosen) for one in shown.now.form.tabs] == [
        ("verify-full", True), ("verify-ca", False), ("require", False), ("disable", False),
    ]  # fmt: skip
    said = [shown.now.form.detail]
    for key in ("verify-ca", "require", "disable"):
        presenter.choose("form", key, True)
        said.append(shown.now.form.detail)
    assert [words.partition(":")[0].partition(",")[0] for words in said] == ["Encrypted", "Weaker", "Weaker", "Open"]
    presenter.choose("form", "verify-full", True)
    presenter.typed("address", "localhost:5433", False)
    assert shown.now.form.detail == "The server is this computer: nothing crosses a network."


def test_an_older_database_is_brought_up_to_date_only_when_somebody_says_so(databases: Databases) -> None:
    presenter, choice, shown, _ = make(databases)
    presenter.typed("url", "postgresql://older/floor", True)
    assert shown.now.title == "This database is older"
    assert shown.now.form is not None
    assert [one.words for one in shown.now.form.commands] == ["Back up and bring up to date", "Back"]
    presenter.key("Esc")
    assert len(shown.now.ways) == 3
    presenter.command("join")
    presenter.command("update")
    assert shown.now.title == "Name your warehouse"
    assert len(choice.tried) == 3


def test_a_station_that_is_let_in_no_more_finds_its_form_filled(databases: Databases) -> None:
    presenter, choice, shown, ready = make(databases)
    running = Opened(databases.url, databases.fresh(), True, ("Bench 1",))
    presenter.join_again(
        "postgresql://anna:old@guarded/floor", EnvironmentFailure("database.wrong_password", reason="-")
    )
    assert texts(shown) == {"address": "guarded", "database_name": "floor", "user": "anna", "password": "old"}
    assert faults(shown) == {"password": "The database refused the name or password: -. Check both"}
    choice.empty = lambda: running  # type: ignore[method-assign]
    presenter.typed("password", "right", True)
    assert choice.tried == ["postgresql://anna:right@guarded/floor"]
    assert ready == [Ready(running.url)]  # it keeps its name


def test_another_bench_of_a_running_warehouse_gets_a_name_of_its_own(databases: Databases) -> None:
    presenter, choice, shown, ready = make(databases)
    fresh = databases.fresh()
    running = Opened(databases.url, fresh, True, ("Bench 1", "bench 2", "Lead desk"))
    choice.join = lambda _url, _update=False: running  # type: ignore[method-assign]
    presenter.typed("url", "postgresql://up/pickwick", True)
    form = shown.now.form
    assert form is not None
    assert (shown.now.title, form.fields[0].text) == ("Name this station", "Bench 3")
    assert form.detail.startswith("There are already: Bench 1, Lead desk, bench 2.")
    presenter.typed("station", " ", True)
    assert shown.now.form is not None
    assert shown.now.form.fields[0].wrong == "This is needed."
    presenter.key("Esc")
    assert len(shown.now.ways) == 3
    presenter.command("join")
    presenter.typed("station", "Cart desk", True)
    assert ready == choice.kept == [Ready(running.url, "", "Cart desk")]


def test_a_scanned_join_code_is_an_address(databases: Databases) -> None:
    presenter, _, shown, _ = make(databases)
    presenter.scan("postgresql://down/pickwick")
    assert faults(shown) == {"address": say("database.unreachable", reason="connection refused")}
    presenter.scan("postgresql://up/pickwick")
    assert shown.now.title == "Name your warehouse"


def test_theme_and_volume_turn(databases: Databases) -> None:
    presenter, _, shown, _ = make(databases)
    presenter.command("volume")
    assert shown.now.looks[1].words == "100 %"
