"""Colours, type and the style of every control, for a dark and a light room.

One accent colour, spacing on a grid of 8.  Colours are held against WCAG's 4.5 : 1 by a test.
"""

from __future__ import annotations

from dataclasses import dataclass
from string import Template

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontInfo, QPalette
from PySide6.QtWidgets import QApplication, QStyleFactory


@dataclass(frozen=True, slots=True)
class Colours:
    """The colours of one theme, as #rrggbb."""

    is_dark: bool
    window: str
    surface: str
    raised: str
    hover: str
    border: str
    text: str
    muted: str
    faint: str
    accent: str
    accent_hover: str
    on_accent: str
    accent_soft: str
    warning: str
    warning_soft: str


DARK = Colours(
    is_dark=True,
    window="#14171a",
    surface="#1b1f23",
    raised="#242a2f",
    hover="#2c3339",
    border="#30383f",
    text="#e9edf0",
    muted="#a0abb4",
    faint="#66717a",
    accent="#56c7b7",
    accent_hover="#6fd6c7",
    on_accent="#06231f",
    accent_soft="#1d3533",
    warning="#eebd6d",
    warning_soft="#352d1d",
)

LIGHT = Colours(
    is_dark=False,
    window="#f3f5f6",
    surface="#ffffff",
    raised="#edf0f2",
    hover="#e3e8eb",
    border="#d5dce0",
    text="#182025",
    muted="#55626b",
    faint="#8e99a1",
    accent="#0c766b",
    accent_hover="#0a655c",
    on_accent="#ffffff",
    accent_soft="#dcf0ed",
    warning="#8a5a00",
    warning_soft="#fbf1dc",
)


@dataclass(frozen=True, slots=True)
class TypeScale:
    """Sizes of type in device-independent pixels, made from the size that the user's desktop has."""

    small: int
    body: int
    large: int
    heading: int
    display: int

    @classmethod
    def of(cls, base_px: int) -> TypeScale:
        """Build the scale around a body size."""
        body = min(max(base_px, 13), 24)
        return cls(round(body * 0.88), body, round(body * 1.2), round(body * 1.5), round(body * 2.1))


#: Families with Japanese letters, then Chinese ones; those that are not installed are passed over.
CJK_FAMILIES = (
    "Noto Sans CJK JP", "Noto Sans JP", "Source Han Sans JP", "Hiragino Sans", "Yu Gothic UI", "Meiryo",
    "IPAGothic", "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei UI",
)  # fmt: skip

_current: Colours = DARK


def current() -> Colours:
    """Give the colours in use, for what paints itself."""
    return _current


def choose(name: str, app: QApplication) -> Colours:
    """Give the colours of a theme; "system" takes the desktop's scheme as a hint, dark without one."""
    if name == "system":
        is_light = app.styleHints().colorScheme() is Qt.ColorScheme.Light
        return LIGHT if is_light else DARK
    return LIGHT if name == "light" else DARK


def apply(app: QApplication, colours: Colours) -> None:
    """Dress the whole application."""
    global _current
    _current = colours
    if app.style().objectName().lower() != "fusion":
        app.setStyle(QStyleFactory.create("Fusion"))
    app.setPalette(make_palette(colours))
    app.setFont(with_cjk(app.font()))
    app.setStyleSheet(style_sheet(colours, scale(app.font())))


def with_cjk(font: QFont) -> QFont:
    """Give a font that takes Japanese and Chinese from families made for it, in the weight that is asked for.

    Without, the system's fallback may give letters of another weight or of another country's form.
    """
    if CJK_FAMILIES[0] in font.families():
        return font
    made = QFont(font)
    # the desktop's family may be a name such as "Sans Serif", which in a list means nothing
    made.setFamilies([QFontInfo(font).family(), *CJK_FAMILIES])
    return made


def scale(font: QFont) -> TypeScale:
    """Give the type scale around a font."""
    return TypeScale.of(QFontInfo(font).pixelSize())


