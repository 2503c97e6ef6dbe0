"""What every painted part asks: colours, fonts, icons, code plates and pictures, made once and kept."""

from __future__ import annotations

import json
from importlib.util import find_spec
from pathlib import Path
from typing import cast

import zxingcpp
from PySide6.QtCore import QObject, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QImage, QPainter, QPainterPath, QPixmap
from PySide6.QtWidgets import QApplication

from app.presenters.state.basics import Family
from app.views.kit.kept import Kept
from app.views.metrics import Metrics, Width, metrics_for
from app.views.theme import MONO, NEXT, FamilyColours, Theme, ThemeName, load_theme, palette, style_sheet

RESOURCES = Path(__file__).resolve().parents[3] / "resources"
FALLBACKS = ["IBM Plex Sans", "Noto Sans", "Noto Sans CJK SC", "Noto Naskh Arabic"]
MONO_FALLBACKS = ["IBM Plex Mono", "Noto Sans Mono", "monospace"]
RENAMED = {"seal-check": "circle-wavy-check"}


class Look(QObject):
    """The theme and sizes in use. Parts keep a reference, paint from it, and repaint when `changed` is emitted."""

    changed = Signal()

    def __init__(self, theme: ThemeName = ThemeName.LIGHT, width: int = 1366, text_scale: float = 1.0) -> None:
        """Registers the fonts of the station; needs a running QApplication."""
        super().__init__()
        self.theme: Theme = load_theme(theme)
        self.metrics: Metrics = metrics_for(width, text_scale)
        self.motion = False  # whoever opens a real window turns motion on, unless a person or the system wants none
        self._colours: dict[str, QColor] = {}
        self._families: dict[Family, FamilyColours] = {}
        self._fonts: dict[tuple[float, int, bool, float], QFont] = {}
        self._icons: dict[tuple[str, int, str, float], QPixmap] = {}
        self._plates: dict[tuple[str, int, float], QPixmap] = {}
        self._pictures: dict[tuple[str, int, int, int, float], QPixmap] = {}
        self.kept = Kept()
        self._glyphs, self._icon_families = _load_icons()
        for path in sorted((RESOURCES / "fonts").glob("*.ttf")):
            QFontDatabase.addApplicationFont(str(path))

    # -- choosing

    def set_theme(self, name: ThemeName) -> None:
        """Change the theme of the whole application at once."""
        self.theme = load_theme(name)
        self._colours.clear()
        self._families.clear()
        self._icons.clear()
        self._pictures.clear()
        self.apply()

    def set_width(self, pixels: int) -> None:
        """Take the layout for a window of this width; nothing happens within the same layout."""
        if Width.of(pixels) is not self.metrics.width:
            self.metrics = metrics_for(pixels, self.metrics.text_scale)
            self.apply()

    def set_text_scale(self, scale: float) -> None:
        """Take another of TEXT_SCALES; raises ValueError for any other."""
        self.metrics = metrics_for(int(self.metrics.width), scale)
        self.apply()

    def apply(self) -> None:
        """Write palette and style sheet to the application and tell all parts."""
        self.kept.clear()
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.setStyle("Fusion")
            app.setPalette(palette(self.theme))
            app.setFont(self.font(self.metrics.body))
            app.setStyleSheet(style_sheet(self.theme, self.metrics))
        self.changed.emit()

    # -- asking

    def colour(self, token: str) -> QColor:
        """The colour of a token, or of a literal #RRGGBB."""
        found = self._colours.get(token)
        if found is None:
            found = self._colours[token] = QColor(token if token.startswith("#") else self.theme[token])
        return found

    def family(self, family: Family) -> FamilyColours:
        """The five colours of a family in this theme."""
        found = self._families.get(family)
        if found is None:
            found = self._families[family] = self.theme.family(family)
        return found

    def font(self, pixels: float, weight: int = 400, mono: bool = False, spacing: float = 0.0) -> QFont:
        """A font of this size; `spacing` is letter spacing in hundredths of the size. Digits are tabular."""
        key = (pixels, weight, mono, spacing)
        found = self._fonts.get(key)
        if found is None:
            found = QFont([MONO, *MONO_FALLBACKS] if mono else [NEXT, *FALLBACKS])
            found.setPixelSize(max(1, int(pixels if mono else pixels + 0.5)))
            found.setWeight(QFont.Weight(weight))
            if not mono:
                found.setFeature(QFont.Tag("tnum"), 1)
            if spacing:
                found.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, pixels * spacing / 100)
            self._fonts[key] = found
        return found

    def icon(self, name: str, size: int, colour: str, ratio: float = 1.0) -> QPixmap:
        """A Phosphor icon: regular from 20 px, bold below. An unknown name is drawn as a question mark."""
        key = (name, size, colour, ratio)
        found = self._icons.get(key)
        if found is None:
            found = self._icons[key] = self._draw_icon(name, size, self.colour(colour), ratio)
        return found

    def _draw_icon(self, name: str, size: int, colour: QColor, ratio: float) -> QPixmap:
        glyph_name = RENAMED.get(name, name)
        if size < 20:
            glyph_name += "-bold"
        glyph = self._glyphs.get(glyph_name) or self._glyphs["question"]
        pixmap = QPixmap(round(size * ratio), round(size * ratio))
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(Qt.GlobalColor.transparent)
        font = QFont(self._icon_families)
        font.setPixelSize(size)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.TextAntialiasing)
        painter.setFont(font)
        painter.setPen(colour)
        painter.drawText(QRectF(0, 0, size, size), int(Qt.AlignmentFlag.AlignCenter), glyph)
        painter.end()
        return pixmap

    def plate(self, text: str, module: int, ratio: float = 1.0) -> QPixmap:
        """The Data Matrix of a code, each module a whole number of device pixels, without the white around it."""
        device_module = max(1, round(module * ratio))
        key = (text, device_module, ratio)
        found = self._plates.get(key)
        if found is None:
            found = self._plates[key] = _data_matrix(text, device_module)
            found.setDevicePixelRatio(ratio)
        return found

    def picture(self, name: str, width: int, height: int, radius: int, ratio: float = 1.0) -> QPixmap:
        """A product's picture on its ground with rounded corners; an unknown one is an empty ground with an icon."""
        key = (name, width, height, radius, ratio)
        found = self._pictures.get(key)
        if found is None:
            found = self._pictures[key] = self._draw_picture(key)
        return found

    def _draw_picture(self, key: tuple[str, int, int, int, float]) -> QPixmap:
        name, width, height, radius, ratio = key
        made = QPixmap(round(width * ratio), round(height * ratio))
        made.setDevicePixelRatio(ratio)
        made.fill(Qt.GlobalColor.transparent)
        painter = QPainter(made)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        clip = QPainterPath()
        clip.addRoundedRect(QRectF(0, 0, width, height), radius, radius)
        painter.setClipPath(clip)
        painter.fillRect(0, 0, width, height, self.colour("photo"))
        inner = min(width, height) * 0.88
        place = QRectF((width - inner) / 2, (height - inner) / 2, inner, inner)
        image = load_picture(name, round(inner * ratio))
        if image is None:
            size = max(18, round(inner * 0.45))
            box = self.icon("package", size, "#8B8478", ratio)
            painter.drawPixmap(round((width - size) / 2), round((height - size) / 2), box)
        else:
            size_f = image.deviceIndependentSize().scaled(place.size(), Qt.AspectRatioMode.KeepAspectRatio)
            fitted = QRectF(0, 0, size_f.width(), size_f.height())
            fitted.moveCenter(place.center())
            painter.drawImage(fitted, image)
        painter.end()
        return made


