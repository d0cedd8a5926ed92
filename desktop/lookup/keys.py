"""The user's key of trace.moe: kept in the system's key ring, never in a file of ours, a log or an address.

One key for each service address, so that the key of trace.moe never travels to a mirror.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import Protocol
from urllib.parse import urlsplit

from index_tools.errors import SceneLensError

RING_NAME = "SceneLens"
VARIABLE = "SCENELENS_TRACEMOE_KEY"
"""Holds the key where there is no key ring."""
LONGEST_KEY = 200


class KeyRingError(SceneLensError):
    """A key ring that is not there, is locked or failed."""


class NoKeyRingError(KeyRingError):
    """This system has none, so nothing can have been kept in it."""


class Key:
    """A key; shown nowhere by accident: not by repr, str, logging or a traceback's locals."""

    def __init__(self, secret: str) -> None:
        self._secret = secret

    def reveal(self) -> str:
        """The key itself, for the request's header and the key ring alone."""
        return self._secret

    def __repr__(self) -> str:
        return "Key(…)"


class Ring(Protocol):
    """What is used of the module `keyring`."""

    def get_password(self, service: str, name: str) -> str | None:
        """The secret under a name."""

    def set_password(self, service: str, name: str, password: str) -> None:
        """Keep a secret."""

    def delete_password(self, service: str, name: str) -> None:
        """Forget a secret."""


class Keys:
    """The key for the service at `base`.  Key rings may ask the user and take seconds: call in a worker.

    Where there is no key ring, a key that was given holds until the program ends.
    """

    def __init__(
        self,
        base: str,
        environment: Mapping[str, str] = os.environ,
        find_ring: Callable[[], Ring] | None = None,
    ) -> None:
        parts = urlsplit(base)
        self._name = parts.netloc
        #: over plain http a key could be read by anyone on the way
        self._may_travel = parts.scheme == "https" or parts.hostname in ("127.0.0.1", "::1", "localhost")
        self._environment = environment
        self._find_ring = find_ring or _system_ring
        self._held: Key | None = None
        self._was_read = False

    def read(self) -> Key | None:
        """The key, None if there is none; the ring is asked once.  Raises KeyRingError."""
        if not self._may_travel:
            return None
        given = self._environment.get(VARIABLE, "")
        if given:
            return Key(checked(given))
        if not self._was_read:
            self._was_read = True
            name = self._name
            found = self._ring(lambda ring: ring.get_password(RING_NAME, name), "The key could not be read")
            self._held = Key(checked(found)) if found else None
        return self._held

    def write(self, secret: str) -> None:
        """Keep a key.  Raises KeyRingError; the key is then used until the program ends all the same."""
        key = Key(checked(secret))
        self._held, self._was_read = key, True
        self._ring(
            lambda ring: ring.set_password(RING_NAME, self._name, key.reveal()),
            "The key could not be kept; it is used until SceneLens is closed",
        )

    def forget(self) -> None:
        """Use no key any more.  Raises KeyRingError; until the next start none is used all the same."""
        self._held, self._was_read = None, True

        def remove(ring: Ring) -> None:
            if ring.get_password(RING_NAME, self._name) is not None:
                ring.delete_password(RING_NAME, self._name)

        self._ring(remove, "The key could not be removed from the key ring")

    def _ring(self, act: Callable[[Ring], str | None], what: str) -> str | None:
        import keyring.errors

        kind: type[KeyRingError]
        try:
            return act(self._find_ring())
        except keyring.errors.NoKeyringError:
            why, kind = (
                "this system has no key ring (on Linux, install gnome-keyring or KWallet)",
                NoKeyRingError,
            )
        except (keyring.errors.KeyringError, OSError, RuntimeError) as error:
            why, kind = f"the system's key ring refused ({type(error).__name__})", KeyRingError
        raise kind(f"{what}: {why}. You can also set {VARIABLE}; searches without a key go on.")


def checked(secret: str) -> str:
    """A key without the space around it.  Raises KeyRingError if it cannot be one."""
    bare = secret.strip()
    if not bare or len(bare) > LONGEST_KEY or not bare.isascii() or not bare.isprintable() or " " in bare:
        raise KeyRingError(
            "This is no key of trace.moe: it is a single word of letters and digits. "
            "Copy it again from your account's page; nothing was changed."
        )
    return bare


def _system_ring() -> Ring:
    import keyring

    return keyring.get_keyring()
