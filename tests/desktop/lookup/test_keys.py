from __future__ import annotations

import logging

import keyring.errors
import pytest

from desktop.lookup.keys import VARIABLE, Key, KeyRingError, Keys

BASE = "https://api.trace.moe"


class Ring:
    """A key ring in memory."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], str] = {}
        self.asked = 0

    def get_password(self, service: str, name: str) -> str | None:
        self.asked += 1
        return self.kept.get((service, name))

    def set_password(self, service: str, name: str, password: str) -> None:
        self.kept[service, name] = password

    def delete_password(self, service: str, name: str) -> None:
        del self.kept[service, name]


class BrokenRing(Ring):
    """A key ring that is locked."""

    def get_password(self, service: str, name: str) -> str | None:
        raise keyring.errors.KeyringLocked("no")

    def set_password(self, service: str, name: str, password: str) -> None:
        raise keyring.errors.PasswordSetError("no")


def none_here() -> Ring:
    raise keyring.errors.NoKeyringError("nothing")


def revealed(keys: Keys) -> str | None:
    key = keys.read()
    return None if key is None else key.reveal()


def test_a_key_lives_in_the_ring_under_the_services_name() -> None:
    ring = Ring()
    Keys(BASE, {}, lambda: ring).write("  abc123 ")
    assert ring.kept == {("SceneLens", "api.trace.moe"): "abc123"}
    again = Keys(BASE, {}, lambda: ring)
    assert [revealed(again), revealed(again)] == ["abc123", "abc123"]
    assert ring.asked == 1
    assert revealed(Keys("https://mirror.example", {}, lambda: ring)) is None
    forgetful = Keys(BASE, {}, lambda: ring)
    forgetful.forget()
    forgetful.forget()
    assert (ring.kept, revealed(forgetful)) == ({}, None)


def test_a_key_does_not_travel_where_all_can_read_it() -> None:
    given = {VARIABLE: "abc"}
    assert revealed(Keys("http://mirror.example", given, Ring)) is None
    assert revealed(Keys("http://127.0.0.1:8410", given, Ring)) == "abc"
    assert revealed(Keys(BASE, given, Ring)) == "abc"


@pytest.mark.parametrize("find", [none_here, BrokenRing])
def test_without_a_ring_it_is_said_and_the_key_holds_for_now(find: type[Ring]) -> None:
    keys = Keys(BASE, {}, find)
    with pytest.raises(KeyRingError, match=VARIABLE):
        keys.read()
    assert keys.read() is None  # asked once
    with pytest.raises(KeyRingError, match="until SceneLens is closed") as caught:
        keys.write("abc123")
    assert "abc123" not in str(caught.value)
    assert revealed(keys) == "abc123"
    if find is none_here:
        with pytest.raises(KeyRingError, match="no key ring"):
            keys.forget()
        assert revealed(keys) is None


def test_what_is_no_key_is_refused() -> None:
    keys = Keys(BASE, {}, Ring)
    for wrong in ("", "  ", "two words", "line\nbreak", "ключ", "x" * 300):
        with pytest.raises(KeyRingError, match="no key of trace"):
            keys.write(wrong)
    assert keys.read() is None


def test_a_key_is_not_shown_by_accident(caplog: pytest.LogCaptureFixture) -> None:
    key = Key("abc123")
    with caplog.at_level(logging.INFO):
        logging.getLogger("test").info("%s %r", key, {"key": key})
    assert "abc123" not in caplog.text + f"{key} {key!r} {[key]}"


def test_the_systems_own_ring_is_asked() -> None:
    """In tests keyring finds none; what matters is that this ends in words."""
    keyring.set_keyring(keyring.backends.fail.Keyring())  # type: ignore[no-untyped-call]
    with pytest.raises(KeyRingError, match="no key ring"):
        Keys(BASE, {}).read()
