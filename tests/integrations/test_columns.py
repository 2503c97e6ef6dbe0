"""The headings of files that nobody recognised."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.domain.capture import FileRefused
from app.integrations.channels.columns import look_at_columns


def written(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "odd.csv"
    path.write_bytes(text.encode(encoding))
    return path


def test_headings_samples_and_guesses(tmp_path: Path) -> None:
    found = look_at_columns(written(tmp_path, "Vorgang;Menge;Gewicht (kg)\nB7;3;1,5\nB8;4;2,0\n"), "csv-orders")
    assert (found.headings, found.samples) == (("Vorgang", "Menge", "Gewicht (kg)"), ("B7", "3", "1,5"))
    assert found.guesses == {"quantity": "Menge"}
    assert found.lacking(found.guesses) == ("order", "sku")
    assert found.lacking({"order": "Vorgang", "title": "Menge", "quantity": "Menge"}) == ()


def test_titles_above_the_headings_are_passed_over(tmp_path: Path) -> None:
    text = "Export;2026\n\nA;B;C;D\n1;2;3;4\n"
    assert look_at_columns(written(tmp_path, text), "csv-stock").headings == ("A", "B", "C", "D")


def test_another_encoding_and_a_table_without_rows(tmp_path: Path) -> None:
    found = look_at_columns(written(tmp_path, "Stück\tStraße\n", "cp1252"), "csv-orders")
    assert (found.headings, found.samples) == (("Stück", "Straße"), ("", ""))


@pytest.mark.parametrize("text", ["one\ntwo\nthree\n", " \n\n"])
def test_what_holds_no_table_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(FileRefused):
        look_at_columns(written(tmp_path, text), "csv-orders")
