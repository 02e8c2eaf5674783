"""The one exception of the ballot protocol."""

from __future__ import annotations


class ProtocolError(Exception):
    """Something that came from outside does not hold.

    `code` is stable and in kebab-case ("point-not-in-subgroup"): programs and translations go by
    it. `message` is an English sentence for developers and auditors: what was checked and what is
    wrong. `index` is the position, in a list that was checked in one call, of the item at fault.
    """

    def __init__(self, code: str, message: str, index: int | None = None) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.index = index

    def at(self, index: int) -> ProtocolError:
        """The same error, saying which item of a list it is about."""
        return ProtocolError(self.code, self.message, index)

    def __reduce__(self) -> tuple[type[ProtocolError], tuple[str, str, int | None]]:
        """Let the error travel between processes with its code."""
        return (ProtocolError, (self.code, self.message, self.index))