def make_palette(colours: Colours) -> QPalette:
    """Give Qt's palette, which unstyled parts and the player's own painting use."""
    palette = QPalette()
    role = QPalette.ColorRole
    for target, colour in (
        (role.Window, colours.window),
        (role.WindowText, colours.text),
        (role.Base, colours.surface),
        (role.AlternateBase, colours.raised),
        (role.Text, colours.text),
        (role.Button, colours.raised),
        (role.ButtonText, colours.text),
        (role.BrightText, colours.warning),
        (role.Highlight, colours.accent),
        (role.HighlightedText, colours.on_accent),
        (role.Link, colours.accent),
        (role.PlaceholderText, colours.muted),
        (role.ToolTipBase, colours.raised),
        (role.ToolTipText, colours.text),
        (role.Accent, colours.accent),
        (role.Mid, colours.border),
        (role.Midlight, colours.hover),
        (role.Dark, colours.border),
        (role.Light, colours.raised),
        (role.Shadow, colours.window),
    ):
        palette.setColor(target, QColor(colour))
    for target in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, target, QColor(colours.faint))
    return palette


def style_sheet(colours: Colours, sizes: TypeScale) -> str:
    """Give the style of every control."""
    values = {name: getattr(colours, name) for name in Colours.__slots__}
    values |= {name: f"{getattr(sizes, name)}px" for name in TypeScale.__slots__}
    return _SHEET.substitute(values)


