"""What is printed while the database is away is nobody else's job: a file of it lies beside those of rows."""

from __future__ import annotations

from pathlib import Path

from app.bootstrap.core import print_here
from app.bootstrap.document_printer import PrintingPress
from app.domain.documents import DocumentKind
from app.runtime.print_worker import PrintAnswer
from app.services.print_jobs import JobToPrint


def test_a_label_printed_here_leaves_the_job_of_the_same_number_alone(tmp_path: Path) -> None:
    label = DocumentKind.SHIPPING_LABEL.value
    content: dict[str, object] = {"order": "#1000"}
    press = PrintingPress(f"file://{tmp_path}?language=zpl", {}, lambda _uri, _status: None)
    press.print(JobToPrint(17, label, content, None, "", None, None, 1))
    answers: list[PrintAnswer] = []
    print_here(17, {label: content}, lambda _document: None, lambda _document, answer: answers.append(answer))(press)
    assert [answer.sent for answer in answers] == [True]
    assert len(list(tmp_path.glob("*.zpl"))) == 2
