"""Keys that work whatever program has the focus.

`combination` and `models` know no Qt; a handler's library is loaded only where it is used.
"""

from desktop.system.hotkey.choose import Choice, choose, prepare
from desktop.system.hotkey.combination import Combination
from desktop.system.hotkey.global_keys import GlobalKeys
from desktop.system.hotkey.models import GLOBAL_ACTIONS, Bound, GlobalAction, Way

__all__ = [
    "GLOBAL_ACTIONS",
    "Bound",
    "Choice",
    "Combination",
    "GlobalAction",
    "GlobalKeys",
    "Way",
    "choose",
    "prepare",
]
