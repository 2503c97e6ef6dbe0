"""Fewer indexes that a scan writes: places are looked for in their warehouse, by the key that is there anyway."""

from __future__ import annotations

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nobody looks for the code of a place in all warehouses."""
    op.drop_index("ix_locations_code", table_name="locations")


def downgrade() -> None:
    """As it was."""
    op.create_index("ix_locations_code", "locations", ["code"])
