"""What was found damaged while a film was read, put into sentences."""

from __future__ import annotations

#: A film that ends so many seconds before its promised end was cut off; containers round by less.
_MISSING_END_S = 1.0


class Damage:
    """Counts what could not be read of one film."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._packets = 0
        self._reads = 0
        self._pieces = 0
        self._first_piece_s = 0.0
        self._ended_s = 0.0
        self._promised_s = 0.0

    def packet_lost(self) -> None:
        """A packet could not be decoded."""
        self._packets += 1

    def reading_failed(self) -> None:
        """The file could not be read on at one place."""
        self._reads += 1

    def frame_in_pieces(self, at_s: float) -> None:
        """A frame was decoded, but the decoder says that parts of it are guesses."""
        if not self._pieces:
            self._first_piece_s = at_s
        self._pieces += 1

    def ended(self, at_s: float, promised_s: float) -> None:
        """The film came to its end at `at_s`; the file promises `promised_s`, 0 when nothing."""
        self._ended_s, self._promised_s = at_s, promised_s

    def sentences(self) -> list[str]:
        """What a person should know; empty for a sound file."""
        said = []
        if self._packets or self._reads:
            places = self._packets + self._reads
            said.append(
                f"{self._name} is damaged at {places} place{'s' if places > 1 else ''}; "
                "what can be decoded was read, the frames there are missing."
            )
        if self._pieces:
            frames = "1 frame" if self._pieces == 1 else f"{self._pieces} frames"
            said.append(
                f"{self._name} has {frames} with damaged parts, the first at {self._first_piece_s:.1f} s; "
                "such frames may not be found."
            )
        if self._promised_s - self._ended_s > _MISSING_END_S:
            said.append(
                f"{self._name} ends at {self._ended_s:.1f} s although it promises {self._promised_s:.1f} s: "
                "it was cut off; the rest cannot be read. Copy or download it again for the whole film."
            )
        return said
