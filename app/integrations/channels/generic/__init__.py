"""Pickwick: files of generic."""
