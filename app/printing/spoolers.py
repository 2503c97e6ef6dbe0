"""Which print queues this operating system has."""

from __future__ import annotations

import sys

if sys.platform == "win32":
    from app.printing.windows_spool import WindowsSpooler as SystemSpooler
else:
    from app.printing.cups import CupsSpooler as SystemSpooler


def system_spooler() -> SystemSpooler:
    """The queues of this machine."""
    return SystemSpooler()
