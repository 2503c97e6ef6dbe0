"""Pickwick: domain."""
