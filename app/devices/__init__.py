"""Pickwick: devices."""
