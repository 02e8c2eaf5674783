"""The one error that every function of `vote.tlog` raises on what it was given."""


class LogError(Exception):
    """Something about a log, a note, a checkpoint, a tile or a proof does not hold.

    `code` is stable and kebab-case (for programs, and for the words of a page),
    `message` an English sentence: what was checked and what is wrong with it.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
