"""What the doctor says of region capture and global keys: what was chosen, why, what would help."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Mapping
from dataclasses import replace

from desktop.start.findings import Finding
from desktop.system import capture, hotkey, portal
from desktop.system.errors import PortalError
from desktop.system.platform import Platform, find_platform


def examine_system(
    environment: Mapping[str, str] = os.environ, system: str = sys.platform
) -> tuple[Finding, ...]:
    """Look at the session, ask the portals where that matters, and judge."""
    platform = find_platform(environment=environment, system=system)
    if platform.session == "wayland" and platform.has_bus:
        try:
            platform = replace(platform, portals=asyncio.run(portal.versions()))
        except PortalError as error:
            return (Finding("limited", "Desktop portal", str(error)), *judge(platform))
    return judge(platform)


def judge(platform: Platform) -> tuple[Finding, ...]:
    """The findings of a platform."""
    return _capture(platform), _keys(platform)


def _capture(platform: Platform) -> Finding:
    choice = capture.choose(platform)
    if choice.is_possible:
        ways = [verdict for verdict in choice.verdicts if verdict.fits]
        how = "; then ".join(f"{verdict.way.value} ({verdict.reason})" for verdict in ways)
        return Finding("good", "Capturing the screen", how)
    reasons = "; ".join(f"{verdict.way.value}: {verdict.reason}" for verdict in choice.verdicts)
    remedy = next((verdict.remedy for verdict in choice.verdicts if verdict.remedy), "")
    return Finding("limited", "Capturing the screen", f"no way fits ({reasons})", remedy)


def _keys(platform: Platform) -> Finding:
    choice = hotkey.choose(platform)
    chosen = next((verdict for verdict in choice.verdicts if verdict.fits), None)
    if chosen is not None:
        return Finding("good", "Global keys", f"{chosen.way.value} ({chosen.reason})")
    reasons = "; ".join(f"{verdict.way.value}: {verdict.reason}" for verdict in choice.verdicts)
    return Finding("limited", "Global keys", f"no way fits ({reasons})", choice.remedy)
