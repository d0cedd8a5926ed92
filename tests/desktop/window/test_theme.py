from __future__ import annotations

from dataclasses import fields
from itertools import product

import pytest
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication

from desktop.window import theme
from desktop.window.theme import DARK, LIGHT, Colours, TypeScale, choose, make_palette, style_sheet


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2 defines it."""
    shown = QColor(colour)
    parts = (linear(shown.redF()), linear(shown.greenF()), linear(shown.blueF()))
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def linear(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else float(((value + 0.055) / 1.055) ** 2.4)


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("colours", [DARK, LIGHT], ids=["dark", "light"])
def test_text_can_be_read_on_every_ground(colours: Colours) -> None:
    grounds = (colours.window, colours.surface, colours.raised, colours.accent_soft)
    for text, ground in product((colours.text, colours.muted), grounds):
        assert contrast(text, ground) >= 4.5, (text, ground)
    assert contrast(colours.accent, colours.surface) >= 4.5
    assert contrast(colours.accent, colours.accent_soft) >= 4.5
    assert contrast(colours.on_accent, colours.accent) >= 4.5
    assert contrast(colours.on_accent, colours.accent_hover) >= 4.5
    assert contrast(colours.warning, colours.warning_soft) >= 4.5
    assert contrast(colours.text, colours.hover) >= 4.5


@pytest.mark.parametrize("colours", [DARK, LIGHT], ids=["dark", "light"])
def test_every_colour_is_a_colour(colours: Colours) -> None:
    for field in fields(colours):
        if field.name != "is_dark":
            assert QColor(getattr(colours, field.name)).isValid()
    assert "$" not in style_sheet(colours, TypeScale.of(13))


def test_choice(qapp: QApplication) -> None:
    assert choose("dark", qapp) is DARK
    assert choose("light", qapp) is LIGHT
    assert choose("system", qapp) in (DARK, LIGHT)


def test_palette_and_painted_parts_agree(qapp: QApplication) -> None:
    theme.apply(qapp, LIGHT)
    assert theme.current() is LIGHT
    assert qapp.palette().color(QPalette.ColorRole.Window) == QColor(LIGHT.window)
    theme.apply(qapp, DARK)
    assert qapp.palette().color(QPalette.ColorRole.Window) == QColor(DARK.window)
    faint = make_palette(DARK).color(QPalette.ColorGroup.Disabled, QPalette.ColorRole.Text)
    assert faint == QColor(DARK.faint)


def test_type_follows_the_users_size() -> None:
    small, large = TypeScale.of(13), TypeScale.of(20)
    for name in TypeScale.__slots__:
        assert getattr(large, name) > getattr(small, name)
    assert TypeScale.of(4).body == 13
    assert TypeScale.of(99).body == 24
