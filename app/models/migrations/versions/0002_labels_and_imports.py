"""Labels that carriers keep or that must be collected, effects that are tried again later, imports that still run."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_TO_COLLECT = "spoiled_at IS NOT NULL AND collected_at IS NULL"
_TROUBLE = "state IN ('voiding', 'void_refused')"


def upgrade() -> None:
    op.add_column("labels", sa.Column("reason", sa.String(length=400), server_default="", nullable=False))
    op.add_column("labels", sa.Column("spoiled_at", sa.BigInteger(), nullable=True))
    op.add_column("labels", sa.Column("collected_at", sa.BigInteger(), nullable=True))
    op.add_column("outbox", sa.Column("next_try_at", sa.BigInteger(), nullable=True))
    op.add_column("import_runs", sa.Column("seen_at", sa.BigInteger(), nullable=True))
    op.create_index(
        "ix_labels_to_collect",
        "labels",
        ["id"],
        sqlite_where=sa.text(_TO_COLLECT),
        postgresql_where=sa.text(_TO_COLLECT),
    )
    op.create_index(
        "ix_labels_trouble", "labels", ["id"], sqlite_where=sa.text(_TROUBLE), postgresql_where=sa.text(_TROUBLE)
    )
    running = sa.text("state = 'running'")
    op.create_index("ix_import_runs_running", "import_runs", ["id"], sqlite_where=running, postgresql_where=running)


def downgrade() -> None:
    op.drop_index("ix_import_runs_running", "import_runs")
    op.drop_index("ix_labels_trouble", "labels")
    op.drop_index("ix_labels_to_collect", "labels")
    op.drop_column("import_runs", "seen_at")
    op.drop_column("outbox", "next_try_at")
    op.drop_column("labels", "collected_at")
    op.drop_column("labels", "spoiled_at")
    op.drop_column("labels", "reason")
