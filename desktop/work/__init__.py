"""Operations and executors: the only room that makes threads.

May import Qt's core and the engine's progress and errors; knows nothing of what the work is about.
"""

from desktop.work.operations import Operations

__all__ = ["Operations"]
