"""Actions are enabled as the facts are, and are left alone where these have not changed."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from desktop.actions import Facts
from desktop.window.action_set import ActionSet


def test_actions_follow_the_facts_there_and_back(qtbot: QtBot) -> None:
    owner = QWidget()
    qtbot.addWidget(owner)
    actions = ActionSet(owner)
    enabled = []
    for facts in (Facts(), Facts(has_scene=True, has_film=True), Facts()):
        actions.set_facts(facts)
        enabled.append(actions["play"].isEnabled())
    assert enabled == [False, True, False]


def test_the_same_facts_cost_nothing(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    owner = QWidget()
    qtbot.addWidget(owner)
    actions = ActionSet(owner)
    actions.set_facts(Facts(has_scene=True))
    monkeypatch.setattr("desktop.window.action_set.ACTIONS", None)  # nothing goes through them
    actions.set_facts(Facts(has_scene=True))
