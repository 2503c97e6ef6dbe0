"""Pickwick: integrations."""
