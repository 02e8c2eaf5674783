"""The numbered steps; `vote.audit.verify` says in prose what each of them does."""

from __future__ import annotations

from typing import Final

from vote.audit.report import Step

BUNDLE: Final = Step(1, "bundle", "The bundle is complete and can be read")
DEFINITION: Final = Step(2, "definition", "The definition is valid and canonical")
ELECTIONS: Final = Step(3, "elections", "There is one election for each paper and college")
ARCHIVE: Final = Step(4, "archive", "The archive's bytes, hashes and chain of events")
SETUP: Final = Step(5, "setup", "Keys, trustees' proofs and list of credentials")
PRESCRIBED: Final = Step(6, "prescribed", "The election is what the definition prescribes")
TOGETHER: Final = Step(7, "together", "The elections have one bureau and one roll")
BALLOTS: Final = Step(8, "ballots", "Every ballot's credential, signature and proofs")
SUM: Final = Step(9, "sum", "The encrypted sum of each voter's last ballot")
DECRYPTION: Final = Step(10, "decryption", "The trustees' proofs of decryption")
RESULT: Final = Step(11, "result", "The result is what the decryptions give")
CHECKPOINT: Final = Step(12, "checkpoint", "The log's key, signature and size")
TILES: Final = Step(13, "tiles", "Every tile of the log, up to the signed root")
LOGGED: Final = Step(14, "logged", "Every event is in the log once and in order")
ORDER: Final = Step(15, "order", "Definition first, no ballot after closing, outcome last")
LOTS: Final = Step(16, "lots", "The trustees' shares of the lot")
FILES: Final = Step(17, "files", "All files are those the log names, and no others")
OUTCOME: Final = Step(18, "outcome", "The outcome is what the rules give, byte for byte")
MINUTES: Final = Step(19, "minutes", "The minutes say what the bundle says")

STEPS: Final = (
    BUNDLE,
    DEFINITION,
    ELECTIONS,
    ARCHIVE,
    SETUP,
    PRESCRIBED,
    TOGETHER,
    BALLOTS,
    SUM,
    DECRYPTION,
    RESULT,
    CHECKPOINT,
    TILES,
    LOGGED,
    ORDER,
    LOTS,
    FILES,
    OUTCOME,
    MINUTES,
)

FORM: Final = Step(1, "form", "The receipt is well formed")
SIGNATURE: Final = Step(2, "signature", "The ballot log signed it")
INCLUSION: Final = Step(3, "inclusion", "The ballot is in the signed log")
BALLOT: Final = Step(4, "ballot", "It is the receipt of this ballot")
LOG: Final = Step(5, "log", "The bundle's log is whole and signed with the same key")
CONTINUED: Final = Step(6, "continued", "The bundle's log goes on from the receipt's")
BOX: Final = Step(7, "box", "The ballot is in the box")

RECEIPT_STEPS: Final = (FORM, SIGNATURE, INCLUSION, BALLOT, LOG, CONTINUED, BOX)
