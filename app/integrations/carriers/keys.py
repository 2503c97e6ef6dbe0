"""The keys of carriers, as orders and labels name them: known without reading what buys their labels."""

from __future__ import annotations

OWN = "own"
"""Our own delivery: needs no account anywhere."""
