"""What the station can do without: imported where it is wanted, and not before; what is missing is said in words."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol, cast


class MissingExtraError(Exception):
    """Something that the station can do without is not there; the message says what."""


class SoundEffect(Protocol):
    """A sound that is loaded and begins at once."""

    def play(self) -> None:
        """Begin."""

    def stop(self) -> None:
        """Be quiet."""

    def isPlaying(self) -> bool:
        """Whether it sounds now."""

    def setVolume(self, volume: float) -> None:
        """From 0 to 1."""


class HidDevice(Protocol):
    """An HID device as hidapi opens it."""

    def open_path(self, path: bytes) -> None:
        """Raises OSError."""

    def read(self, max_length: int, timeout_ms: int = 0) -> list[int]:
        """One report; empty when none came in time. Raises OSError."""

    def write(self, data: bytes) -> int:
        """Sends one report; below 0 where it was not taken."""

    def close(self) -> None:
        """Gives it free."""


class HidApi(Protocol):
    """The part of hidapi that is used here."""

    def enumerate(self) -> list[dict[str, object]]:
        """All HID devices."""

    def device(self) -> HidDevice:
        """A device, not open yet."""


def hid_api() -> HidApi:
    """The library that reads HID devices where the system shows them not as files: Windows and macOS.

    Raises MissingExtraError when it is not installed.
    """
    try:
        module = importlib.import_module("hid")
    except ImportError as error:
        raise MissingExtraError("hidapi") from error
    return cast(HidApi, module)


def sound_effects(files: Mapping[str, Path]) -> dict[str, SoundEffect]:
    """Sounds by name from WAV files; needs a running application and the sound libraries of the machine.

    Raises MissingExtraError when those or a file are missing.
    """
    try:
        from PySide6.QtCore import QUrl
        from PySide6.QtMultimedia import QSoundEffect
    except ImportError as error:
        raise MissingExtraError(str(error)) from error
    effects: dict[str, SoundEffect] = {}
    for name, path in files.items():
        if not path.is_file():
            raise MissingExtraError(str(path))
        effect = QSoundEffect()
        effect.setSource(QUrl.fromLocalFile(str(path)))
        effects[name] = effect
    return effects


class KeyRing(Protocol):
    """The system's place for passwords."""

    def get_password(self, service: str, username: str) -> str | None:
        """The password that is kept by these names; None when there is none."""

    def set_password(self, service: str, username: str, password: str) -> None:
        """Keeps one."""


def key_ring() -> KeyRing | None:
    """The system's own key ring; None where there is none, as on a machine without a desktop.

    What other packages offer as one, files in plain text among them, is not taken.
    """
    try:
        import keyring
        from keyring.backends.chainer import ChainerBackend
    except ImportError:
        return None
    chosen = keyring.get_keyring()
    offered = list(chosen.backends) if isinstance(chosen, ChainerBackend) else [chosen]
    for one in offered:
        if type(one).__module__.startswith("keyring.backends.") and one.priority >= 1:
            return cast(KeyRing, one)
    return None


def key_ring_errors() -> tuple[type[Exception], ...]:
    """What a key ring raises that is locked or gone."""
    from keyring.errors import KeyringError

    return (KeyringError, OSError, RuntimeError)


def new_seal_key() -> bytes:
    """A key for `sealed`."""
    from cryptography.fernet import Fernet

    return Fernet.generate_key()


def sealed(key: bytes, content: bytes) -> bytes:
    """Encrypted and signed (Fernet: AES-128-CBC with HMAC-SHA256). ValueError for what is no key."""
    from cryptography.fernet import Fernet

    return Fernet(key).encrypt(content)


def unsealed(key: bytes, content: bytes) -> bytes:
    """What `sealed` made of; ValueError when key and content do not belong together or somebody changed it."""
    from cryptography.fernet import Fernet, InvalidToken

    try:
        return Fernet(key).decrypt(content)
    except InvalidToken as error:
        raise ValueError("the key does not fit") from error
