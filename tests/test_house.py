"""The rules of the house that no linter knows."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LONGEST = 400  # lines

# Spelt so that this file does not match them itself.
FORBIDDEN = {
    "a registry's address": (
        r"pypi\.[o]rg|python[h]osted|registry\.[n]pmjs|deb\.[d]ebian|[.]ubuntu\.com"
    ),
    "a path of one machine": r"(?<![\w}.-])/(?:[w]ork|[f]arm|[r]oot|[t]mp/scratch)/",
    "a conflict mark": r"^(?:<{7}|>{7}) ",
}
VAGUE = {"utils", "util", "helpers", "helper", "misc", "common"}


MADE = {  # by our commands or by tools, not written by us
    ".git", ".venv", ".tools", ".hypothesis", ".import_linter_cache", ".mypy_cache",
    ".pytest_cache", ".ruff_cache", "__pycache__", "build", "coverage", "dist", "node_modules",
    "var", "vendor",
}  # fmt: skip


def written(*patterns: str) -> list[Path]:
    """The project's own files whose path inside it matches one of the patterns; all, if none."""
    found = []
    for folder, folders, files in os.walk(ROOT):
        folders[:] = [name for name in folders if name not in MADE]
        found += [Path(folder, name) for name in files if name not in MADE]
    return sorted(path for path in found if not patterns or any(map(path.match, patterns)))


def names(paths: list[Path]) -> list[str]:
    return [str(path.relative_to(ROOT)) for path in paths]


def test_modules_are_short() -> None:
    modules = written("*.py", "*.js", "*.mjs")
    assert modules
    lengths = {path: len(path.read_text("utf-8").splitlines()) for path in modules}
    assert names([path for path, length in lengths.items() if length >= LONGEST]) == []


def test_packages_begin_nearly_empty() -> None:
    long = [p for p in written("vote/*/__init__.py") if len(p.read_text().splitlines()) > 100]
    assert names(long) == []


def test_no_module_has_a_vague_name() -> None:
    modules = written("*.py", "*.js", "*.mjs")
    assert names([p for p in modules if VAGUE & {*p.relative_to(ROOT).parts, p.stem}]) == []


@pytest.mark.parametrize("kind", FORBIDDEN)
def test_no_file_holds(kind: str) -> None:
    found = []
    for path in written():
        try:
            text = path.read_text("utf-8")
        except UnicodeDecodeError:
            continue  # a picture, an archive
        matches = re.finditer(FORBIDDEN[kind], text, re.MULTILINE)
        found += [f"{path.relative_to(ROOT)}: {match.group()}" for match in matches]
    assert found == []


def test_no_inline_script_or_style_in_templates() -> None:
    """The content security policy would refuse them, in the reader's browser."""
    script = re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)[^>]*>", re.IGNORECASE)
    inline = re.compile(r"<style|\sstyle=|\son[a-z]+=[\"']|javascript:", re.IGNORECASE)
    faulty = []
    for path in written("*.html"):
        text = path.read_text("utf-8")
        if script.search(text) or inline.search(text):
            faulty.append(path)
    assert names(faulty) == []


def test_dependencies_are_those_of_the_lock() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    lines = (ROOT / "requirements/run.in").read_text("utf-8").splitlines()
    wanted = [line for line in lines if line and not line.startswith("#")]
    assert sorted(project["dependencies"]) == sorted(wanted)


@pytest.mark.parametrize("lock", ["run", "build", "node", "test"])
def test_every_locked_package_has_its_hashes(lock: str) -> None:
    text = (ROOT / f"requirements/{lock}.txt").read_text("utf-8").replace("\\\n", " ")
    packages = [line for line in text.splitlines() if line and not line.lstrip().startswith("#")]
    assert packages
    assert [line for line in packages if "==" not in line or "--hash=sha256:" not in line] == []


@pytest.mark.parametrize("lock", ["package-lock.json", "tools/chromium/package-lock.json"])
def test_every_npm_package_has_its_hash_and_no_address(lock: str) -> None:
    packages = json.loads((ROOT / lock).read_text("utf-8"))["packages"]
    others = {name: package for name, package in packages.items() if name}
    assert others
    assert [name for name, package in others.items() if "integrity" not in package] == []
    assert [name for name, package in others.items() if "resolved" in package] == []


def test_the_verifier_needs_no_framework_and_no_database() -> None:
    """Importing it loads neither: on the auditor's machine they need not be installed."""
    program = (
        "import pkgutil, importlib, sys, vote.audit\n"
        "for module in pkgutil.walk_packages(vote.audit.__path__, 'vote.audit.'):\n"
        "    importlib.import_module(module.name)\n"
        "print(*sorted({'flask', 'sqlalchemy', 'alembic', 'werkzeug'} & sys.modules.keys()))\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, check=True, capture_output=True, text=True
    )
    assert ran.stdout.strip() == ""
