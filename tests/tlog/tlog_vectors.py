"""Makes `tests/vectors/tlog.json`: the log's formats with tampered siblings, for Python and JS.

    python -m tests.tlog.tlog_vectors        writes the file again

Files and texts are in base64, hashes in hex. `error` is the code that both
implementations raise. Each refused case is named by its defect.
"""

import json
from pathlib import Path

from tests.tlog.checkpoint_vectors import (
    accepted_checkpoints,
    accepted_cosignatures,
    refused_checkpoints,
    refused_cosignatures,
)
from tests.tlog.makers import LOG, Json
from tests.tlog.merkle_vectors import merkle, tiles
from tests.tlog.note_vectors import accepted_notes, refused_notes, refused_vkeys
from tests.tlog.proof_vectors import accepted_proofs, refused_proofs

FILE = Path(__file__).parents[1] / "vectors" / "tlog.json"


def vectors() -> Json:
    return {
        "format": 1,
        "log": {"seed": LOG.seed().hex(), "vkey": LOG.verifier.encode()},
        "merkle": merkle(),
        "vkeys": {"accepted": [LOG.verifier.encode()], "refused": list(refused_vkeys())},
        "notes": {"accepted": list(accepted_notes()), "refused": list(refused_notes())},
        "checkpoints": {
            "accepted": list(accepted_checkpoints()),
            "refused": list(refused_checkpoints()),
        },
        "proofs": {"accepted": list(accepted_proofs()), "refused": list(refused_proofs())},
        "cosignatures": {
            "accepted": list(accepted_cosignatures()),
            "refused": list(refused_cosignatures()),
        },
        "tiles": tiles(),
    }


def encoded() -> str:
    return json.dumps(vectors(), ensure_ascii=True, indent=1) + "\n"


if __name__ == "__main__":
    FILE.write_text(encoded(), encoding="ascii")