def picture_path(name: str, pixels: int) -> Path | None:
    """Where a picture lies: an absolute path, or the name of a shipped one at the size that fits; None without one."""
    if not name:
        return None
    path = Path(name)
    if path.is_absolute():
        return path if path.is_file() else None
    size = 128 if pixels <= 128 else 512
    shipped = RESOURCES / "pictures" / "products" / str(size) / f"{name}.png"
    return shipped if shipped.is_file() else None


def load_picture(name: str, pixels: int) -> QImage | None:
    """The image of a picture for about this many device pixels, or None where there is none or it is broken."""
    path = picture_path(name, pixels)
    if path is None:
        return None
    image = QImage(str(path))
    return None if image.isNull() else image


def symbol_image(code: zxingcpp.Barcode) -> QImage:
    """A symbol with one pixel a module, without the white around it."""
    # zxing's image is a buffer of bytes, which its stubs do not say
    cells = memoryview(cast(bytes, zxingcpp.write_barcode_to_image(code, scale=1, add_quiet_zones=False)))
    height, width = cast("tuple[int, int]", cells.shape)
    return QImage(cells.tobytes(), width, height, width, QImage.Format.Format_Grayscale8).copy()


def _data_matrix(text: str, module: int) -> QPixmap:
    code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.DataMatrix, force_square=True)
    image = symbol_image(code)
    return QPixmap.fromImage(image.scaled(image.width() * module, image.height() * module))


def _load_icons() -> tuple[dict[str, str], list[str]]:
    """Glyphs by name and the font family of Phosphor, from the font files that qtawesome carries."""
    found = find_spec("qtawesome")
    if found is None or found.origin is None:
        raise FileNotFoundError("the package qtawesome, which carries the icons, is not installed")
    folder = Path(found.origin).parent / "fonts"
    font = next(iter(sorted(folder.glob("phosphor-*.ttf"))))
    charmap = json.loads(next(iter(sorted(folder.glob("phosphor-charmap-*.json")))).read_text(encoding="utf-8"))
    families = QFontDatabase.applicationFontFamilies(QFontDatabase.addApplicationFont(str(font)))
    return {name: chr(int(value, 16)) for name, value in charmap.items()}, families
