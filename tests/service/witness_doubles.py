"""Witnesses for tests: our own on a real port, and one that answers whatever it is told to."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread
from typing import Any

from vote.service.witness import opened
from vote.service.witness_server import WitnessServer
from vote.service.witnesses import Witness
from vote.tlog.cosignature import CosignerKey, CosignerSigningKey
from vote.tlog.note import VerifierKey

Answer = tuple[int, bytes]


@contextmanager
def own_witness(folder: Path, *logs: VerifierKey, port: int = 0) -> Iterator[Witness]:
    """Our own witness, in this process."""
    with opened(folder, logs) as witness, WitnessServer(("127.0.0.1", port), witness) as server:
        thread = Thread(target=server.serve_forever, args=[0.01])
        thread.start()
        try:
            yield Witness(f"http://127.0.0.1:{server.server_address[1]}", witness.key)
        finally:
            server.shutdown()
            thread.join()


class Double(ThreadingHTTPServer):
    """A witness that answers what `answer` makes of a request's body; it has a genuine key."""

    daemon_threads = True

    def __init__(self, answer: Callable[[bytes], Answer]) -> None:
        self.answer = answer
        self.asked = 0
        self.closing = Event()
        self.signing_key = CosignerSigningKey.generate("double.example")
        super().__init__(("127.0.0.1", 0), _Handler)

    @property
    def witness(self) -> Witness:
        return Witness(f"http://127.0.0.1:{self.server_address[1]}", self.signing_key.verifier)

    def hang(self, _body: bytes) -> Answer:
        """Say nothing until the test is over."""
        self.closing.wait(60)
        return 503, b"too late\n"


class _Handler(BaseHTTPRequestHandler):
    server: Double

    def do_POST(self) -> None:
        self.server.asked += 1
        body = self.rfile.read(int(self.headers["Content-Length"]))
        status, answer = self.server.answer(body)
        self.send_response(status)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: Any) -> None:
        pass


@contextmanager
def double(answer: Callable[[bytes], Answer] | None = None) -> Iterator[Double]:
    """A running double; without an answer it hangs."""
    with Double(answer or (lambda _: (500, b""))) as server:
        if answer is None:
            server.answer = server.hang
        thread = Thread(target=server.serve_forever, args=[0.01])
        thread.start()
        try:
            yield server
        finally:
            server.closing.set()
            server.shutdown()
            thread.join()


@dataclass(frozen=True, slots=True)
class Started:
    """`vote witness` as a process of its own."""

    process: subprocess.Popen[str]
    port: int
    key: CosignerKey

    def kill(self) -> None:
        """As a power cut would."""
        os.kill(self.process.pid, signal.SIGKILL)
        self.process.wait()


@contextmanager
def command(folder: Path, log: VerifierKey, port: int = 0) -> Iterator[Started]:
    """Run the command until the block ends."""
    arguments = ["--state", folder, "--log", log.encode(), "--listen", f"127.0.0.1:{port}"]
    with subprocess.Popen(
        [sys.executable, "-m", "vote", "witness", *map(str, arguments)],
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        said = ""
        while "VOTE_WITNESSES" not in said:
            line = process.stdout.readline()
            assert line, f"the witness did not start: {said}"
            said += line
        address, vkey = said.partition('VOTE_WITNESSES="')[2].split('"')[0].split()
        try:
            yield Started(process, int(address.rpartition(":")[2]), CosignerKey.parse(vkey))
        finally:
            process.terminate()
            process.wait(timeout=20)
