"""Pickwick: app."""
