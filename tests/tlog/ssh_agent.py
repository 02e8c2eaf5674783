"""An SSH agent with one Ed25519 key, for litewitness, which signs with nothing else.

draft-ietf-sshm-ssh-agent: only "request identities" and "sign request".
"""

import base64
import hashlib
import socketserver
import struct
from pathlib import Path
from threading import Thread

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

REQUEST_IDENTITIES, IDENTITIES_ANSWER = 11, 12
SIGN_REQUEST, SIGN_RESPONSE = 13, 14
FAILURE = 5
KIND = b"ssh-ed25519"


def string(data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + data


def read_string(data: bytes) -> tuple[bytes, bytes]:
    end = 4 + struct.unpack_from(">I", data)[0]
    return data[4:end], data[end:]


class Agent(socketserver.ThreadingUnixStreamServer):
    """Listens at `path` until closed."""

    daemon_threads = True

    def __init__(self, path: Path, key: Ed25519PrivateKey) -> None:
        super().__init__(str(path), Handler)
        self.key = key
        self.blob = string(KIND) + string(key.public_key().public_bytes_raw())
        self.thread = Thread(target=self.serve_forever, kwargs={"poll_interval": 0.02})
        self.thread.start()

    @property
    def fingerprint(self) -> str:
        digest = base64.b64encode(hashlib.sha256(self.blob).digest()).decode()
        return f"SHA256:{digest.rstrip('=')}"

    def answer(self, kind: int, body: bytes) -> bytes:
        if kind == REQUEST_IDENTITIES:
            identity = string(self.blob) + string(b"witness")
            return bytes([IDENTITIES_ANSWER]) + struct.pack(">I", 1) + identity
        if kind == SIGN_REQUEST:
            blob, rest = read_string(body)
            message, _ = read_string(rest)
            if blob == self.blob:
                signature = string(KIND) + string(self.key.sign(message))
                return bytes([SIGN_RESPONSE]) + string(signature)
        return bytes([FAILURE])

    def close(self) -> None:
        self.shutdown()
        self.server_close()
        self.thread.join()


class Handler(socketserver.StreamRequestHandler):
    server: Agent

    def handle(self) -> None:
        while len(head := self.rfile.read(4)) == 4:
            message = self.rfile.read(struct.unpack(">I", head)[0])
            self.wfile.write(string(self.server.answer(message[0], message[1:])))
