"""Pickwick: queries."""
