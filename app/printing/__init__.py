"""Pickwick: printing."""
