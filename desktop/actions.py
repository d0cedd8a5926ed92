"""Everything the user can do, as data: menus, tool bar, context menus and the page of keys are made of it.

Knows no Qt; what an action does is tied to its id in one place, the application.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


def translate(context: str, text: str) -> str:
    """Mark a text for the translators; it is translated where it is shown, once a language is known."""
    assert context == "actions"
    return text


@dataclass(frozen=True, slots=True)
class Facts:
    """What decides which actions make sense just now."""

    has_query: bool = False
    has_clip: bool = False
    searches_clip: bool = False
    has_region: bool = False
    has_matches: bool = False
    has_match: bool = False
    has_guesses: bool = False
    has_film: bool = False
    lacks_film: bool = False
    has_scene: bool = False
    has_own_copy: bool = False
    lacks_preview: bool = False
    may_ask_remote: bool = False
    has_series: bool = False
    is_within: bool = False
    has_details: bool = False
    is_busy: bool = False
    is_indexing: bool = False
    is_full_screen: bool = False
    has_tray: bool = False
    has_recent: bool = False
    has_place: bool = False


When = Callable[[Facts], bool]


def always(_facts: Facts) -> bool:
    """Possible at any time."""
    return True


def with_film(facts: Facts) -> bool:
    """Possible while a scene of a film at hand is shown."""
    return facts.has_film


def with_scene(facts: Facts) -> bool:
    """Possible while a scene is in the player, of a film at hand or a preview."""
    return facts.has_scene or facts.has_film


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
    ("picture", translate("actions", "Picture")),
    ("scene", translate("actions", "Scene")),
    ("results", translate("actions", "Results")),
    ("library", translate("actions", "Library")),
    ("online", translate("actions", "Online")),
    ("view", translate("actions", "View")),
    ("background", translate("actions", "Background")),
    ("help", translate("actions", "Help")),
)

ACTIONS: tuple[Action, ...] = (
    Action("paste", "picture", translate("actions", "Paste"), ("Ctrl+V",),
           translate("actions", "Search the picture, file or address on the clipboard"), icon="paste"),
    Action("open", "picture", translate("actions", "Open…"), ("Ctrl+O",),
           translate("actions", "Open a picture, a GIF or a video and search it"), icon="picture"),
    Action("capture", "picture", translate("actions", "Capture…"), ("Ctrl+Shift+S",),
           translate("actions", "Mark a picture anywhere on the screen and search it"), icon="capture"),
    Action("capture_again", "picture", translate("actions", "Capture the same place"), ("Ctrl+Shift+R",),
           translate("actions", "Search what is shown now where the last picture was captured"),
           lambda f: f.has_place),
    Action("search_again", "picture", translate("actions", "Search again"), ("F5",),
           translate("actions", "Search the same picture once more"), lambda f: f.has_query, "again"),
    Action("whole_picture", "picture", translate("actions", "Whole picture"), ("Ctrl+Backspace",),
           translate("actions", "Search the whole picture again instead of the marked part"),
           lambda f: f.has_region),
    Action("search_frame", "picture", translate("actions", "Search the chosen frame"), ("Ctrl+G",),
           translate("actions", "Search the frame that the slider shows"), with_clip, "lens"),
    Action("search_clip", "picture", translate("actions", "Search the clip"), ("Ctrl+Shift+G",),
           translate("actions", "Search all frames of the clip together, of a long one ten seconds of it"),
           lambda f: f.has_clip and not f.searches_clip, "lens"),
    Action("clip_back", "picture", translate("actions", "Previous frame of the clip"), ("Ctrl+,",),
           translate("actions", "Move the slider of the opened clip back by one frame"), with_clip,
           repeats=True),
    Action("clip_forward", "picture", translate("actions", "Next frame of the clip"), ("Ctrl+.",),
           translate("actions", "Move the slider of the opened clip on by one frame"), with_clip,
           repeats=True),
    Action("clear", "picture", translate("actions", "Start over"), ("Ctrl+N",),
           translate("actions", "Forget the picture and its results"), lambda f: f.has_query or f.is_busy),
    Action("cancel", "picture", translate("actions", "Cancel"), ("Esc",),
           translate("actions", "Leave the full screen, or stop what is under way"),
           lambda f: f.is_full_screen or f.is_busy),
    Action("quit", "picture", translate("actions", "Quit"), ("Ctrl+Q",),
           translate("actions", "Close SceneLens")),
    Action("play", "scene", translate("actions", "Play or pause"), ("Space",),
           translate("actions", "Play the scene, or hold it"), with_scene),
    Action("frame_back", "scene", translate("actions", "Previous frame"), (",",),
           translate("actions", "Show the previous frame"), with_scene, repeats=True),
    Action("frame_forward", "scene", translate("actions", "Next frame"), (".",),
           translate("actions", "Show the next frame"), with_scene, repeats=True),
    Action("seek_back", "scene", translate("actions", "A second back"), ("Left",),
           translate("actions", "Go back one second, five in the whole film"), with_scene, repeats=True),
    Action("seek_forward", "scene", translate("actions", "A second on"), ("Right",),
           translate("actions", "Go on one second, five in the whole film"), with_scene, repeats=True),
    Action("to_match", "scene", translate("actions", "To the matched frame"), ("Home", "0"),
           translate("actions", "Hold at the frame that is most like the picture"), with_scene),
    Action("mute", "scene", translate("actions", "Mute"), ("M",),
           translate("actions", "Turn the sound off or on")),
    Action("loop", "scene", translate("actions", "Loop"), ("L",),
           translate("actions", "Begin the scene again at its end")),
    Action("autoplay", "scene", translate("actions", "Autoplay"), ("A",),
           translate("actions", "Play a scene as soon as it is found")),
    Action("louder", "scene", translate("actions", "Louder"), ("+", "="),
           translate("actions", "Raise the volume"), repeats=True),
    Action("quieter", "scene", translate("actions", "Quieter"), ("-",),
           translate("actions", "Lower the volume"), repeats=True),
    Action("slower", "scene", translate("actions", "Slower"), ("[",),
           translate("actions", "Play more slowly"), with_scene),
    Action("faster", "scene", translate("actions", "Faster"), ("]",),
           translate("actions", "Play faster"), with_scene),
    Action("whole_film", "scene", translate("actions", "Whole film"), ("W",),
           translate("actions", "Go on beyond the scene, or come back to it"), with_film),
    Action("full_screen", "scene", translate("actions", "Full screen"), ("F", "F11"),
           translate("actions", "Show nothing but the scene, or come back"),
           lambda f: with_scene(f) or f.is_full_screen),
    Action("outside", "scene", translate("actions", "Open in the default player"), ("Return", "Enter"),
           translate("actions", "Open the film in your own player at this second"), with_film, "outside"),
    Action("folder", "scene", translate("actions", "Show in folder"), ("Ctrl+Return", "Ctrl+Enter"),
           translate("actions", "Show the film's file in the file manager"), with_film, "folder"),
    Action("copy_frame", "scene", translate("actions", "Copy the frame"), ("Ctrl+Shift+C",),
           translate("actions", "Copy the frame shown, in full size, as a picture"), with_scene),
    Action("search_shown", "scene", translate("actions", "Search this frame"), ("Ctrl+F",),
           translate("actions", "Search the frame that the player shows"), with_film, "lens"),
    Action("next", "results", translate("actions", "Next result"), ("Down",),
           translate("actions", "Show the next result"), lambda f: f.has_matches),
    Action("previous", "results", translate("actions", "Previous result"), ("Up",),
           translate("actions", "Show the previous result"), lambda f: f.has_matches),
    Action("guesses", "results", translate("actions", "Show guesses"), ("G",),
           translate("actions", "Unfold what is similar but probably another scene, or fold it"),
           lambda f: f.has_guesses),
    Action("copy_result", "results", translate("actions", "Copy the result as text"), ("Ctrl+C",),
           translate("actions", "Copy title, episode, time and certainty"), lambda f: f.has_match, "copy"),
    Action("this_series", "results", translate("actions", "Search only in this series"), ("S",),
           translate("actions", "Search the picture once more, in the series or film of this result alone"),
           lambda f: f.has_series, "lens"),
    Action("all_series", "results", translate("actions", "Search everywhere again"), ("Shift+S",),
           translate("actions", "Search the picture in all series and films again"), lambda f: f.is_within),
    Action("add_videos", "library", translate("actions", "Add videos…"), ("Ctrl+Shift+A",),
           translate("actions", "Make films of your own searchable"), lambda f: not f.is_indexing, "videos"),
    Action("add_folder", "library", translate("actions", "Add a folder of videos…"), ("Ctrl+Shift+D",),
           translate("actions", "Make all films of a folder searchable"),
           lambda f: not f.is_indexing, "folder"),
    Action("open_pack", "library", translate("actions", "Open a pack…"), ("Ctrl+Shift+O",),
           translate("actions", "Search films that someone has indexed"), icon="pack"),
    Action("locate", "library", translate("actions", "Locate the film…"), ("Ctrl+Shift+L",),
           translate("actions", "Say where the film of this result lies on this computer"),
           lambda f: f.lacks_film, "locate"),
    Action("library", "library", translate("actions", "Library"), ("Ctrl+L",),
           translate("actions", "Show which packs and films are searched"), icon="film"),
    Action("stop_indexing", "library", translate("actions", "Stop indexing"), ("Ctrl+Shift+X",),
           translate("actions", "Stop adding videos; finished films are kept"), lambda f: f.is_indexing),
    Action("ask_remote", "online", translate("actions", "Ask trace.moe"), ("Ctrl+T",),
           translate("actions", "Ask the service trace.moe about this picture; it gets 33 numbers"),
           lambda f: f.may_ask_remote, "outside"),
    Action("send_picture", "online", translate("actions", "Send the picture instead"), ("Ctrl+Shift+T",),
           translate("actions", "Send the picture, small and without metadata, to trace.moe; takes 1 search"),
           lambda f: f.may_ask_remote, "picture"),
    Action("own_copy", "online", translate("actions", "Play my own copy"), ("O",),
           translate("actions", "Play this episode at this second from your own film"),
           lambda f: f.has_own_copy, "film"),
    Action("retry_preview", "online", translate("actions", "Fetch the preview again"), ("Ctrl+Shift+P",),
           translate("actions", "Fetch the preview once more"), lambda f: f.lacks_preview, "again"),
    Action("remote_unsure", "online", translate("actions", "Ask when nothing is found here"), ("Ctrl+Alt+4",),
           translate("actions", "Ask trace.moe when nothing is found here"), checkable=True),
    Action("remote_always", "online", translate("actions", "Always ask as well"), ("Ctrl+Alt+5",),
           translate("actions", "Ask trace.moe about each picture, beside the search here"), checkable=True),
    Action("remote_never", "online", translate("actions", "Never ask by itself"), ("Ctrl+Alt+6",),
           translate("actions", "Send nothing; you can still ask about a single picture"), checkable=True),
    Action("show_adult", "online", translate("actions", "Show adult works"), ("Ctrl+Alt+7",),
           translate("actions", "List results of adult works too, hidden otherwise"), checkable=True),
    Action("online", "online", translate("actions", "Online lookups…"), ("Ctrl+Shift+I",),
           translate("actions", "What is asked of whom, titles, your key, what is left for today")),
    Action("details", "view", translate("actions", "Details of the work"), ("I",),
           translate("actions", "Show what is known of the series or film beside its scene, or hide it"),
           checkable=True),
    Action("theme_system", "view", translate("actions", "As the desktop"), ("Ctrl+Alt+1",),
           translate("actions", "Dark or light, as the desktop has it"), checkable=True),
    Action("theme_dark", "view", translate("actions", "Dark"), ("Ctrl+Alt+2",),
           translate("actions", "Light letters on a dark ground"), checkable=True),
    Action("theme_light", "view", translate("actions", "Light"), ("Ctrl+Alt+3",),
           translate("actions", "Dark letters on a light ground"), checkable=True),
    Action("global_keys", "background", translate("actions", "Global keys…"), ("Ctrl+Shift+K",),
           translate("actions", "Choose the keys that work in every program"), icon="keys"),
    Action("close_to_tray", "background", translate("actions", "Stay in the tray when closed"),
           ("Ctrl+Shift+F2",),
           translate("actions", "Closing the window leaves SceneLens waiting in the tray"),
           lambda f: f.has_tray, checkable=True),
    Action("watch_clipboard", "background", translate("actions", "Offer to search copied pictures"),
           ("Ctrl+Shift+F3",),
           translate("actions", "Offer a search whenever a picture is copied; nothing is searched by itself"),
           checkable=True),
    Action("start_with_desktop", "background", translate("actions", "Start with the desktop"),
           ("Ctrl+Shift+F4",),
           translate("actions", "Wait in the tray from the start of the desktop on"), checkable=True),
    Action("keep_recent", "background", translate("actions", "Remember recent searches"),
           ("Ctrl+Shift+F6",),
           translate("actions", "Keep small pictures of the last searches on this computer, or forget them"),
           checkable=True),
    Action("clear_recent", "background", translate("actions", "Forget recent searches"),
           ("Ctrl+Shift+F7",),
           translate("actions", "Remove the remembered searches and their pictures"),
           lambda f: f.has_recent),
    Action("menu", "view", translate("actions", "Menu"), ("F10",),
           translate("actions", "Show all that can be done"), icon="menu"),
    Action("keys", "help", translate("actions", "Keys"), ("F1", "?"),
           translate("actions", "Show all keys"), icon="keys"),
    Action("doctor", "help", translate("actions", "What works on this machine"), ("Ctrl+Shift+H",),
           translate("actions", "Examine this machine and say what to install"), icon="health"),
    Action("about", "help", translate("actions", "About SceneLens"), ("Ctrl+F1",),
           translate("actions", "Version, licence and thanks")),
)  # fmt: skip

BY_ID = {action.id: action for action in ACTIONS}

#: A line stands above these in their menus.
AFTER_A_LINE = frozenset({
    "search_again", "search_frame", "clear", "quit", "mute", "whole_film", "outside", "guesses",
    "this_series", "locate", "own_copy", "remote_unsure", "show_adult", "theme_system", "close_to_tray",
    "keep_recent",
})  # fmt: skip
