"""Which encoding a text file is in: found out from all of its bytes, never assumed."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from pathlib import Path

from charset_normalizer import from_bytes

from app.domain.capture import FileRefused

CHUNK = 1 << 20
_SAMPLE = 1 << 18
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SIGNATURES = (
    (b"PK\x03\x04", "workbook"),
    (b"\xd0\xcf\x11\xe0", "workbook"),
    (b"%PDF", "pdf"),
    (b"\x1f\x8b", "compressed"),
    (b"\x89PNG", "picture"),
    (b"\xff\xd8\xff", "picture"),
)
# Letters that each code page is bought for, in the languages that use it.
_LETTERS = {
    "cp1250": "ąćęłńóśźżĄĆĘŁŃÓŚŹŻáčďéěíňřšťúůýžÁČĎÉĚÍŇŘŠŤÚŮÝŽäöüßÄÖÜőűŐŰ€„”–’",
    "cp1252": "äöüßÄÖÜáàâãåæçéèêëíìîïñóòôõøœúùûÿÁÀÂÃÅÆÇÉÈÊËÍÌÎÏÑÓÒÔÕØŒÚÙÛ€£„”“’–°º²½«»¿¡®",
    "iso8859-2": "ąćęłńóśźżĄĆĘŁŃÓŚŹŻáčďéěíňřšťúůýžäöüßÄÖÜőű",
    "cp1251": "абвгдежзийклмнопрстуфхцчшщъыьэюяАБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯёЁ№",
}


def find_encoding(path: Path, told: str = "") -> str:
    """The Python name of the file's encoding; `told` is checked instead, when given.

    Raises FileRefused: unreadable, empty, not_text, wrong_encoding.
    """
    try:
        head = _head(path)
        if told:
            _check(path, told)
            return told
        return _find(path, head)
    except OSError as error:
        reason = error.strerror or str(error)
        raise FileRefused("capture.file.unreadable", file=path.name, reason=reason) from error


def _head(path: Path) -> bytes:
    with path.open("rb") as stream:
        head = stream.read(4096)
    if not head.strip(b" \t\r\n\xef\xbb\xbf\xff\xfe\x00"):
        raise FileRefused("capture.file.empty", file=path.name)
    for signature, kind in _SIGNATURES:
        if head.startswith(signature):
            raise FileRefused("capture.file.not_text", file=path.name, kind=kind)
    return head


def _find(path: Path, head: bytes) -> str:
    for bom, name in _BOMS:
        if head.startswith(bom):
            _check(path, name)
            return name
    if b"\0" in head:
        wide = _wide_without_bom(head)
        if not wide:
            raise FileRefused("capture.file.not_text", file=path.name, kind="binary")
        _check(path, wide)
        return wide
    if _is_utf8(path):
        return "utf-8"
    return _code_page(path)


def _wide_without_bom(head: bytes) -> str:
    """UTF-16 without its mark: in western text one half of the bytes is nearly all zeros, the other has none."""
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if odd > len(head) * 0.3 and even < len(head) * 0.02:
        return "utf-16-le"
    if even > len(head) * 0.3 and odd < len(head) * 0.02:
        return "utf-16-be"
    return ""


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as stream:
        while chunk := stream.read(CHUNK):
            yield chunk


def _is_utf8(path: Path) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    valid, wide = True, False
    for chunk in _chunks(path):
        if b"\0" in chunk:
            raise FileRefused("capture.file.not_text", file=path.name, kind="binary")
        if valid:
            try:
                wide = not decoder.decode(chunk).isascii() or wide
            except UnicodeDecodeError:
                valid = False
    if valid and decoder.getstate()[0]:
        # The last character is incomplete: the file was cut off there, unless it is a code page's only letter.
        if wide:
            raise FileRefused("capture.file.cut_off", file=path.name)
        return False
    return valid


def _check(path: Path, name: str) -> None:
    try:
        "".encode(name)  # a codec of Python that is none of text, such as base64, is no encoding of a file
        decoder = codecs.getincrementaldecoder(name)()
        for chunk in _chunks(path):
            if "\0" in decoder.decode(chunk):
                raise FileRefused("capture.file.not_text", file=path.name, kind="binary")
    except LookupError as error:
        raise FileRefused("capture.file.encoding_unknown", file=path.name, encoding=name) from error
    except UnicodeError as error:  # UTF-16 without its mark is no UnicodeDecodeError
        raise FileRefused("capture.file.wrong_encoding", file=path.name, encoding=name) from error
    try:
        decoder.decode(b"", final=True)
    except UnicodeError as error:
        raise FileRefused("capture.file.cut_off", file=path.name) from error


def _code_page(path: Path) -> str:
    """The best of the code pages for the lines that have more than ASCII, by the letters that come out."""
    sample = _telling_lines(path)
    if _looks_japanese(sample):
        return "cp932"
    scores = {name: _plausible(sample, name) for name in _LETTERS}
    best = max(scores, key=lambda name: (scores[name], name == "cp1252"))
    if scores[best] < 0.5:
        guess = from_bytes(sample).best()
        best = guess.encoding if guess is not None and guess.encoding != "ascii" else "cp1252"
    try:
        _check(path, best)
    except FileRefused as refusal:
        if refusal.code == "capture.file.not_text":
            raise
        return "latin-1"  # every byte has a meaning there
    return best


def _telling_lines(path: Path) -> bytes:
    """Lines with more than ASCII, from all over the file, up to a limit."""
    found = bytearray()
    with path.open("rb") as stream:
        for line in stream:
            if not line.isascii():
                found += line
                if len(found) > _SAMPLE:
                    break
    return bytes(found)


def _looks_japanese(sample: bytes) -> bool:
    try:
        text = sample.decode("cp932")
    except UnicodeDecodeError:
        return False
    wide = [char for char in text if ord(char) > 127]
    kana = sum("\u3040" <= char <= "\u30ff" or "\u4e00" <= char <= "\u9fff" for char in wide)
    return kana >= 2 and kana > len(wide) * 0.8


def _plausible(sample: bytes, name: str) -> float:
    """Share of the characters beyond ASCII that make sense where they stand, in the languages of the code page."""
    text = f" {sample.decode(name, errors='replace')} "
    known = _LETTERS[name]
    wide = good = 0
    for place, char in enumerate(text):
        if char >= "\x80":
            wide += 1
            good += char in known and _fits(text[place - 1], char, text[place + 1])
    return good / wide if wide else 0.0


def _fits(before: str, char: str, after: str) -> bool:
    """A capital inside a small word, a sign inside a word, an œ before a consonant: marks of the wrong code page."""
    if char.isupper() and before.islower():
        return False
    if char in "¿¡£°º²½«»®":
        inside_a_word = before.isalpha() and after.isalpha()
        begins_a_word = char in "£°º²½®" and after.isalpha()
        return not (inside_a_word or begins_a_word or (char in "¿¡" and before.isalpha()))
    return char not in "œŒ" or after.lower() in "uitsl"
