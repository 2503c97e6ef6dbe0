"""Pickwick: files of amazon."""
