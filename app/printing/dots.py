"""How fine printers print."""

from __future__ import annotations

DOTS_PER_MM = {203: 8.0, 300: 300 / 25.4, 600: 600 / 25.4}


def dots_per_mm(dpi: int) -> float:
    """Dots a millimetre of a printer of 203, 300 or 600 dots an inch. Raises ValueError for another density."""
    if dpi not in DOTS_PER_MM:
        raise ValueError(f"no printer has {dpi} dots an inch: 203, 300 or 600")
    return DOTS_PER_MM[dpi]
