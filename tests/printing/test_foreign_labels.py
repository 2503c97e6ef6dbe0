"""A carrier's label through the press of a station, to printers of each language."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.bootstrap.document_printer import PrintingPress
from app.domain.document_samples import sample_document
from app.domain.print_ports import PrinterState, PrinterStatus, PrintLanguage
from app.printing.pdf import render_pdf
from app.printing.zpl import render_zpl
from app.services.print_jobs import JobToPrint
from tests.printing.drawing import codes
from tests.printing.test_payloads import CODE, GREY, encoded, sheets

Said = list[tuple[str, PrinterStatus]]


def job(payload: bytes | None) -> JobToPrint:
    return JobToPrint(7, "shipping-label", {}, payload, "", None, None, 0)


def press(folder: Path, language: PrintLanguage, said: Said) -> PrintingPress:
    uri = f"{folder.as_uri()}?language={language}"
    return PrintingPress(uri, {}, lambda printer, status: said.append((printer, status)))


@pytest.mark.parametrize("language", list(PrintLanguage))
def test_a_picture_is_printed_in_the_printers_language(tmp_path: Path, language: PrintLanguage) -> None:
    said: Said = []
    answer = press(tmp_path, language, said).print(job(encoded(GREY)))
    assert (answer.sent, answer.doubtful, answer.reason) == (True, False, "")
    (file,) = tmp_path.glob(f"*.{language}")
    (sheet,) = sheets(file.read_bytes(), language, 203)
    assert codes(sheet) == [CODE]
    assert [status.state for _, status in said] == [PrinterState.READY]


@pytest.mark.parametrize("language", [PrintLanguage.ZPL, PrintLanguage.PDF])
def test_what_the_printer_understands_is_not_touched(tmp_path: Path, language: PrintLanguage) -> None:
    document = sample_document("shipping-label")
    data = render_zpl(document) if language is PrintLanguage.ZPL else render_pdf(document)
    assert press(tmp_path, language, []).print(job(data)).sent
    (file,) = tmp_path.glob(f"*.{language}")
    assert file.read_bytes() == data


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        (
            b"^XA^FO1,1^FDx^FS^XZ",
            "This label is in ZPL, and the printer understands EPL2. Print it on a ZPL printer, or ask the carrier for "
            "a PDF.",
        ),
        (b"<html>", "This label is neither ZPL, EPL2, TSPL, PDF nor a picture. Ask the carrier for a PDF."),
        (b"%PDF-1.7\n", "This label's picture or PDF cannot be read. Ask the carrier for it again."),
    ],
)
def test_a_label_that_cannot_be_printed_says_so_and_no_evil_of_the_printer(
    tmp_path: Path, payload: bytes, reason: str
) -> None:
    said: Said = []
    answer = press(tmp_path, PrintLanguage.EPL2, said).print(job(payload))
    assert (answer.sent, answer.doubtful, answer.reason) == (False, False, reason)
    assert list(tmp_path.iterdir()) == []
    assert said == []
