"""What clipboard and drop offer, in the forms that other programs really use."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QUrl
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from desktop.intake.mime import LARGEST_BYTES, is_acceptable, offers_of
from desktop.intake.offers import Address, LocalFile, PictureBytes, Pixels

pytestmark = pytest.mark.usefixtures("qapp")


def mime(**formats: bytes) -> QMimeData:
    made = QMimeData()
    for name, data in formats.items():
        made.setData(name.replace("__", "/").replace("_", "-"), data)
    return made


def test_bytes_come_before_everything(qtbot: QtBot) -> None:
    data = mime(image__jpeg=b"J", image__png=b"P", text__html=b'<img src="https://e.org/a.png">')
    data.setUrls([QUrl("https://e.org/page")])
    assert offers_of(data, "clipboard") == (
        PictureBytes(b"P", "clipboard"),
        PictureBytes(b"J", "clipboard"),
        Address("https://e.org/a.png"),
        Address("https://e.org/page"),
    )


def test_copied_file() -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile("/a b.png"), QUrl.fromLocalFile("/c.png")])
    assert offers_of(data, "x") == (LocalFile(Path("/a b.png")), LocalFile(Path("/c.png")))


def test_file_copied_in_nautilus_alone() -> None:
    data = QMimeData()
    data.setData("x-special/gnome-copied-files", b"copy\nfile:///a.png")
    assert is_acceptable(data)
    assert offers_of(data, "x") == (LocalFile(Path("/a.png")),)


def test_own_picture_comes_as_pixels() -> None:
    image = QImage(8, 6, QImage.Format.Format_RGB32)
    image.fill(0xFF336699)
    data = QMimeData()
    data.setImageData(image)
    (offer,) = offers_of(data, "frame")
    assert isinstance(offer, Pixels)
    assert offer.image.size() == image.size()


def test_text() -> None:
    data = QMimeData()
    data.setText("https://e.org/a.png")
    assert offers_of(data, "x") == (Address("https://e.org/a.png"),)


def test_only_a_list_of_files_names_a_folder_or_a_pack(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "some.scenepack"):
        data = QMimeData()
        data.setText(str(path))
        data.setHtml(f'<img src="{path}">')
        assert offers_of(data, "x") == ()
        data.setUrls([QUrl.fromLocalFile(str(path))])
        assert offers_of(data, "x") == (LocalFile(path),)


def test_nothing_of_use() -> None:
    assert not is_acceptable(QMimeData())
    assert offers_of(QMimeData(), "x") == ()
    assert not is_acceptable(mime(application__x_foo=b"1"))
    assert offers_of(mime(image__png=b""), "x") == ()


def test_what_is_too_large_is_left_out() -> None:
    data = mime(image__bmp=bytes(LARGEST_BYTES + 1), image__png=b"P")
    assert offers_of(data, "x") == (PictureBytes(b"P", "x"),)
