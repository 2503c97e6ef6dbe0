"""The embedded index of words is put in order in small pieces, and only by who says so; found is the same before."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from app.models.database import Database
from app.queries.search import search_orders
from app.runtime.background import Background
from app.services.capture.orders import capture_orders
from app.services.word_index import PAGES_AT_ONCE, ROWS_AT_ONCE, merge_by_hand, merge_words
from tests.builders import NOW, World, captured, line, world
from tests.runtime.test_effects import MoodyCarrier, Paper

__all__ = ["world"]

PARTS = text("SELECT COUNT(DISTINCT segid) FROM order_words_idx")
RULES = text("SELECT k, v FROM order_words_config WHERE k <> 'version'")
SOUND = text("INSERT INTO order_words(order_words) VALUES ('integrity-check')")


@pytest.fixture
def embedded(database: Database) -> Database:
    if not database.is_sqlite:
        pytest.skip("a server puts its index in order by itself")
    return database


def capture(world: World, *numbers: str) -> list[int]:
    orders = [captured(number, line("CUP")) for number in numbers]
    return list(world.write(lambda session: capture_orders(session, world.actor(), "shopify", orders)).new_ids)


def parts(database: Database) -> int:
    return database.read(lambda session: int(session.execute(PARTS).scalar_one()))


def found(database: Database, asked: str) -> list[int]:
    return database.read(lambda session: list(search_orders(session, asked, 50)))


def test_a_chunk_is_one_part_however_many_orders_it_has(world: World) -> None:
    if not world.database.is_sqlite:
        pytest.skip("a server puts its index in order by itself")
    before = parts(world.database)
    capture(world, *[f"#{number}" for number in range(12)])
    assert parts(world.database) == before + 1


def test_more_than_fit_into_one_statement_are_all_found(world: World) -> None:
    ids = capture(world, *[f"#{5000 + number}" for number in range(2 * ROWS_AT_ONCE + 3)])
    assert [found(world.database, f"{5000 + at}") for at in (0, 99, 100, 202)] == [
        [ids[0]], [ids[99]], [ids[100]], [ids[202]]
    ]  # fmt: skip


def test_small_pieces_put_all_of_it_in_order_and_change_nothing_that_is_found(world: World) -> None:
    database = world.database
    if not database.is_sqlite:
        pytest.skip("a server puts its index in order by itself")
    database.write(merge_by_hand)
    for number in range(15):
        capture(world, f"#{number}")
    before = found(database, "ada@example.com")
    assert (parts(database), len(before)) == (15, 15)
    turns = 0
    while database.write(lambda session: merge_words(session, 1)):
        turns += 1
    assert turns >= 1
    assert parts(database) <= 3
    assert found(database, "ada@example.com") == before
    database.write(lambda session: session.execute(SOUND))
    assert database.write(merge_words) is False


def test_the_rule_is_written_once(embedded: Database) -> None:
    embedded.write(merge_by_hand)
    with embedded.writing() as session:
        changes = text("SELECT total_changes()")
        before = session.execute(changes).scalar_one()
        merge_by_hand(session)
        assert session.execute(changes).scalar_one() == before
        assert [tuple(row) for row in session.execute(RULES)] == [("automerge", 0)]


def test_a_server_is_left_alone(database: Database) -> None:
    if database.is_sqlite:
        pytest.skip("the embedded index has parts")
    database.write(merge_by_hand)
    assert database.write(merge_words) is False


def test_a_station_puts_it_in_order_while_nobody_scans(world: World) -> None:
    if not world.database.is_sqlite:
        pytest.skip("a server puts its index in order by itself")
    quiet = False
    behind = Background(
        world.database, lambda now: world.actor(now=now), {"own": MoodyCarrier()}, Paper(), lambda: NOW,
        lambda _: None, lambda _: None, lambda fault: pytest.fail(str(fault)), quiet=lambda: quiet,
    )  # fmt: skip
    behind.merge_words()
    for number in range(15):
        capture(world, f"#{number}")
    behind.merge_words()
    assert parts(world.database) == 15
    quiet = True
    behind.merge_words()
    assert parts(world.database) <= 3


def test_a_piece_is_small() -> None:
    assert PAGES_AT_ONCE <= 16
