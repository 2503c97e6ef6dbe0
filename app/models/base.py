"""What all tables share: naming, keys, UTC time, and words kept as text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any, Generic, TypeVar

from sqlalchemy import JSON, BigInteger, Dialect, ForeignKey, Index, Integer, MetaData, String
from sqlalchemy.orm import DeclarativeBase, mapped_column
from sqlalchemy.types import TypeDecorator, TypeEngine

E = TypeVar("E", bound=StrEnum)

BigKey = BigInteger().with_variant(Integer, "sqlite")


class Json(TypeDecorator[Any]):
    """A value of JSON: JSONB on PostgreSQL, whose dialect is read by whoever has such a database, text on SQLite."""

    impl = JSON
    cache_ok = True

    def __init__(self) -> None:
        super().__init__(none_as_null=True)

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """The type of this database."""
        known: Mapping[str, type[JSON]] = getattr(dialect, "ischema_names", {})
        return dialect.type_descriptor(known.get("jsonb", JSON)(none_as_null=True))


class Utc(TypeDecorator[datetime]):
    """A moment in UTC, kept as milliseconds since 1970: the same on both databases, and quick to compare."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        """Milliseconds since 1970; a time without a zone is refused with ValueError."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone does not go into the database")
        return round(value.timestamp() * 1000)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:
        """The moment, aware, in UTC."""
        return None if value is None else datetime.fromtimestamp(value / 1000, UTC)


class Word(TypeDecorator[E], Generic[E]):
    """A word of the domain, kept as its text."""

    impl = String(24)
    cache_ok = True

    def __init__(self, kind: type[E]) -> None:
        super().__init__(24)
        self.kind = kind
        self._words = {str(member.value): member for member in kind}

    def process_bind_param(self, value: E | str | None, dialect: Dialect) -> str | None:
        """The text of the word; ValueError for one that the domain does not know."""
        return None if value is None else str(self.kind(value).value)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> E | None:
        """The word."""
        return None if value is None else self._words[value]

    def __repr__(self) -> str:
        return "String(length=24)"


class Base(DeclarativeBase):
    """All tables."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime: Utc, int: BigInteger().with_variant(Integer, "sqlite")}  # noqa: RUF012


Key = Annotated[int, mapped_column(BigKey, primary_key=True, autoincrement=True)]
Code = Annotated[str, mapped_column(String(64))]
Short = Annotated[str, mapped_column(String(120))]
Line = Annotated[str, mapped_column(String(400))]
Money = Annotated[int, mapped_column(BigKey, default=0, server_default="0")]
Currency = Annotated[str, mapped_column(String(3))]
GestureId = Annotated[str, mapped_column(String(36))]


WHERE = "where"
"""What the `info` of an index says of the rows that it leaves out."""


def part_index(
    name: str, *columns: str, where: str, unique: bool = False, dialects: Sequence[str] = ("sqlite", "postgresql")
) -> Index:
    """An index over some rows only. SQLAlchemy's own way reads both dialects whole at the start of every station.

    `tables.py` says it in the dialects' words, for whoever compares or makes tables.
    """
    return Index(name, *columns, unique=unique, info={WHERE: (where, tuple(dialects))})


def ref(table: str) -> ForeignKey:
    """A reference to a row of another table by its id."""
    return ForeignKey(f"{table}.id")
