"""Captures what channels report: orders with their verification, and the runs that brought them."""
