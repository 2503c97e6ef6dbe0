"""Draws what we send to printers with tools that are not ours, and reads the barcodes back."""

from __future__ import annotations

import base64
import io
import json
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import numpy
import pypdfium2
import pytest
import zxingcpp
from PIL import Image

from app.domain.documents import Barcode, Document, Element, Fixed
from app.printing.dots import DOTS_PER_MM
from app.printing.pdf import render_pdf
from app.printing.zpl import render_zpl

RENDERER = Path(__file__).parent / "renderer"


def need_renderer() -> None:
    """The independent ZPL renderer, fetched by npm when it is missing; skips where there is no node."""
    if shutil.which("node") is None:
        pytest.skip("node is not installed, and the independent ZPL renderer needs it")
    if (RENDERER / "node_modules" / "zpl-renderer-js").is_dir():
        return
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("npm is not installed, and the independent ZPL renderer is not here yet")
    fetched = subprocess.run([npm, "ci", "--no-audit", "--no-fund"], cwd=RENDERER, capture_output=True, check=False)
    if fetched.returncode:
        pytest.skip("npm could not fetch the independent ZPL renderer")


def draw_zpl(jobs: Sequence[tuple[bytes, Document]], dpi: int) -> list[list[Image.Image]]:
    """Pictures of the labels of each job, all drawn by one process of the independent renderer."""
    need_renderer()
    scale = DOTS_PER_MM[dpi]
    whole = round(scale)
    asked = [
        {
            "zpl": zpl.decode("utf-8"),
            "width_mm": round(document.size.width * scale) / whole,
            "height_mm": round(document.size.height * scale) / whole,
            "dpmm": whole,
        }
        for zpl, document in jobs
    ]
    node = shutil.which("node") or "node"
    done = subprocess.run(
        [node, str(RENDERER / "render.mjs")], input=json.dumps(asked).encode("utf-8"), capture_output=True, check=True
    )
    return [[_picture(page) for page in pages] for pages in json.loads(done.stdout)]


def draw_documents(documents: Sequence[Document], dpi: int) -> list[list[Image.Image]]:
    """Pictures of the pages of each document, from its ZPL."""
    return draw_zpl([(render_zpl(document, dpi), document) for document in documents], dpi)


def draw_pdf(pdf: bytes, dpi: int = 300) -> list[Image.Image]:
    """Pictures of the pages of a PDF."""
    return [page.render(scale=dpi / 72).to_pil().convert("L") for page in pypdfium2.PdfDocument(pdf)]


def draw_document_pdf(document: Document) -> list[Image.Image]:
    """Pictures of the pages of a document, from its PDF."""
    return draw_pdf(render_pdf(document))


def pdf_text(pdf: bytes) -> str:
    """The text of all pages, a line a line."""
    pages = (page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(pdf))
    return "\n".join(text.replace("\r\n", "\n") for text in pages)


def codes(picture: Image.Image) -> list[str]:
    """What an independent decoder reads in a picture, sorted."""
    return sorted(found.text for found in zxingcpp.read_barcodes(picture))


def ink(picture: Image.Image) -> numpy.ndarray:
    """Which dots are black."""
    return numpy.asarray(picture) < 128


def codes_of(page: Sequence[Element]) -> list[str]:
    """What the barcodes of a page hold, sorted."""
    found: list[str] = []
    for element in page:
        if isinstance(element, Fixed):
            found.extend(codes_of(element.elements))
        elif isinstance(element, Barcode) and element.data:
            found.append(element.data)
    return sorted(found)


def _picture(page: str) -> Image.Image:
    return Image.open(io.BytesIO(base64.b64decode(page))).convert("L")
