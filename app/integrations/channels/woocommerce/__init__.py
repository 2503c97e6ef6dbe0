"""Pickwick: files of woocommerce."""
