"""Pickwick: services."""
