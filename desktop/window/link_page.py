"""The questions before something is fetched that the user did not paste: which address, whose network."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from urllib.parse import urlsplit

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from desktop.window.pieces import label

translate = QCoreApplication.translate

#: Longest part of an address that is shown; a line of the page holds about 60 letters.
LONGEST_SHOWN = 360


def ask_fetching(window: QWidget, url: str, agreed: Callable[[], None]) -> QDialog:
    """Show what a link from outside would have fetched."""
    parts = urlsplit(url)
    host = _host(parts.hostname or "")
    secure = (
        translate("link", "The connection is encrypted (https).")
        if parts.scheme.lower() == "https"
        else translate("link", "The connection is not encrypted (http): others may see what is fetched.")
    )
    text = translate(
        "link",
        "Another program opened a link. The picture at this address would be fetched and searched in your "
        "library; the host learns that it was fetched, and nothing else about you.",
    )
    return _ask(
        window,
        translate("link", "Fetch a picture from {0}?").format(host),
        text,
        (url, secure),
        translate("link", "Fetch and search"),
        agreed,
    )


def ask_private(window: QWidget, host: str, addresses: Sequence[str], agreed: Callable[[], None]) -> QDialog:
    """Ask before something in the local network is reached."""
    text = translate(
        "link",
        "This address lies in your own network or on this computer. Links of strangers can use that to "
        "reach devices which only you can reach. Agree only if you know it.",
    )
    others = [address for address in addresses[:4] if address != host]
    where = _host(host)
    if others:
        where = translate("link", "{0} is {1}").format(where, ", ".join(others))
    return _ask(
        window,
        translate("link", "Reach into your own network?"),
        text,
        (where,),
        translate("link", "Fetch it anyway"),
        agreed,
        is_risky=True,
    )


def _host(host: str) -> str:
    """Give a host so that look-alike letters show: what is not ASCII stands as it is asked for (punycode)."""
    try:
        return host.encode("idna").decode("ascii")
    except UnicodeError:
        return host.encode("ascii", "backslashreplace").decode("ascii")


def _ask(
    window: QWidget,
    title: str,
    text: str,
    lines: Sequence[str],
    act: str,
    agreed: Callable[[], None],
    *,
    is_risky: bool = False,
) -> QDialog:
    for former in window.findChildren(QDialog, "linkPage"):
        former.close()
    page = QDialog(window)
    page.setObjectName("linkPage")
    page.setWindowTitle(title)
    page.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    column = QVBoxLayout(page)
    column.setContentsMargins(24, 24, 24, 20)
    column.setSpacing(12)
    column.addWidget(label(title, "heading", wrap=True))
    told = label(text, "muted", wrap=True)
    told.setMinimumWidth(460)
    column.addWidget(told)
    for number, line in enumerate(lines):
        shown = line if len(line) <= LONGEST_SHOWN else f"{line[:LONGEST_SHOWN]}…"
        # an address has no spaces to break at
        shown = "\u200b".join(shown[at : at + 8] for at in range(0, len(shown), 8))
        part = label(shown, "strong" if number == 0 else "small", wrap=True)
        part.setObjectName(f"linkLine{number}")
        part.setAccessibleName(line)
        column.addWidget(part)
    fetch, cancel = QPushButton(act), QPushButton(translate("link", "Cancel"))
    fetch.setObjectName("linkFetch")
    cancel.setObjectName("linkCancel")
    chosen = cancel if is_risky else fetch
    chosen.setProperty("role", "primary")
    chosen.setDefault(True)
    row = QHBoxLayout()
    row.setSpacing(8)
    row.addStretch()
    row.addWidget(cancel)
    row.addWidget(fetch)
    column.addLayout(row)
    cancel.clicked.connect(page.reject)
    fetch.clicked.connect(page.accept)
    fetch.clicked.connect(lambda _checked=False: agreed())
    page.open()
    return page
