"""Somebody is deactivated, or gets another role, while a window somewhere else shows them as signed in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.bootstrap.ready import formats
from app.domain.clock import utc_now
from app.domain.outcomes import Outcome
from app.domain.states import Role
from app.models.database import Database
from app.models.people import Operator, StationSession
from app.models.stock import Warehouse
from app.runtime.sample import load_sample
from app.services.actor import Actor
from app.services.people import deactivate_operator, set_role
from app.settings import Settings
from tests.databases import Databases
from tests.e2e.bench import PATIENCE_MS, TypedStation, typed_station

GRETA = "OP-GRETA"


@pytest.fixture
def house(databases: Databases) -> Databases:
    """The sample warehouse."""
    load_sample(databases.fresh(), formats(), utc_now())
    return databases


@pytest.fixture
def station(house: Databases, tmp_path: Path, qtbot: QtBot) -> Iterator[TypedStation]:
    settings = Settings(
        database=house.url, station="Bench 4", scanner="keyboard:", printer="sim:", data_folder=tmp_path,
        config_file=tmp_path / "settings.toml",
    )  # fmt: skip
    with typed_station(settings, qtbot) as made:
        yield made


@pytest.fixture
def elsewhere(house: Databases) -> Iterator[Database]:
    """The same database from another place."""
    made = Database.open(house.url)
    yield made
    made.close()


def signed_in(station: TypedStation, qtbot: QtBot) -> None:
    presenter = station.ui.presenter
    assert presenter is not None
    presenter.scan(GRETA)
    qtbot.waitUntil(lambda: presenter.info.role is Role.LEAD, timeout=4 * PATIENCE_MS)


def people(database: Database) -> tuple[Actor, int]:
    """An administrator, and the id of the lead."""

    def read(session: Session) -> tuple[Actor, int]:
        chosen = select(Operator.role, Operator.id).where(Operator.role.in_((Role.ADMIN, Role.LEAD)))
        ids = dict(session.execute(chosen).tuples().all())
        warehouse = session.scalars(select(Warehouse.id).order_by(Warehouse.id).limit(1)).one()
        return Actor(utc_now(), "office", warehouse, ids.get(Role.ADMIN), Role.ADMIN), ids[Role.LEAD]

    return database.read(read)


def test_who_is_deactivated_is_off_the_screen_without_a_scan(
    station: TypedStation, elsewhere: Database, qtbot: QtBot
) -> None:
    signed_in(station, qtbot)
    actor, lead = people(elsewhere)
    gone: Outcome = elsewhere.write(lambda s: deactivate_operator(s, actor, lead))
    assert gone.code == "person.deactivated"
    presenter = station.ui.presenter
    assert presenter is not None
    qtbot.waitUntil(lambda: presenter.info.operator_id is None, timeout=4 * PATIENCE_MS)
    qtbot.waitUntil(lambda: station.page == "sign_in", timeout=4 * PATIENCE_MS)


def test_another_role_is_known_without_a_scan(station: TypedStation, elsewhere: Database, qtbot: QtBot) -> None:
    signed_in(station, qtbot)
    actor, lead = people(elsewhere)
    page = station.page
    assert elsewhere.write(lambda s: set_role(s, actor, lead, Role.PACKER)).code == "person.role_set"
    presenter = station.ui.presenter
    assert presenter is not None
    qtbot.waitUntil(lambda: presenter.info.role is Role.PACKER, timeout=4 * PATIENCE_MS)
    assert station.page == page
    assert presenter.info.operator_id == lead


def test_who_stands_before_a_wrong_item_keeps_their_name(
    station: TypedStation, elsewhere: Database, qtbot: QtBot
) -> None:
    """What blocks tells of a product by its name."""
    signed_in(station, qtbot)
    actor, lead = people(elsewhere)
    presenter = station.ui.presenter
    assert presenter is not None
    name = presenter.info.operator
    wrong = {"code": "pack.wrong_item", "values": {"sku": "MUG", "name": "Blue mug", "wanted_by": ""}, "refused": 0}
    blocked = update(StationSession).where(StationSession.operator_id == lead).values(block=wrong)
    elsewhere.write(lambda s: s.execute(blocked) and set_role(s, actor, lead, Role.PACKER))
    qtbot.waitUntil(lambda: presenter.info.role is Role.PACKER, timeout=4 * PATIENCE_MS)
    assert presenter.info.operator == name
