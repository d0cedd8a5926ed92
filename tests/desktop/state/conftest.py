from __future__ import annotations

import pytest

from tests.desktop.state.far_desk import Desk


@pytest.fixture
def desk() -> Desk:
    return Desk()
