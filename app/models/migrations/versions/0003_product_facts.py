"""What a channel says of a product beyond what scanning needs: maker, picture's address, origin, customs code."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_COLUMNS = (("vendor", 120), ("image_url", 400), ("origin_country", 64), ("customs_code", 64))


def upgrade() -> None:
    for name, length in _COLUMNS:
        op.add_column("products", sa.Column(name, sa.String(length=length), server_default="", nullable=False))


def downgrade() -> None:
    for name, _length in reversed(_COLUMNS):
        op.drop_column("products", name)
