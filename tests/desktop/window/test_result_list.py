"""The list of results: where it stands while states come."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot

from desktop.state.query import SearchState, Stage
from desktop.window.result_list import ResultList
from tests.desktop.state.hands import make_found, make_match

FOUND = make_found(*(make_match(10.0 * number, video=number) for number in range(30)))
STATE = SearchState(Stage.ANSWERED, "a.png", None, FOUND, selected=0)


@pytest.fixture
def results(qtbot: QtBot) -> ResultList:
    results = ResultList()
    qtbot.addWidget(results)
    results.resize(300, 200)
    results.show()
    results.show_state(STATE, False)
    return results


def test_it_stays_where_the_user_scrolled_while_the_same_hit_is_selected(results: ResultList) -> None:
    bar = results.verticalScrollBar()
    bar.setValue(bar.maximum())
    results.show_state(replace(STATE, origin="b.png"), False)
    assert bar.value() == bar.maximum() > 0


def test_another_hit_selected_is_brought_into_view(results: ResultList) -> None:
    bar = results.verticalScrollBar()
    results.show_state(replace(STATE, selected=29), False)
    assert results.currentIndex().row() == 29
    assert bar.value() > 0
    others = make_found(*(make_match(10.0 * number, video=number) for number in reversed(range(30))))
    bar.setValue(0)
    results.show_state(replace(STATE, found=others, selected=29), False)
    assert bar.value() > 0, "another scene in the same row"


def test_a_list_made_anew_has_its_selection_again(results: ResultList) -> None:
    fewer = make_found(*FOUND.answer.matches[:20])
    results.show_state(replace(STATE, found=fewer), False)
    assert [index.row() for index in results.selectedIndexes()] == [0]
    results.show_state(replace(STATE, selected=None), False)
    assert results.selectedIndexes() == []
    results.show_state(STATE, False)
    assert [index.row() for index in results.selectedIndexes()] == [0]
