"""Alembic revisions, from the first one on."""
