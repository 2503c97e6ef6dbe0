"""What customers and channels tell is text in a table, never a formula."""

from __future__ import annotations

import pytest

from app.domain.csv_cells import cell


@pytest.mark.parametrize(
    ("told", "written"),
    [
        ("Ada Stone", "Ada Stone"),
        ("", ""),
        ("+44 (0)113 496-0001", "+44 (0)113 496-0001"),
        ("-12.50", "-12.50"),
        ("O'Hara =", "O'Hara ="),
        ('=HYPERLINK("http://x";"y")', '\'=HYPERLINK("http://x";"y")'),
        ("+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0"),
        ("-2+3+cmd|'x'!A0", "'-2+3+cmd|'x'!A0"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
    ],
)
def test_a_formula_stays_text(told: str, written: str) -> None:
    assert cell(told) == written
