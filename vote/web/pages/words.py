"""What templates can say: texts of the assembly in the reader's language, numbers, times."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from flask import Blueprint
from markdown_it import MarkdownIt
from markupsafe import Markup, escape

from vote.service.law import Texts
from vote.web import languages
from vote.web.pages import charts, figures

_markdown = MarkdownIt("commonmark", {"html": False}).disable(["image", "heading", "lheading"])


def add_to(blueprint: Blueprint) -> None:
    """Make the filters known to every template of the application."""
    filters: dict[str, Callable[..., Any]] = {
        "say": say,
        "prose": prose,
        "percent": figures.percent,
        "exact_percent": figures.exact_percent,
        "number": figures.number,
        "times": figures.times,
        "file_size": figures.file_size,
        "moment": figures.moment,
        "short_moment": figures.short_moment,
        "day": figures.day,
        "place": figures.place,
        "position": charts.at,
        "initials": initials,
    }
    for name, filter_ in filters.items():
        blueprint.add_app_template_filter(filter_, name)


def say(texts: Texts, order: Sequence[str] = ()) -> Markup:
    """A text of the assembly; marked with its language where that is not the page's."""
    language, text = languages.pick(texts, order)
    if language == languages.current():
        return escape(text)
    return Markup('<span lang="{}">{}</span>').format(language, text)


def prose(texts: Texts | None, order: Sequence[str] = ()) -> Markup:
    """A longer text of the assembly, written in Markdown; HTML in it stays visible text."""
    if texts is None:
        return Markup("")
    language, text = languages.pick(texts, order)
    html = Markup(_markdown.render(text))  # noqa: S704 -- rendered with HTML switched off
    if language == languages.current():
        return html
    return Markup('<div lang="{}">{}</div>').format(language, html)


def initials(name: str) -> str:
    """Two letters for a portrait that is not there."""
    parts = name.split()
    return "".join(part[0] for part in (parts[0], *parts[1:][-1:])).upper() if parts else "?"
