"""Badges: what a person's badge carries, and the digest by which the database knows it."""

from __future__ import annotations

import hashlib
import secrets

from app.domain.barcodes import BADGE_SIGNS, CodeKind, own_code


def new_badge() -> str:
    """A badge code that nobody can guess: `OP-` and 16 signs, 66 bits."""
    return own_code(CodeKind.BADGE, "".join(secrets.choice(BADGE_SIGNS) for _ in range(16)))


def without_badge(scanned: str) -> str:
    """What was scanned, as it may be kept: of a badge only that it was one, for its code lets anybody in."""
    prefix = own_code(CodeKind.BADGE, "")
    return f"{prefix}…" if scanned.strip().upper().startswith(prefix) else scanned


def badge_digest(code: str) -> str:
    """What the database keeps of a badge; the code itself can't be had back from it."""
    return hashlib.sha256(code.strip().upper().encode()).hexdigest()
