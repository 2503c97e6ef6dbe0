"""Runs revisions on the connection that `app.models.schema` hands in."""

from __future__ import annotations

from alembic import context

from app.models.schema import include_object, render_item
from app.models.tables import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    compare_type=True,
    include_object=include_object,
    render_item=render_item,
)
with context.begin_transaction():
    context.run_migrations()
