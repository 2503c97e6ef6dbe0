"""Pickwick: runtime."""
