"""HID devices where the system shows them not as files: Windows and macOS, by the hidapi library."""

from __future__ import annotations

import errno
from collections.abc import Callable

from app.devices.device_thread import RefusedError
from app.devices.serial_ports import UsbIdentity
from app.domain.words import say
from app.extras import HidApi, HidDevice, MissingExtraError


class HidApiDevice:
    """Implements `device_thread.OpenDevice`; one read is one report."""

    def __init__(self, name: str, device: HidDevice, most: int) -> None:
        self.name, self._device, self._most = name, device, most

    def read(self, seconds: float) -> bytes:
        """One report."""
        try:
            return bytes(self._device.read(self._most, max(round(seconds * 1000), 1)))
        except ValueError as error:  # the library says so when the device was closed under it
            raise OSError(errno.ENODEV, str(error)) from error

    def write(self, data: bytes) -> None:
        """Sends one report."""
        try:
            sent = self._device.write(data)
        except ValueError as error:
            raise OSError(errno.ENODEV, str(error)) from error
        if sent < 0:
            raise OSError(errno.EIO, "the device took no report")

    def wake(self) -> None:
        """The library ends no wait: it is short."""

    def close(self) -> None:
        """Gives it free."""
        self._device.close()


class HidApiSource:
    """Implements `device_thread.Source`."""

    def __init__(self, wanted: UsbIdentity, usage_page: int, most: int, api: Callable[[], HidApi]) -> None:
        """`most` is the longest report in bytes; `api` gives the library, or says that it is missing."""
        self._wanted, self._page, self._most, self._api = wanted, usage_page, most, api

    def open(self) -> HidApiDevice | None:
        """The open device."""
        try:
            api = self._api()
        except MissingExtraError as error:
            raise RefusedError(say("device.extra_missing", package=str(error))) from error
        path = self._find(api)
        if path is None:
            return None
        device = api.device()
        try:
            device.open_path(path)
        except OSError as error:
            raise RefusedError(str(error)) from error
        return HidApiDevice(path.decode("utf-8", "replace"), device, self._most)

    def _find(self, api: HidApi) -> bytes | None:
        for each in api.enumerate():
            fits = each.get("vendor_id") == self._wanted.vid and self._wanted.pid in (None, each.get("product_id"))
            number = self._wanted.serial in (None, each.get("serial_number"))
            path = each.get("path")
            if fits and number and each.get("usage_page") == self._page and isinstance(path, bytes):
                return path
        return None
