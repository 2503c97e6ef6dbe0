"""`python -m tools.make_gs1_table DICTIONARY`: writes app/domain/gs1_table.py from the GS1 Barcode Syntax Dictionary.

Kept are identifiers, lengths, kinds of characters, the checks that we make and the places in a Digital Link; which
identifiers should stand together is left to those who print.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

TARGET = Path(__file__).resolve().parents[1] / "app" / "domain" / "gs1_table.py"
CHECKS = frozenset({"csum", "zero", "yymmd0", "yymmdd", "yyyymmdd", "hhmi", "hh", "mi", "ss"})
_ENTRY = re.compile(r"^(?P<ais>\d+(-\d+)?)\s+(?P<flags>[*?]*)\s*(?P<parts>.*?)(\s+#.*)?$")
_PART = re.compile(r"^\[?[NXYZ](\.\.)?\d+\]?(,\w+)*$")
_HEAD = '''"""What may stand behind each GS1 application identifier: written by tools/make_gs1_table.py, not by hand.

From the GS1 Barcode Syntax Dictionary, copyright 2020-2021 BWIPP project, 2020-2021 Zint Project, 2021-2025 GS1 AISBL,
under the Apache License 2.0 (https://www.apache.org/licenses/LICENSE-2.0); shortened. Each line holds identifiers,
flags (`*` needs no separator, `?` may be an attribute of a Digital Link, `-` neither), the parts of the data (`N`
digits, `X` 82 signs, `Y` 39 signs, `Z` base64url; `[optional]`; checks behind a comma), and for the keys of a Digital
Link `key=` with the qualifiers that may follow in this order.
"""

TABLE = """\\
'''


def entries(dictionary: Iterable[str]) -> list[str]:
    """The lines of our table, in the dictionary's order."""
    lines = []
    for line in dictionary:
        found = _ENTRY.match(line.rstrip())
        if found is None:
            continue
        words = found["parts"].split()
        parts = [_shortened(word) for word in words if _PART.match(word)]
        keys = [word.replace("dlpkey", "key") for word in words if word.startswith("dlpkey")]
        keys = [key if "=" in key else f"{key}=" for key in keys]
        lines.append(" ".join([found["ais"], found["flags"] or "-", *parts, *keys]))
    return lines


def _shortened(part: str) -> str:
    kind, *checks = part.split(",")
    return ",".join([kind, *(check for check in checks if check in CHECKS)])


def main(arguments: Sequence[str] | None = None) -> int:
    """Writes the table."""
    source = Path((sys.argv[1:] if arguments is None else arguments)[0])
    lines = entries(source.read_text(encoding="utf-8").splitlines())
    TARGET.write_text(_HEAD + "\n".join(lines) + '\n"""\n', encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