_SHEET = Template("""
QWidget { font-size: $body; }
QMainWindow, QDialog { background: $window; }
QToolTip { background: $raised; color: $text; border: 1px solid $border; padding: 4px 8px;
    font-size: $small; }

QLabel[role="display"] { font-size: $display; font-weight: 600; }
QLabel[role="heading"] { font-size: $heading; font-weight: 600; }
QLabel[role="title"] { font-size: $large; font-weight: 600; }
QLabel[role="strong"] { font-weight: 600; }
QLabel[role="muted"] { color: $muted; }
QLabel[role="small"] { color: $muted; font-size: $small; }
QLabel[role="chip"] { color: $muted; background: $raised; border-radius: 6px; padding: 2px 8px;
    font-size: $small; }
QPushButton[role="link"] { background: transparent; border: none; border-bottom: 1px solid transparent;
    border-radius: 0; color: $accent; padding: 1px 0; text-align: left; }
QPushButton[role="link"]:hover { border-color: $accent; }
QPushButton[role="link"]:focus { border-color: $accent; background: $hover; }
QLabel[role="problem"] { color: $warning; font-size: $small; }
QLabel[role="badge"] { color: $accent; background: $accent_soft; border-radius: 4px; padding: 1px 8px;
    font-size: $small; }

QFrame#card, QFrame#queryCard { background: $surface; border: 1px solid $border; border-radius: 10px; }
QFrame#popup { background: $surface; border: 1px solid $border; }
QFrame#dropZone { background: $surface; border: 2px dashed $border; border-radius: 14px; }
QFrame#dropZone[hot="true"] { border-color: $accent; background: $accent_soft; }
QFrame#seriesChip { background: $accent_soft; border: none; border-radius: 8px; }
QLabel[role="chipText"] { color: $accent; font-size: $small; font-weight: 600; }
QFrame#notice { background: $accent_soft; border: none; border-bottom: 1px solid $border; }
QFrame#notice[tone="warning"] { background: $warning_soft; }
QFrame#notice[tone="warning"] QLabel { color: $warning; }
QFrame#strip { background: $surface; border: none; border-top: 1px solid $border; }
QFrame#toolbar { background: $surface; border: none; border-bottom: 1px solid $border; }
QFrame#statusLine { background: $window; border: none; border-top: 1px solid $border; }

QPushButton, QToolButton[role="tool"] { background: $raised; color: $text; border: 1px solid $border;
    border-radius: 8px; padding: 7px 14px; }
QPushButton:hover, QToolButton[role="tool"]:hover { background: $hover; }
QPushButton:pressed, QToolButton[role="tool"]:pressed { background: $border; }
QPushButton:focus, QToolButton[role="tool"]:focus { border-color: $accent; }
QPushButton:disabled, QToolButton[role="tool"]:disabled { color: $faint; background: $window; }
QPushButton[role="primary"], QToolButton[role="primary"] { background: $accent; color: $on_accent;
    border: 1px solid $accent; border-radius: 8px; padding: 7px 14px; font-weight: 600; }
QPushButton[role="primary"]:hover, QToolButton[role="primary"]:hover { background: $accent_hover; }
QPushButton[role="primary"]:focus, QToolButton[role="primary"]:focus { border: 2px solid $text;
    padding: 6px 13px; }
QToolButton[role="tool"], QToolButton[role="tool"]:disabled { background: transparent;
    border-color: transparent; padding: 7px 10px; }
QLabel[role="wordmark"] { font-size: $large; font-weight: 600; color: $muted; }
QToolButton::menu-indicator { image: none; }
QPushButton[role="quiet"], QToolButton[role="quiet"] { background: transparent; border: 1px solid transparent;
    color: $muted; border-radius: 6px; padding: 4px 8px; font-size: $small; }
QPushButton[role="quiet"]:hover, QToolButton[role="quiet"]:hover { background: $hover; color: $text; }
QPushButton[role="quiet"]:focus, QToolButton[role="quiet"]:focus { border-color: $accent; }
QPushButton[role="quiet"]:disabled, QToolButton[role="quiet"]:disabled { background: transparent;
    color: $faint; }
QPushButton[role="sample"] { background: $surface; border: 1px solid $border; border-radius: 10px;
    padding: 0; }
QPushButton[role="sample"]:hover, QPushButton[role="sample"]:focus { border-color: $accent;
    background: $raised; }

QMenu { background: $raised; color: $text; border: 1px solid $border; padding: 6px; }
QMenu::item { padding: 6px 28px 6px 12px; border-radius: 6px; }
QMenu::item:selected { background: $accent_soft; color: $text; }
QMenu::item:disabled { color: $faint; }
QMenu::icon { padding-left: 8px; }
QMenu::separator { height: 1px; background: $border; margin: 6px 4px; }

QListView#results, QListWidget { background: transparent; border: none; outline: none; }
QScrollArea, QScrollArea > QWidget > QWidget { background: transparent; border: none; }
QScrollBar:vertical { background: transparent; width: 10px; margin: 0; }
QScrollBar::handle:vertical { background: $border; border-radius: 4px; min-height: 32px; margin: 0 1px; }
QScrollBar::handle:vertical:hover { background: $faint; }
QScrollBar:horizontal { background: transparent; height: 10px; margin: 0; }
QScrollBar::handle:horizontal { background: $border; border-radius: 4px; min-width: 32px; margin: 1px 0; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }

QRadioButton, QCheckBox { spacing: 8px; padding: 2px 0; }
QRadioButton::indicator, QCheckBox::indicator { width: 14px; height: 14px; border: 1px solid $muted;
    background: $surface; }
QRadioButton::indicator { border-radius: 8px; }
QCheckBox::indicator { border-radius: 4px; }
QRadioButton::indicator:checked { width: 6px; height: 6px; border: 5px solid $accent;
    background: $on_accent; }
QCheckBox::indicator:checked { width: 8px; height: 8px; border: 4px solid $accent; background: $on_accent; }
QRadioButton:focus, QCheckBox:focus { color: $accent; }
QLineEdit { background: $surface; color: $text; border: 1px solid $border; border-radius: 8px;
    padding: 7px 10px; }
QLineEdit:focus { border-color: $accent; }
QSplitter::handle { background: transparent; }
QProgressBar { background: $border; border: none; border-radius: 3px; max-height: 6px; min-height: 6px; }
QProgressBar::chunk { background: $accent; border-radius: 3px; }
QSlider#frameSlider::groove:horizontal { height: 4px; background: $border; border-radius: 2px; }
QSlider#frameSlider::sub-page:horizontal { background: $accent; border-radius: 2px; }
QSlider#frameSlider::handle:horizontal { width: 14px; height: 14px; margin: -5px 0; border-radius: 7px;
    background: $accent; border: none; }
QSlider#frameSlider::handle:horizontal:focus { background: $accent_hover; border: 2px solid $text; }
""")
