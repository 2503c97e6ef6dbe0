"""Pickwick: models."""
