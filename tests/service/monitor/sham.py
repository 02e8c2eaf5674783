"""A service for monitors to watch, made of the verifier's workshop: honest or forged."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

from tests.audit.workshop import ASSEMBLY, Workshop
from vote.election.archive import Header
from vote.tlog.errors import LogError
from vote.tlog.merkle import Tree
from vote.tlog.tiles import encode_entries, parse_tile_path, tile_hashes

LOG, API = f"/log/{ASSEMBLY}/", "/api/elections/"
BUNDLE = f"/a/{ASSEMBLY}/bundle.zip"


class Sham(ThreadingHTTPServer):
    """Serves `workshop` (None: not open yet). `answers`: what is answered otherwise, by path: a
    status without a body, or a body. `down`: nothing but 503."""

    daemon_threads = True

    def __init__(self, workshop: Workshop | None) -> None:
        self.answers: dict[str, int | bytes] = {}
        self.down = False
        self.asked: list[str] = []
        self.show(workshop)
        super().__init__(("127.0.0.1", 0), _Handler)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/a/{ASSEMBLY}/"

    def show(self, workshop: Workshop | None) -> None:
        """From now on this."""
        self.workshop = workshop
        self.files = self._files(workshop) if workshop else {}
        self.tree = workshop.tree() if workshop else Tree()

    @staticmethod
    def _files(workshop: Workshop) -> Mapping[str, bytes | Callable[[], bytes]]:
        files: dict[str, bytes | Callable[[], bytes]] = {
            f"{LOG}key": workshop.log_key.verifier.line(),
            f"{LOG}checkpoint": workshop.checkpoint(),
            f"/api/assemblies/{ASSEMBLY}": workshop.files["assembly.json"],
            f"/api/assemblies/{ASSEMBLY}/elections": workshop.files["elections.json"],
        }
        for box in workshop.boxes:
            files[f"{API}{box.uuid}/archive-header"] = Header(box.timestamp).encode()
            for _, data in box.items:
                files[f"{API}{box.uuid}/objects/{sha256(data).hexdigest()}"] = data
        if "outcome.json" in workshop.files:
            files[BUNDLE] = lambda: zipped(workshop.bundle())
        return files

    def answer(self, path: str) -> tuple[int, bytes]:
        self.asked.append(path)
        if self.down:
            return 503, b"down"
        given = self.answers.get(path)
        if isinstance(given, int):
            return given, b""
        if given is not None:
            return 200, given
        if path.startswith(f"{LOG}tile/"):
            return self._tile(path.removeprefix(LOG))
        if self.workshop is None and path == f"/api/assemblies/{ASSEMBLY}":
            return 200, b"{}"
        found = self.files.get(path)
        if found is None:
            return 404, b""
        return 200, found if isinstance(found, bytes) else found()

    def _tile(self, path: str) -> tuple[int, bytes]:
        try:
            tile = parse_tile_path(path)
            if tile.level != "entries":
                return 200, tile_hashes(tile, self.tree.node)
        except LogError:
            return 404, b""
        entries = self.workshop.entries if self.workshop else []
        return 200, encode_entries(entries[tile.start : tile.start + tile.width])


class _Handler(BaseHTTPRequestHandler):
    server: Sham
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        status, body = self.server.answer(self.path)
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        pass


def zipped(files: Mapping[str, bytes]) -> bytes:
    """A bundle as the service offers it."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return packed.getvalue()


@contextmanager
def serving(workshop: Workshop | None) -> Iterator[Sham]:
    """A running sham."""
    with Sham(workshop) as sham:
        thread = Thread(target=sham.serve_forever, args=[0.01])
        thread.start()
        try:
            yield sham
        finally:
            sham.shutdown()
            thread.join()
