"""What casting over HTTP costs the server beside the bare proof check."""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

from benchmarks.assembly import Opened, open_assembly
from benchmarks.measure import Row, milliseconds, tree_cpu
from benchmarks.proofs import Checker
from vote.cli.serve import gunicorn_arguments

CLIENTS = 8
WORKERS = 2
THREADS = 8
BATCHES = 4


@dataclass(frozen=True)
class Server:
    """gunicorn, as in production: two processes of eight threads."""

    pid: int
    port: int


@contextmanager
def serve(opened: Opened) -> Iterator[Server]:
    """The web service over an installation, for as long as the block lasts."""
    port = _free_port()
    settings = opened.house.settings
    environment = os.environ | {
        "VOTE_DATA": str(settings.data),
        "DATABASE_URL": settings.database_url,
    }
    command = [sys.executable, *gunicorn_arguments(f"127.0.0.1:{port}", WORKERS, THREADS)]
    with subprocess.Popen([*command, "--log-level", "warning"], env=environment) as running:
        try:
            _wait_until_it_answers(port)
            yield Server(running.pid, port)
        finally:
            running.terminate()


def cast_against_proofs(
    name: str, data: Path, made_by: int, database_url: str | None = None
) -> Row:
    """Cast a ballot of each member, in batches, each followed by its bare proof checks."""
    opened = open_assembly(data, made_by, database_url)
    checker = Checker.of(opened)
    made = opened.ballots(made_by)
    votes = list(zip(opened.tokens(), made, strict=True))
    size = len(votes) // (BATCHES + 1)
    ratios, casts, proofs = [], [], []
    with serve(opened) as server, ProcessPoolExecutor(WORKERS, get_context("spawn")) as checks:
        _cast_all(server, opened.uuid, votes[:size])  # first: caches and connections
        for number in range(1, BATCHES + 1):
            batch = votes[number * size : (number + 1) * size]
            before = tree_cpu(server.pid)
            _cast_all(server, opened.uuid, batch)
            casts.append((tree_cpu(server.pid) - before) / len(batch))
            proofs.append(_bare(checks, checker, [ballot for _, ballot in batch]))
            ratios.append(casts[-1] / proofs[-1])
    opened.house.close()
    cast, proof = (sorted(times)[len(times) // 2] for times in (casts, proofs))
    return Row(
        f"cast a ballot over HTTP, {name}, the server's CPU",
        milliseconds(cast),
        f"the bare proof check: {milliseconds(proof)}",
    ).at_most(sum(ratios) / len(ratios), 1.3)


def _bare(checks: ProcessPoolExecutor, checker: Checker, made: Sequence[bytes]) -> float:
    """Seconds of CPU that a ballot's proofs take, checked by as many processes as serve: two busy
    cores are slower, each, than one alone."""
    shares = [made[process::WORKERS] for process in range(WORKERS)]
    return sum(checks.map(checker.cpu_of_all, shares)) / len(made)


def _cast_all(server: Server, uuid: str, votes: Sequence[tuple[str, bytes]]) -> None:
    """Cast from several clients at a time, each on one connection."""
    shares = [votes[client::CLIENTS] for client in range(CLIENTS)]
    with ThreadPoolExecutor(CLIENTS) as clients:
        for done in [clients.submit(_cast_some, server, uuid, share) for share in shares]:
            done.result()


def _cast_some(server: Server, uuid: str, votes: Sequence[tuple[str, bytes]]) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    for token, ballot in votes:
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        connection.request("POST", f"/api/elections/{uuid}/ballots", ballot, headers)
        answer = connection.getresponse()
        said = answer.read()
        if answer.status != 201:
            raise RuntimeError(f"{answer.status}: {said.decode()}")
    connection.close()


def _free_port() -> int:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        port: int = asked.getsockname()[1]
        return port


def _wait_until_it_answers(port: int, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while True:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1):
                return
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
