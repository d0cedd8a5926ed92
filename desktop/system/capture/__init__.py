"""A picture of a part of the screen: frozen first, then marked by the user.

`geometry`, `whole_desktop`, `selection` and `place` know no Qt.  May import `state.running`, the platform and
the engine's pictures; numpy and cv2 only within workers.
"""

from desktop.system.capture.capture import Capture
from desktop.system.capture.choose import Choice, choose
from desktop.system.capture.place import Place
from desktop.system.capture.session import Wishes
from desktop.system.capture.windows import choose_lister

__all__ = ["Capture", "Choice", "Place", "Wishes", "choose", "choose_lister"]
