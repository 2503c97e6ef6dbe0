"""Pickwick: files of online retail."""
