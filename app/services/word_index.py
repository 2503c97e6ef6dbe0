"""The embedded database's index of words: written once for a chunk, and put in order in pieces that nobody waits for.

Left to itself it puts itself in order inside of whatever transaction comes by: a tenth of a second at a million orders.
A server's index does that in a process of its own.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from app.services.bulk import insert_rows, is_sqlite

PAGES_AT_ONCE = 8
"""How many pages a merge writes at once; half a millisecond, and as many as an index needs that a page is added to."""
ROWS_AT_ONCE = 100
_COLUMNS = {"order_id": "bigint", "words": "text"}


def merge_by_hand(session: Session) -> None:
    """From now on transactions that change words leave it to `merge_words` to put their index in order.

    The database keeps that. As a last resort it still merges by itself where sixteen parts of a size have gathered.
    """
    connection = session.connection()
    if not is_sqlite(connection):
        return
    kept = connection.exec_driver_sql("SELECT v FROM order_words_config WHERE k = 'automerge'").scalar_one_or_none()
    if kept != 0:
        connection.exec_driver_sql("INSERT INTO order_words(order_words, rank) VALUES ('automerge', 0)")


def merge_words(session: Session, pages: int = PAGES_AT_ONCE) -> bool:
    """Puts a piece of the index in order; whether there was anything to do."""
    connection = session.connection()
    if not is_sqlite(connection):
        return False
    before = connection.exec_driver_sql("SELECT total_changes()").scalar_one()
    connection.exec_driver_sql("INSERT INTO order_words(order_words, rank) VALUES ('merge', ?)", (pages,))
    return bool(connection.exec_driver_sql("SELECT total_changes()").scalar_one() - before >= 2)


def insert_words(session: Session, rows: Sequence[tuple[int, str]]) -> None:
    """Adds orders and their words. The embedded index gets a new part with each statement, so this is one for all."""
    connection = session.connection()
    if not is_sqlite(connection):
        insert_rows(connection, "order_search", _COLUMNS, rows)
        return
    for start in range(0, len(rows), ROWS_AT_ONCE):
        some = rows[start : start + ROWS_AT_ONCE]
        places = ", ".join(["(?, ?)"] * len(some))
        connection.exec_driver_sql(
            f"INSERT INTO order_search (order_id, words) VALUES {places}", tuple(value for row in some for value in row)
        )
