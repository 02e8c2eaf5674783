"""`vote outcome`: what was decided, and what other rules would have given."""

from __future__ import annotations

import json
from pathlib import Path

import click
from rich.markup import escape
from rich.table import Table

from vote.cli.faults import in_words
from vote.cli.progress import console
from vote.service import comparison, reading, what_if
from vote.service.comparison import Line, Said

WARNING = "WHAT IF: this is NOT the result."


@click.command()
@click.argument("bundle", type=click.Path(path_type=Path))
@click.option(
    "--set",
    "rules",
    multiple=True,
    metavar="RULE=VALUE",
    help="Count by another rule, such as tally.carry=bloc; without a value the rule is left out.",
)
@click.option("--json", "as_json", is_flag=True, help="For machines.")
def command(bundle: Path, rules: tuple[str, ...], *, as_json: bool) -> None:
    """Say what was decided in BUNDLE (a folder or a zip) and, with --set, what the same votes would
    have given by other rules.

    Rules are named by their path in assembly.toml, with ids for places in a list. Nothing is
    verified here: that is `vote verify`.

    \b
    Examples:
      vote outcome spring.zip
      vote outcome spring.zip --set tally.carry=bloc --set tally.bloc_majority.at_least=2/3
      vote outcome spring.zip --set questions.accounts.abstentions=against
    """
    settings = dict(_rule(text) for text in rules)
    with in_words():
        counted = reading.read_bundle(bundle, lots=bool(settings))
        found = what_if.try_rules(counted, settings) if settings else None
    if as_json:
        click.echo(json.dumps(comparison.to_json(counted, found), indent=2, ensure_ascii=False))
        return
    lines = tuple(comparison.lines(counted, found))
    title = counted.definition.assembly.title[counted.definition.assembly.languages[0]]
    if found is None:
        _show(title, lines)
        return
    console.print(f"[bold]{WARNING}[/] The same votes, counted with:", highlight=False)
    for path, value in found.settings.items():
        console.print(f"  {escape(path)} = {escape(value or '(left out)')}", highlight=False)
    _compare(title, lines)
    differing = [line.name for line in lines if line.differs]
    said = f"differ: {', '.join(differing)}" if differing else "are the same"
    console.print(f"{WARNING} The decisions {escape(said)}.", highlight=False)


def _rule(text: str) -> tuple[str, str | None]:
    path, equals, value = text.partition("=")
    if not equals or not path:
        raise click.UsageError(f"--set takes RULE=VALUE, not “{text}”.")
    return path.strip(), value.strip() or None


def _show(title: str, lines: tuple[Line, ...]) -> None:
    table = Table("", "Question", "Decision", "Result", title=escape(title))
    for line in lines:
        table.add_row(*_named(line), escape(line.actual.decision), escape(line.actual.figure))
    console.print(table)


def _compare(title: str, lines: tuple[Line, ...]) -> None:
    table = Table("", "Question", "Decided", "What if (NOT the result)", "", title=escape(title))
    for line in lines:
        style = "bold red" if line.differs else ""
        mark = "DIFFERS" if line.differs else ""
        table.add_row(*_named(line), _told(line.actual), _told(line.other), mark, style=style)
    console.print(table)


def _named(line: Line) -> tuple[str, str]:
    name = f"quorum of {line.name}" if line.kind == "quorum" else line.name
    return escape(name), escape(line.title)


def _told(said: Said | None) -> str:
    if said is None:
        return ""
    return escape("\n".join(filter(None, [said.decision, said.figure])))
