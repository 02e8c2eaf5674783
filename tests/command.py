"""The command `vote`, in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path


def vote(
    *arguments: object, typed: str = "", data: Path | None = None
) -> subprocess.CompletedProcess[str]:
    """Run it, with `typed` at its keyboard; `data`: the installation, on its own database."""
    environment = dict(os.environ)
    if data is not None:
        environment["VOTE_DATA"] = str(data)
        environment.pop("DATABASE_URL", None)
    return subprocess.run(
        [sys.executable, "-m", "vote", *map(str, arguments)],
        env=environment,
        input=typed,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
