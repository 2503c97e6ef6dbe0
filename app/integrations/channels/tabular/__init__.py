"""Pickwick: tables in text files: encoding, rows, headings, amounts, dates."""
