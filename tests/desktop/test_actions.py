from __future__ import annotations

from collections import Counter
from dataclasses import replace

from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QApplication

from desktop.actions import ACTIONS, AFTER_A_LINE, BY_ID, GROUPS, Facts


def test_every_action_has_a_key_a_text_and_a_tip() -> None:
    for action in ACTIONS:
        assert action.keys, action.id
        assert action.text
        assert action.tip
        assert action.group in dict(GROUPS)


def test_lines_stand_within_menus() -> None:
    firsts = {next(action.id for action in ACTIONS if action.group == group) for group, _ in GROUPS}
    assert set(BY_ID) >= AFTER_A_LINE
    assert not AFTER_A_LINE & firsts


def test_no_key_is_taken_twice(qapp: QApplication) -> None:
    keys = Counter(QKeySequence(key).toString() for action in ACTIONS for key in action.keys)
    assert "" not in keys
    assert [key for key, number in keys.items() if number > 1] == []
    assert len(BY_ID) == len(ACTIONS)


def test_keys_that_were_promised() -> None:
    promised = {
        "paste": "Ctrl+V", "open": "Ctrl+O", "open_pack": "Ctrl+Shift+O", "add_videos": "Ctrl+Shift+A",
        "play": "Space", "mute": "M", "loop": "L", "autoplay": "A", "frame_back": ",", "frame_forward": ".",
        "seek_back": "Left", "seek_forward": "Right", "next": "Down", "previous": "Up",
        "outside": "Return", "folder": "Ctrl+Return", "full_screen": "F", "cancel": "Esc", "louder": "+",
        "quieter": "-", "slower": "[", "faster": "]", "whole_film": "W", "copy_result": "Ctrl+C",
        "copy_frame": "Ctrl+Shift+C",
        "quit": "Ctrl+Q", "keys": "F1",
    }  # fmt: skip
    for action_id, key in promised.items():
        assert BY_ID[action_id].keys[0] == key


def test_actions_follow_the_facts() -> None:
    def possible(facts: Facts) -> set[str]:
        return {action.id for action in ACTIONS if action.when(facts)}

    nothing = possible(Facts())
    assert {"paste", "open", "open_pack", "add_videos", "quit", "keys", "doctor"} <= nothing
    assert not {"play", "copy_result", "outside", "next", "stop_indexing", "locate", "cancel"} & nothing
    scene = Facts(has_query=True, has_matches=True, has_match=True, has_film=True)
    assert {"play", "outside", "folder", "copy_frame", "next", "full_screen"} <= possible(scene)
    assert "locate" in possible(replace(scene, has_film=False, lacks_film=True))
    assert "add_videos" not in possible(Facts(is_indexing=True))
    assert "stop_indexing" in possible(Facts(is_indexing=True))
    assert "cancel" in possible(Facts(is_busy=True))
    assert "cancel" in possible(Facts(is_full_screen=True))
