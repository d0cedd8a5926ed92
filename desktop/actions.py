"""Everything the user can do, as data: menus, tool bar, context menus and the page of keys are made of it.

Knows no Qt but for its text marks; what an action does is tied to its id in one place, the application.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QT_TRANSLATE_NOOP


@dataclass(frozen=True, slots=True)
class Facts:
    """What decides which actions make sense just now."""

    has_query: bool = False
    has_clip: bool = False
    has_matches: bool = False
    has_match: bool = False
    has_guesses: bool = False
    has_film: bool = False
    lacks_film: bool = False
    is_busy: bool = False
    is_indexing: bool = False
    is_full_screen: bool = False


When = Callable[[Facts], bool]


def always(_facts: Facts) -> bool:
    """Possible at any time."""
    return True


def with_film(facts: Facts) -> bool:
    """Possible while a scene of a film at hand is shown."""
    return facts.has_film


def with_clip(facts: Facts) -> bool:
    """Possible while a clip is open to choose frames of."""
    return facts.has_clip


@dataclass(frozen=True, slots=True)
class Action:
    """One thing the user can do.  `keys` are written as Qt writes them; the first is shown in menus."""

    id: str
    group: str
    text: str
    keys: tuple[str, ...]
    tip: str
    when: When = always
    icon: str = ""
    checkable: bool = False
    repeats: bool = False


GROUPS = (
    ("picture", QT_TRANSLATE_NOOP("actions", "Picture")),
    ("scene", QT_TRANSLATE_NOOP("actions", "Scene")),
    ("results", QT_TRANSLATE_NOOP("actions", "Results")),
    ("library", QT_TRANSLATE_NOOP("actions", "Library")),
    ("view", QT_TRANSLATE_NOOP("actions", "View")),
    ("help", QT_TRANSLATE_NOOP("actions", "Help")),
)

N = QT_TRANSLATE_NOOP

ACTIONS: tuple[Action, ...] = (
    Action("paste", "picture", N("actions", "Paste"), ("Ctrl+V",),
           N("actions", "Search the picture, file or address on the clipboard"), icon="paste"),
    Action("open", "picture", N("actions", "Open…"), ("Ctrl+O",),
           N("actions", "Open a picture, a GIF or a video and search it"), icon="picture"),
    Action("search_again", "picture", N("actions", "Search again"), ("F5",),
           N("actions", "Search the same picture once more"), lambda f: f.has_query, "again"),
    Action("search_frame", "picture", N("actions", "Search this frame"), ("Ctrl+G",),
           N("actions", "Search the frame that the slider shows"), with_clip, "lens"),
    Action("clip_back", "picture", N("actions", "Frame before in the clip"), ("Ctrl+,",),
           N("actions", "Move the slider of the opened clip back by one frame"), with_clip, repeats=True),
    Action("clip_forward", "picture", N("actions", "Frame after in the clip"), ("Ctrl+.",),
           N("actions", "Move the slider of the opened clip on by one frame"), with_clip, repeats=True),
    Action("clear", "picture", N("actions", "Start over"), ("Ctrl+N",),
           N("actions", "Forget the picture and its results"), lambda f: f.has_query or f.is_busy),
    Action("cancel", "picture", N("actions", "Cancel"), ("Esc",),
           N("actions", "Leave the full screen, or stop what is under way"),
           lambda f: f.is_full_screen or f.is_busy),
    Action("quit", "picture", N("actions", "Quit"), ("Ctrl+Q",), N("actions", "Close SceneLens")),
    Action("play", "scene", N("actions", "Play or pause"), ("Space",),
           N("actions", "Play the scene, or hold it"), with_film),
    Action("frame_back", "scene", N("actions", "Frame before"), (",",),
           N("actions", "Show the frame before"), with_film, repeats=True),
    Action("frame_forward", "scene", N("actions", "Frame after"), (".",),
           N("actions", "Show the frame after"), with_film, repeats=True),
    Action("seek_back", "scene", N("actions", "Back"), ("Left",),
           N("actions", "Go back one second, five in the whole film"), with_film, repeats=True),
    Action("seek_forward", "scene", N("actions", "On"), ("Right",),
           N("actions", "Go on one second, five in the whole film"), with_film, repeats=True),
    Action("mute", "scene", N("actions", "Mute"), ("M",), N("actions", "Turn the sound off or on")),
    Action("loop", "scene", N("actions", "Loop"), ("L",), N("actions", "Begin the scene again at its end")),
    Action("autoplay", "scene", N("actions", "Autoplay"), ("A",),
           N("actions", "Play a scene as soon as it is found")),
    Action("louder", "scene", N("actions", "Louder"), ("+", "="),
           N("actions", "Raise the volume"), repeats=True),
    Action("quieter", "scene", N("actions", "Quieter"), ("-",),
           N("actions", "Lower the volume"), repeats=True),
    Action("slower", "scene", N("actions", "Slower"), ("[",), N("actions", "Play more slowly"), with_film),
    Action("faster", "scene", N("actions", "Faster"), ("]",), N("actions", "Play faster"), with_film),
    Action("whole_film", "scene", N("actions", "Whole film"), ("W",),
           N("actions", "Go on beyond the scene, or come back to it"), with_film),
    Action("full_screen", "scene", N("actions", "Full screen"), ("F", "F11"),
           N("actions", "Show nothing but the scene, or come back"),
           lambda f: f.has_film or f.is_full_screen),
    Action("outside", "scene", N("actions", "Open in the default player"), ("Return", "Enter"),
           N("actions", "Open the film in your own player at this second"), with_film, "outside"),
    Action("folder", "scene", N("actions", "Show in folder"), ("Ctrl+Return", "Ctrl+Enter"),
           N("actions", "Show the film's file in the file manager"), with_film, "folder"),
    Action("copy_frame", "scene", N("actions", "Copy the frame"), ("Ctrl+Shift+C",),
           N("actions", "Copy the frame shown, in full size, as a picture"), with_film),
    Action("search_shown", "scene", N("actions", "Search the frame shown"), ("Ctrl+F",),
           N("actions", "Search the frame that the player shows"), with_film, "lens"),
    Action("next", "results", N("actions", "Next result"), ("Down",),
           N("actions", "Show the next result"), lambda f: f.has_matches),
    Action("previous", "results", N("actions", "Result before"), ("Up",),
           N("actions", "Show the result before"), lambda f: f.has_matches),
    Action("guesses", "results", N("actions", "Show guesses"), ("G",),
           N("actions", "Unfold what is similar but probably another scene, or fold it"),
           lambda f: f.has_guesses),
    Action("copy_result", "results", N("actions", "Copy the result as text"), ("Ctrl+C",),
           N("actions", "Copy title, episode, time and similarity"), lambda f: f.has_match, "copy"),
    Action("add_videos", "library", N("actions", "Add videos…"), ("Ctrl+Shift+A",),
           N("actions", "Make films of your own searchable"), lambda f: not f.is_indexing, "videos"),
    Action("add_folder", "library", N("actions", "Add a folder of videos…"), ("Ctrl+Shift+D",),
           N("actions", "Make all films of a folder searchable"), lambda f: not f.is_indexing, "folder"),
    Action("open_pack", "library", N("actions", "Open a pack…"), ("Ctrl+Shift+O",),
           N("actions", "Search films that someone has indexed"), icon="pack"),
    Action("locate", "library", N("actions", "Locate the film…"), ("Ctrl+Shift+L",),
           N("actions", "Say where the film of this result lies on this computer"),
           lambda f: f.lacks_film, "locate"),
    Action("library", "library", N("actions", "Library"), ("Ctrl+L",),
           N("actions", "Show which packs and films are searched"), icon="film"),
    Action("stop_indexing", "library", N("actions", "Stop indexing"), ("Ctrl+Shift+X",),
           N("actions", "Stop adding videos; finished films are kept"), lambda f: f.is_indexing),
    Action("theme_system", "view", N("actions", "As the desktop"), ("Ctrl+Alt+1",),
           N("actions", "Dark or light, as the desktop has it"), checkable=True),
    Action("theme_dark", "view", N("actions", "Dark"), ("Ctrl+Alt+2",),
           N("actions", "Light letters on a dark ground"), checkable=True),
    Action("theme_light", "view", N("actions", "Light"), ("Ctrl+Alt+3",),
           N("actions", "Dark letters on a light ground"), checkable=True),
    Action("menu", "view", N("actions", "Menu"), ("F10",),
           N("actions", "Show all that can be done"), icon="menu"),
    Action("keys", "help", N("actions", "Keys"), ("F1", "?"), N("actions", "Show all keys"), icon="keys"),
    Action("doctor", "help", N("actions", "What works on this machine"), ("Ctrl+Shift+H",),
           N("actions", "Examine this machine and say what to install"), icon="health"),
    Action("about", "help", N("actions", "About SceneLens"), ("Ctrl+F1",),
           N("actions", "Version, licence and thanks")),
)  # fmt: skip

BY_ID = {action.id: action for action in ACTIONS}
