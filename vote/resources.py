"""Where the files lie that are no Python: the same in a source tree and in an installed wheel.

In the source tree `templates/`, `static/` and `migrations/` stand at the root; a wheel carries
them inside the package as `_templates`, `_static` and `_migrations`.
"""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def templates() -> Path:
    """The folder of the Jinja templates."""
    return _folder("templates")


def static() -> Path:
    """The folder that the web service serves under `/static/`."""
    return _folder("static")


def migrations() -> Path:
    """The folder of Alembic's environment and versions."""
    return _folder("migrations")


def samples() -> Path:
    """The folder of the sample assemblies, one folder each."""
    return _PACKAGE / "samples"


def _folder(name: str) -> Path:
    """Raise FileNotFoundError if neither a wheel nor a source tree has the folder."""
    for folder in (_PACKAGE / f"_{name}", _PACKAGE.parent / name):
        if folder.is_dir():
            return folder
    raise FileNotFoundError(f"{name}/ is neither inside the package vote nor beside it")
