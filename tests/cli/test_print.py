"""`print` through the real queue, to folders, sockets and simulated printers."""

from __future__ import annotations

import json
import socket
import threading
from pathlib import Path

import pytest

from app.commands.asked import DOCUMENTS
from app.domain.documents import DocumentKind
from app.domain.print_ports import PrintLanguage
from tests.cli.running import Cli, one_sentence
from tests.printing.drawing import codes
from tests.printing.thermal import read


class Listener:
    """Somebody's printer on a port: takes bytes, answers nothing."""

    def __init__(self) -> None:
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.jobs: list[bytes] = []
        self.thread = threading.Thread(target=self._listen, daemon=True)
        self.thread.start()

    def _listen(self) -> None:
        while True:
            try:
                connection, _ = self.socket.accept()
            except OSError:
                return
            with connection, connection.makefile("rb") as stream:
                self.jobs.append(stream.read())

    def close(self) -> None:
        self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()
        self.thread.join(5)


def test_the_names_of_documents_are_those_there_are() -> None:
    assert set(DOCUMENTS) == {kind.value for kind in DocumentKind}


@pytest.mark.parametrize("document", DOCUMENTS)
def test_each_document_lands_in_a_folder(cli: Cli, tmp_path: Path, document: str) -> None:
    folder = tmp_path / "printer"
    folder.mkdir()
    ran = cli("print", document, "--printer", folder.as_uri(), "--json")
    assert (ran.status, ran.err) == (0, "")
    assert ran.told == {"jobs": [{"id": 1, "state": "printed", "reason": ""}]}
    (printed,) = list(folder.iterdir())
    assert printed.read_bytes().startswith(b"^XA")
    assert (
        cli("print", document, "--printer", f"{folder.as_uri()}?language=pdf").out == f"Printed ({document}, job 2).\n"
    )
    assert any(path.read_bytes().startswith(b"%PDF") for path in folder.iterdir())


@pytest.mark.parametrize("dpi", [203, 300])
@pytest.mark.parametrize("language", [PrintLanguage.EPL2, PrintLanguage.TSPL])
def test_label_printers_of_other_languages(cli: Cli, tmp_path: Path, language: PrintLanguage, dpi: int) -> None:
    ran = cli("print", "tote", "--printer", f"{tmp_path.as_uri()}?language={language}&dpi={dpi}", "--json")
    assert ran.told["jobs"][0]["state"] == "printed"
    (printed,) = tmp_path.glob(f"*.{language}")
    assert [codes(sheet) for sheet in read(printed.read_bytes(), language, dpi).sheets] == [["T-0117", "T-0117"]]


def test_values_replace_those_of_the_sample(cli: Cli, tmp_path: Path) -> None:
    data = tmp_path / "data.json"
    to = {"name": "Zofia Żak", "address1": "ul. Krótka 1", "city": "Łódź", "postcode": "90-001", "country": "PL"}
    data.write_text(json.dumps({"ship_to": to, "order": "#77", "note": "mind ^XA the ~JA step"}), encoding="utf-8")
    ran = cli("print", "shipping-label", "--printer", tmp_path.as_uri(), "--data", data, "--json")
    assert ran.told["jobs"][0]["state"] == "printed"
    (printed,) = tmp_path.glob("*.zpl")
    text = printed.read_bytes()
    assert b"#77" in text or b"_2377" in text
    assert b"~JA" not in text
    assert b"Harriet" not in text


def test_a_printer_on_a_port_gets_the_bytes_once(cli: Cli) -> None:
    listener = Listener()
    ran = cli("print", "tote", "--printer", f"tcp://127.0.0.1:{listener.port}", "--json")
    listener.close()
    assert ran.told["jobs"][0]["state"] == "printed"
    assert b"".join(listener.jobs).count(b"^XZ") == 1


def test_a_job_that_is_not_printed_in_time_is_cancelled_and_said_so(cli: Cli) -> None:
    listener = Listener()
    listener.close()
    uri = f"tcp://127.0.0.1:{listener.port}"
    ran = cli("print", "tote", "--printer", uri, "--wait", "0", "--json")
    assert ran.status == 3
    (job,) = ran.told["jobs"]
    assert (job["id"], job["state"]) == (1, "cancelled")
    assert str(listener.port) in job["reason"]
    assert one_sentence(ran.err.replace(". ", ", "))
    other = cli("print", "tote", "--printer", "sim:", "--json")
    assert other.told == {"jobs": [{"id": 2, "state": "printed", "reason": ""}]}


def test_a_printer_without_paper_keeps_the_job(cli: Cli) -> None:
    ran = cli("print", "tote", "--printer", "sim:bench?state=paper-out", "--wait", "0", "--json")
    assert ran.status == 3
    assert ran.told["jobs"][0]["state"] == "cancelled"
    assert "paper" in ran.told["jobs"][0]["reason"]


@pytest.mark.parametrize(
    "words",
    [
        ("print", "tote"),
        ("print", "tote", "--printer", "ftp://x"),
        ("print", "tote", "--printer", "tcp://"),
        ("print", "tote", "--printer", "sim:", "--wait", "soon"),
        ("print", "tote", "--printer", "sim:", "--wait", "-1"),
        ("print", "poster", "--printer", "sim:"),
        ("print", "tote", "--printer", "sim:", "--data", "missing.json"),
        ("print", "tote", "--printer", "sim:", "--data", "."),
    ],
)
def test_bad_use_says_so_and_prints_nothing(cli: Cli, words: tuple[str, ...]) -> None:
    ran = cli(*words)
    assert (ran.status, ran.out) == (2, "")
    assert ran.err.count("\n") == 1
    assert "Traceback" not in ran.err


@pytest.mark.parametrize("text", ["", "[]", "{", '{"colour": "red"}', '{"code": 7}', "\x00\xff"])
def test_data_that_does_not_fit_is_refused_with_a_sentence(cli: Cli, tmp_path: Path, text: str) -> None:
    data = tmp_path / "data.json"
    data.write_text(text, encoding="latin-1")
    ran = cli("print", "tote", "--printer", "sim:", "--data", data)
    assert (ran.status, ran.out) == (2, "")
    assert ran.err.count("\n") == 1
