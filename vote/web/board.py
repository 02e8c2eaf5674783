"""The ballot box as everybody may see it: its log, page by page."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, render_template, request

from vote.service import box, logbook, overview, privacy, turnout
from vote.service.logbook import Line
from vote.web.context import house
from vote.web.pages import people, stages, wording

blueprint = Blueprint("box", __name__, url_prefix="/a/<assembly>")

PAGE = 50  # entries
GROUP = 4  # letters


@dataclass(frozen=True, slots=True)
class Pages:
    """Which page is shown, of how many; `first` and `last` are entries, counted from 1."""

    number: int
    count: int
    first: int
    last: int


@blueprint.get("/box")
def browse(assembly: str) -> str:
    """The newest page, that of `?page=`, or the one with `?entry=`; entries count from 1."""
    view = overview.view(house(), assembly)
    if view.log_key is None:
        return render_template(
            "board/empty.html", view=view, order=view.definition.assembly.languages
        )
    size = logbook.size(house(), assembly)
    pages = _pages(size)
    page = logbook.read(house(), assembly, pages.first - 1, PAGE)
    papers = [
        people.participation(view.definition, each) for each in turnout.turnout(house(), assembly)
    ]
    return render_template(
        "board/box.html",
        view=view,
        definition=view.definition,
        order=view.definition.assembly.languages,
        stage=stages.stage(view),
        stages=stages,
        wording=wording,
        pages=pages,
        size=size,
        lines=page.lines,
        groups=groups,
        papers=papers,
        open_to_all=privacy.is_public(house(), assembly),
        several=len(view.definition.ballots) > 1,
        asked=request.args.get("entry", type=int),
        checkpoint=box.checkpoint(house(), assembly).decode(),
        origin=request.host_url.rstrip("/"),
    )


def _pages(size: int) -> Pages:
    count = max(1, -(-size // PAGE))
    entry = request.args.get("entry", type=int)
    wanted = request.args.get("page", count, type=int)
    if entry is not None:
        wanted = (entry - 1) // PAGE + 1
    number = min(max(1, wanted), count)
    first = (number - 1) * PAGE + 1
    return Pages(number, count, first, min(size, first + PAGE - 1))


def groups(line: Line) -> list[str]:
    """A tracker in groups that can be read aloud and compared."""
    text = line.tracker or ""
    return [text[i : i + GROUP] for i in range(0, len(text), GROUP)]
