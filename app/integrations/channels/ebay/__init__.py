"""Pickwick: files of ebay."""
