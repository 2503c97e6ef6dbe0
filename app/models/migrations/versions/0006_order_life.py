"""What the office does with orders: notes, edits, orders that were merged or typed in."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_JSON = sa.JSON(none_as_null=True).with_variant(
    postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), "postgresql"
)


def upgrade() -> None:
    _edits()
    _notes()


def downgrade() -> None:
    op.drop_table("note_reads")
    op.drop_table("notes")
    _no_edits()


def _add_reference(table: str, column: str, target: str) -> None:
    """SQLite takes a reference only together with its column."""
    kind = "INTEGER" if op.get_bind().dialect.name == "sqlite" else "BIGINT"
    name = f"fk_{table}_{column}"
    op.execute(f"ALTER TABLE {table} ADD COLUMN {column} {kind} CONSTRAINT {name} REFERENCES {target} (id)")


def _edits() -> None:
    op.add_column("orders", sa.Column("version", _KEY, server_default="0", nullable=False))
    _add_reference("orders", "merged_into_id", "orders")
    merged = sa.text("merged_into_id IS NOT NULL")
    op.create_index(
        "ix_orders_merged_into_id", "orders", ["merged_into_id"], sqlite_where=merged, postgresql_where=merged
    )
    _add_reference("order_lines", "merged_from_id", "order_lines")
    op.add_column("fulfillments", sa.Column("changed", sa.Boolean(), server_default="0", nullable=False))
    _bench_changes()
    op.create_table(
        "order_drafts",
        sa.Column("id", _KEY, autoincrement=True, nullable=False),
        sa.Column("operator_id", _KEY, nullable=True),
        sa.Column("station_id", _KEY, nullable=True),
        sa.Column("begun_at", sa.BigInteger(), nullable=False),
        sa.Column("saved_at", sa.BigInteger(), nullable=False),
        sa.Column("content", _JSON, server_default="{}", nullable=False),
        sa.Column("order_id", _KEY, nullable=True),
        sa.ForeignKeyConstraint(["operator_id"], ["operators.id"], name=op.f("fk_order_drafts_operator_id")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_order_drafts_order_id")),
        sa.ForeignKeyConstraint(["station_id"], ["stations.id"], name=op.f("fk_order_drafts_station_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_drafts")),
    )
    op.create_index("ix_order_drafts_operator_id", "order_drafts", ["operator_id"], unique=False)
    op.create_table(
        "number_series",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("last", _KEY, server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_number_series")),
    )


def _bench_changes() -> None:
    op.create_table(
        "bench_changes",
        sa.Column("id", _KEY, autoincrement=True, nullable=False),
        sa.Column("fulfillment_id", _KEY, nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("product_id", _KEY, nullable=True),
        sa.Column("place_id", _KEY, nullable=True),
        sa.Column("quantity", _KEY, server_default="0", nullable=False),
        sa.Column("reason", sa.String(length=400), server_default="", nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("operator_id", _KEY, nullable=True),
        sa.Column("seen_at", sa.BigInteger(), nullable=True),
        sa.Column("seen_by_id", _KEY, nullable=True),
        sa.ForeignKeyConstraint(["fulfillment_id"], ["fulfillments.id"], name=op.f("fk_bench_changes_fulfillment_id")),
        sa.ForeignKeyConstraint(["operator_id"], ["operators.id"], name=op.f("fk_bench_changes_operator_id")),
        sa.ForeignKeyConstraint(["place_id"], ["locations.id"], name=op.f("fk_bench_changes_place_id")),
        sa.ForeignKeyConstraint(["product_id"], ["products.id"], name=op.f("fk_bench_changes_product_id")),
        sa.ForeignKeyConstraint(["seen_by_id"], ["operators.id"], name=op.f("fk_bench_changes_seen_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bench_changes")),
    )
    op.create_index("ix_bench_changes_fulfillment_id", "bench_changes", ["fulfillment_id"], unique=False)


def _no_edits() -> None:
    op.drop_table("number_series")
    op.drop_table("order_drafts")
    op.drop_table("bench_changes")
    op.drop_column("fulfillments", "changed")
    op.drop_column("order_lines", "merged_from_id")
    op.drop_index("ix_orders_merged_into_id", "orders")
    op.drop_column("orders", "merged_into_id")
    op.drop_column("orders", "version")


def _notes() -> None:
    op.create_table(
        "notes",
        sa.Column("id", _KEY, autoincrement=True, nullable=False),
        sa.Column("order_id", _KEY, nullable=True),
        sa.Column("customer_id", _KEY, nullable=True),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("must_read", sa.Boolean(), server_default="0", nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("operator_id", _KEY, nullable=True),
        sa.Column("station_id", _KEY, nullable=True),
        sa.Column("withdrawn_at", sa.BigInteger(), nullable=True),
        sa.Column("withdrawn_by_id", _KEY, nullable=True),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=op.f("fk_notes_customer_id")),
        sa.ForeignKeyConstraint(["operator_id"], ["operators.id"], name=op.f("fk_notes_operator_id")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_notes_order_id")),
        sa.ForeignKeyConstraint(["station_id"], ["stations.id"], name=op.f("fk_notes_station_id")),
        sa.ForeignKeyConstraint(["withdrawn_by_id"], ["operators.id"], name=op.f("fk_notes_withdrawn_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notes")),
    )
    op.create_index("ix_notes_order_id", "notes", ["order_id", "at"], unique=False)
    op.create_index("ix_notes_customer_id", "notes", ["customer_id", "at"], unique=False)
    op.create_table(
        "note_reads",
        sa.Column("id", _KEY, autoincrement=True, nullable=False),
        sa.Column("note_id", _KEY, nullable=False),
        sa.Column("fulfillment_id", _KEY, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("operator_id", _KEY, nullable=True),
        sa.Column("station_id", _KEY, nullable=True),
        sa.ForeignKeyConstraint(["fulfillment_id"], ["fulfillments.id"], name=op.f("fk_note_reads_fulfillment_id")),
        sa.ForeignKeyConstraint(["note_id"], ["notes.id"], name=op.f("fk_note_reads_note_id")),
        sa.ForeignKeyConstraint(["operator_id"], ["operators.id"], name=op.f("fk_note_reads_operator_id")),
        sa.ForeignKeyConstraint(["station_id"], ["stations.id"], name=op.f("fk_note_reads_station_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_note_reads")),
        sa.UniqueConstraint("note_id", "fulfillment_id", name=op.f("uq_note_reads_note_id_fulfillment_id")),
    )
    op.create_index("ix_note_reads_fulfillment_id", "note_reads", ["fulfillment_id"], unique=False)
