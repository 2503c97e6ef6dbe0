"""Print jobs of which nobody knows whether they came out, and the printer that each was sent to last."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("print_jobs", sa.Column("doubtful", sa.Boolean(), server_default="0", nullable=False))
    op.add_column("print_jobs", sa.Column("sent_to", sa.String(length=400), server_default="", nullable=False))


def downgrade() -> None:
    op.drop_column("print_jobs", "sent_to")
    op.drop_column("print_jobs", "doubtful")
