"""Pickwick: views."""
