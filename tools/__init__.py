"""Pickwick: tools for people who build it, none of them needed while it runs."""
