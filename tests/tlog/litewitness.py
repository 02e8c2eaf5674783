"""litewitness (Debian's torchwood), a witness that nobody here wrote, running for a test."""

from __future__ import annotations

import contextlib
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.tlog.ssh_agent import Agent
from vote.tlog.cosignature import CosignerKey, CosignerSigningKey
from vote.tlog.note import VerifierKey


@dataclass(frozen=True)
class Witness:
    """A running litewitness that knows a log."""

    address: str
    key: CosignerKey

    def post(self, body: bytes) -> tuple[int, bytes]:
        request = urllib.request.Request(f"{self.address}/add-checkpoint", body)
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read()


@contextlib.contextmanager
def running(torchwood: Path, log: VerifierKey) -> Iterator[Witness]:
    """Started for `log`, stopped and forgotten at the end."""
    with contextlib.ExitStack() as stack:
        # A short path, for a socket's name has at most 107 bytes.
        folder = Path(tempfile.mkdtemp(prefix="lw"))
        stack.callback(shutil.rmtree, folder)
        key = CosignerSigningKey.from_seed("witness.example/lite", b"\x99" * 32)
        agent = Agent(folder / "agent", key.private)
        stack.callback(agent.close)
        for words in (["add-log"], ["add-key", "-key", log.encode()]):
            command = [torchwood / "witnessctl", words[0], "-db", "db", "-origin", log.name]
            subprocess.run([*command, *words[1:]], cwd=folder, check=True, capture_output=True)
        with socket.create_server(("127.0.0.1", 0)) as free:
            address = f"127.0.0.1:{free.getsockname()[1]}"
        program = stack.enter_context(
            subprocess.Popen(
                [
                    *[torchwood / "litewitness", "-db", "db", "-ssh-agent", "agent"],
                    *["-name", key.name, "-key", agent.fingerprint, "-listen", address],
                ],
                cwd=folder,
                stderr=subprocess.DEVNULL,
            )
        )
        stack.callback(program.terminate)
        witness = Witness(f"http://{address}", key.verifier)
        for _ in range(200):
            with contextlib.suppress(OSError), urllib.request.urlopen(witness.address, timeout=5):
                break
            time.sleep(0.05)
        yield witness
