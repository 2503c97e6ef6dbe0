"""Where goods come from: rules of sourcing, transfers between warehouses, suppliers, stock kept back."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_JSON = sa.JSON(none_as_null=True).with_variant(
    postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), "postgresql"
)


def _key() -> sa.Column[int]:
    return sa.Column("id", _NUMBER, autoincrement=True, nullable=False)


def _add_reference(table: str, column: str, target: str) -> None:
    """SQLite takes a reference only together with its column."""
    kind = "INTEGER" if op.get_bind().dialect.name == "sqlite" else "BIGINT"
    name = f"fk_{table}_{column}"
    op.execute(f"ALTER TABLE {table} ADD COLUMN {column} {kind} CONSTRAINT {name} REFERENCES {target} (id)")


def upgrade() -> None:
    _upgrade_warehouses()
    _add_reference("orders", "pick_up_at_id", "warehouses")
    _add_reference("customers", "preferred_warehouse_id", "warehouses")
    _upgrade_rules()
    _upgrade_kept_back()
    _upgrade_sources_of_channels()
    _upgrade_transfers()
    _upgrade_suppliers_and_stores()


def _upgrade_warehouses() -> None:
    columns: tuple[sa.Column[Any], ...] = (
        sa.Column("kind", sa.String(length=24), server_default="warehouse", nullable=False),
        sa.Column("active", sa.Boolean(), server_default="1", nullable=False),
        sa.Column("latitude_e6", _NUMBER, nullable=True),
        sa.Column("longitude_e6", _NUMBER, nullable=True),
        sa.Column("cut_off", _NUMBER, nullable=True),
        sa.Column("daily_capacity", _NUMBER, nullable=True),
        sa.Column("parcel_cost", _NUMBER, server_default="0", nullable=False),
        sa.Column("unit_cost", _NUMBER, server_default="0", nullable=False),
    )
    for column in columns:
        op.add_column("warehouses", column)


def _upgrade_rules() -> None:
    op.create_table(
        "sourcing_rules",
        _key(),
        sa.Column("position", _NUMBER, nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("name", sa.String(length=120), server_default="", nullable=False),
        sa.Column("enabled", sa.Boolean(), server_default="1", nullable=False),
        sa.Column("parameters", _JSON, server_default="{}", nullable=False),
        sa.Column("conditions", _JSON, server_default="{}", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sourcing_rules")),
    )
    op.create_index("ix_sourcing_rules_position", "sourcing_rules", ["position", "id"])
    op.create_table(
        "postcode_points",
        _key(),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("prefix", sa.String(length=16), nullable=False),
        sa.Column("latitude_e6", _NUMBER, nullable=False),
        sa.Column("longitude_e6", _NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_postcode_points")),
        sa.UniqueConstraint("country", "prefix", name=op.f("uq_postcode_points_country_prefix")),
    )
    op.create_table(
        "sourcing_choices",
        _key(),
        sa.Column("fulfillment_id", _NUMBER, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("facts", _JSON, server_default="{}", nullable=False),
        sa.Column("rerouted_from_id", _NUMBER, nullable=True),
        sa.ForeignKeyConstraint(
            ["fulfillment_id"], ["fulfillments.id"], name=op.f("fk_sourcing_choices_fulfillment_id")
        ),
        sa.ForeignKeyConstraint(
            ["rerouted_from_id"], ["fulfillments.id"], name=op.f("fk_sourcing_choices_rerouted_from_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sourcing_choices")),
    )
    op.create_index("ix_sourcing_choices_fulfillment_id", "sourcing_choices", ["fulfillment_id"])


def _upgrade_kept_back() -> None:
    op.create_table(
        "safety_stock",
        _key(),
        sa.Column("warehouse_id", _NUMBER, server_default="0", nullable=False),
        sa.Column("product_id", _NUMBER, server_default="0", nullable=False),
        sa.Column("quantity", _NUMBER, nullable=False),
        sa.CheckConstraint("quantity >= 0", name=op.f("ck_safety_stock_quantity")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_safety_stock")),
        sa.UniqueConstraint("warehouse_id", "product_id", name=op.f("uq_safety_stock_warehouse_id_product_id")),
    )
    op.create_table(
        "channel_buffers",
        _key(),
        sa.Column("channel_id", _NUMBER, nullable=False),
        sa.Column("warehouse_id", _NUMBER, server_default="0", nullable=False),
        sa.Column("product_id", _NUMBER, server_default="0", nullable=False),
        sa.Column("quantity", _NUMBER, nullable=False),
        sa.Column("percent", _NUMBER, server_default="0", nullable=False),
        sa.CheckConstraint("quantity >= 0", name=op.f("ck_channel_buffers_quantity")),
        sa.CheckConstraint("percent >= 0 AND percent <= 100", name=op.f("ck_channel_buffers_percent")),
        sa.ForeignKeyConstraint(["channel_id"], ["channels.id"], name=op.f("fk_channel_buffers_channel_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_channel_buffers")),
        sa.UniqueConstraint(
            "channel_id",
            "warehouse_id",
            "product_id",
            name=op.f("uq_channel_buffers_channel_id_warehouse_id_product_id"),
        ),
    )


def _upgrade_sources_of_channels() -> None:
    op.create_table(
        "channel_warehouses",
        _key(),
        sa.Column("channel_id", _NUMBER, nullable=False),
        sa.Column("warehouse_id", _NUMBER, nullable=False),
        _refers("channel_warehouses", "channel_id", "channels"),
        _refers("channel_warehouses", "warehouse_id", "warehouses"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_channel_warehouses")),
        sa.UniqueConstraint("channel_id", "warehouse_id", name=op.f("uq_channel_warehouses_channel_id_warehouse_id")),
    )


def _upgrade_transfers() -> None:
    op.create_table(
        "transfers",
        _key(),
        sa.Column("from_warehouse_id", _NUMBER, nullable=False),
        sa.Column("to_warehouse_id", _NUMBER, nullable=False),
        sa.Column("from_place_id", _NUMBER, nullable=True),
        sa.Column("to_place_id", _NUMBER, nullable=True),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("note", sa.String(length=400), server_default="", nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("created_by_id", _NUMBER, nullable=True),
        sa.Column("sent_at", sa.BigInteger(), nullable=True),
        sa.Column("received_at", sa.BigInteger(), nullable=True),
        sa.Column("closed_at", sa.BigInteger(), nullable=True),
        _refers("transfers", "from_warehouse_id", "warehouses"),
        _refers("transfers", "to_warehouse_id", "warehouses"),
        _refers("transfers", "from_place_id", "locations"),
        _refers("transfers", "to_place_id", "locations"),
        _refers("transfers", "created_by_id", "operators"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transfers")),
    )
    op.create_index("ix_transfers_from_place_id", "transfers", ["from_place_id"], unique=True)
    op.create_index("ix_transfers_to_place_id", "transfers", ["to_place_id"], unique=True)
    still_open = sa.text("state NOT IN ('closed', 'cancelled')")
    op.create_index("ix_transfers_open", "transfers", ["id"], sqlite_where=still_open, postgresql_where=still_open)
    op.create_table(
        "transfer_lines",
        _key(),
        sa.Column("transfer_id", _NUMBER, nullable=False),
        sa.Column("product_id", _NUMBER, nullable=False),
        sa.Column("quantity", _NUMBER, nullable=False),
        sa.Column("reason", sa.String(length=400), server_default="", nullable=False),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_transfer_lines_quantity")),
        _refers("transfer_lines", "transfer_id", "transfers"),
        _refers("transfer_lines", "product_id", "products"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transfer_lines")),
        sa.UniqueConstraint("transfer_id", "product_id", name=op.f("uq_transfer_lines_transfer_id_product_id")),
    )
    op.create_index("ix_transfer_lines_product_id", "transfer_lines", ["product_id"])


def _upgrade_suppliers_and_stores() -> None:
    op.create_table(
        "supplier_requests",
        _key(),
        sa.Column("fulfillment_id", _NUMBER, nullable=False),
        sa.Column("warehouse_id", _NUMBER, nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column("confirmed_at", sa.BigInteger(), nullable=True),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("carrier", sa.String(length=64), server_default="", nullable=False),
        sa.Column("tracking_number", sa.String(length=64), server_default="", nullable=False),
        sa.Column("reason", sa.String(length=400), server_default="", nullable=False),
        sa.Column("operator_id", _NUMBER, nullable=True),
        _refers("supplier_requests", "fulfillment_id", "fulfillments"),
        _refers("supplier_requests", "warehouse_id", "warehouses"),
        _refers("supplier_requests", "operator_id", "operators"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supplier_requests")),
    )
    op.create_index("ix_supplier_requests_fulfillment_id", "supplier_requests", ["fulfillment_id"], unique=True)
    asked = sa.text("state IN ('asked', 'confirmed')")
    op.create_index(
        "ix_supplier_requests_open", "supplier_requests", ["id"], sqlite_where=asked, postgresql_where=asked
    )
    op.create_table(
        "pick_ups",
        _key(),
        sa.Column("fulfillment_id", _NUMBER, nullable=False),
        sa.Column("place_id", _NUMBER, nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("ready_at", sa.BigInteger(), nullable=False),
        sa.Column("fetch_by", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("fetched_by", sa.String(length=120), server_default="", nullable=False),
        sa.Column("operator_id", _NUMBER, nullable=True),
        _refers("pick_ups", "fulfillment_id", "fulfillments"),
        _refers("pick_ups", "place_id", "locations"),
        _refers("pick_ups", "operator_id", "operators"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pick_ups")),
    )
    op.create_index("ix_pick_ups_fulfillment_id", "pick_ups", ["fulfillment_id"], unique=True)
    ready = sa.text("state = 'ready'")
    op.create_index("ix_pick_ups_waiting", "pick_ups", ["fetch_by", "id"], sqlite_where=ready, postgresql_where=ready)


def _refers(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"))


def downgrade() -> None:
    for table in ("pick_ups", "supplier_requests", "transfer_lines", "transfers", "channel_warehouses"):
        op.drop_table(table)
    for table in ("channel_buffers", "safety_stock", "sourcing_choices", "postcode_points", "sourcing_rules"):
        op.drop_table(table)
    with op.batch_alter_table("customers") as customers:
        customers.drop_column("preferred_warehouse_id")
    with op.batch_alter_table("orders") as orders:
        orders.drop_column("pick_up_at_id")
    for column in (
        "unit_cost", "parcel_cost", "daily_capacity", "cut_off", "longitude_e6", "latitude_e6", "active", "kind",
    ):  # fmt: skip
        op.drop_column("warehouses", column)
