"""Pickwick: presenters."""
