"""Elections run by belenios-tool, an implementation of the protocol that is not ours."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

GROUP = ("--group", "Ed25519")


@dataclass(frozen=True)
class Tool:
    """The command, run in a folder."""

    command: Path
    folder: Path

    def run(self, *arguments: str, given: bytes = b"") -> bytes:
        """What the command prints. Raises CalledProcessError when it fails."""
        return subprocess.run(
            [self.command, *arguments],
            cwd=self.folder,
            input=given,
            capture_output=True,
            check=True,
            timeout=60,
        ).stdout

    def says(self, *arguments: str) -> tuple[bool, str]:
        """Whether the command succeeds, and what it complains of."""
        done = subprocess.run(
            [self.command, *arguments],
            cwd=self.folder,
            capture_output=True,
            timeout=60,
            check=False,
        )
        return done.returncode == 0, done.stderr.decode()

    def verifies(self) -> tuple[bool, str]:
        """`election verify` in the folder."""
        return self.says("election", "verify", "--dir", ".")

    def verifies_all_but_ballots(self) -> tuple[bool, str]:
        """What `election verify` comes down to when it drops the result of checking the ballots.

        It does so in most runs: it does not wait for that check, and whether a failure still
        shows is a race. To tests, only this is the same every time.
        """
        return self.says("election", "verify", "--dir", ".", "--skip-ballot-check")

    def accepts_ballot(self, ballot: bytes) -> tuple[bool, str]:
        """`election verify-ballot`, which looks at the proofs."""
        self.write("ballot.json", ballot + b"\n")
        return self.says("election", "verify-ballot", "--dir", ".", "--ballot", "ballot.json")

    def write(self, name: str, data: bytes) -> None:
        (self.folder / name).write_bytes(data)

    def read(self, name: str) -> bytes:
        return (self.folder / name).read_bytes()


class ToolElection:
    """An election whose every file belenios-tool makes.

    `threshold`: how many of how many members of a group of trustees are needed, besides the
    `singles`, who are all needed.
    """

    def __init__(
        self,
        tool: Tool,
        questions: Sequence[dict[str, object]],
        weights: dict[str, int],
        singles: int = 1,
        threshold: tuple[int, int] | None = None,
    ) -> None:
        self.tool = tool
        self.uuid = tool.run("setup", "generate-token", "--length", "14").decode().strip()
        self._members: list[str] = self._make_group(*threshold) if threshold else []
        self._make_singles(singles)
        self._make_credentials(weights)
        template = {"description": "Made up", "name": "Sample", "questions": questions}
        tool.write("template.json", json.dumps(template).encode())
        uuid = ("--uuid", self.uuid)
        tool.run("setup", "make-election", *uuid, *GROUP, "--template", "template.json")
        tool.run("archive", "init")

    def _make_singles(self, count: int) -> None:
        before = set(self.tool.folder.glob("*.privkey"))
        for _ in range(count):
            self.tool.run("setup", "generate-trustee-key", *GROUP)
        self._singles = [p.name for p in set(self.tool.folder.glob("*.privkey")) - before]
        public = [self.tool.read(name.replace("privkey", "pubkey")) for name in self._singles]
        self.tool.write("public_keys.jsons", b"".join(public))
        self.tool.run("setup", "make-trustees")
        (self.tool.folder / "threshold.json").unlink(missing_ok=True)

    def _make_group(self, needed: int, size: int) -> list[str]:
        def step(number: int, *arguments: str, given: bytes = b"") -> bytes:
            command = ("setup", "generate-trustee-key-threshold", *GROUP, "--step", str(number))
            return self.tool.run(*command, *arguments, given=given)

        contexts = [f"{index}/{needed}/{size}" for index in range(1, size + 1)]
        members = [step(1, "--threshold-context", c).decode().strip() for c in contexts]
        certs = ("--certs", "certs.jsons")
        self.tool.write("certs.jsons", b"".join(self.tool.read(f"{m}.cert") for m in members))
        step(2, *certs)
        polynomials = [
            step(3, *certs, "--threshold-context", context, "--key", f"{member}.key")
            for member, context in zip(members, contexts, strict=True)
        ]
        self.tool.write("polynomials.jsons", b"".join(polynomials))
        step(4, *certs, "--polynomials", "polynomials.jsons")
        outputs = [
            step(5, *certs, "--key", f"{m}.key", given=self.tool.read(f"{m}.vinput"))
            for m in members
        ]
        combined = step(6, *certs, "--polynomials", "polynomials.jsons", given=b"".join(outputs))
        self.tool.write("threshold.json", combined)
        return members

    def _make_credentials(self, weights: dict[str, int]) -> None:
        lines = [f"{n},{name},{weight}" for n, (name, weight) in enumerate(weights.items(), 1)]
        self.tool.write("voters.txt", "\n".join(lines).encode())
        uuid = ("--uuid", self.uuid)
        self.tool.run("setup", "generate-credentials", *GROUP, *uuid, "--file", "voters.txt")
        (private,) = self.tool.folder.glob("*.privcreds")
        (public,) = self.tool.folder.glob("*.pubcreds")
        self.codes: dict[str, str] = json.loads(private.read_bytes())
        public.rename(self.tool.folder / "public_creds.json")

    def ballot(self, name: str, answers: Sequence[Sequence[int]]) -> bytes:
        self.tool.write("code.txt", self.codes[name].encode())
        self.tool.write("choice.json", json.dumps(answers).encode())
        given = ("--privcred", "code.txt", "--choice", "choice.json")
        return self.tool.run("election", "generate-ballot", *given).strip()

    def event(self, kind: str, data: bytes = b"") -> None:
        self.tool.run("archive", "add-event", f"--type={kind}", given=data)

    def close(self) -> None:
        self.event("EndBallots")
        self.event("EncryptedTally", self.tool.run("election", "compute-encrypted-tally"))

    def decrypt(self, members: Sequence[int] = ()) -> None:
        """All single trustees, and the given members of the group, counted from 1."""
        for owner, name in enumerate(self._singles, 1):
            self._share(owner, "election", "decrypt", "--privkey", name)
        for index in members:
            name = self._members[index - 1]
            keys = ("--key", f"{name}.key", "--decryption-key", f"{name}.dkey")
            owner = len(self._singles) + index
            self._share(owner, "election", "decrypt-threshold", *keys)

    def _share(self, owner: int, *command: str) -> None:
        self.event("PartialDecryption", self.tool.run(*command, "--trustee-id", str(owner)))

    def publish(self) -> None:
        self.event("Result", self.tool.run("election", "compute-result"))

    def seeds(self) -> list[str]:
        """The secrets of the group's members."""
        return [self.tool.read(f"{name}.key").decode().strip() for name in self._members]

    @property
    def archive(self) -> Path:
        return self.tool.folder / f"{self.uuid}.bel"
