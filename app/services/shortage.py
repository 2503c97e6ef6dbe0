"""What a transaction ends with that wanted goods which were gone by then."""

from __future__ import annotations


class NotEnoughError(Exception):
    """A balance holds less than asked, or less than is not promised to somebody else."""
