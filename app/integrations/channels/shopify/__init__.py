"""Pickwick: files of shopify."""
