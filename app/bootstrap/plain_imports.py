"""Python's own import statement again, once the toolkit has put one of its own in its place."""

from __future__ import annotations

import builtins


def import_plainly() -> None:
    """Takes the toolkit's import statement out again; any other that stands there is left alone.

    PySide puts one in for `from __feature__ import snake_case`, which nobody here says. It reads the source of every
    module that is imported later and keeps it: a tenth of a start, 25 MB, and it is run on threads that do not paint.
    """
    own, put_in = getattr(builtins, "__orig_import__", None), getattr(builtins, "__feature_import__", None)
    if own is not None and builtins.__import__ is put_in:
        builtins.__import__ = own
