"""`vote monitor`: watch an assembly from opening to closing, for an auditor to leave running."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from vote.audit.errors import UnreadableError
from vote.audit.keys import known_key
from vote.cli.faults import in_words
from vote.service.monitor.duty import Duty, Orders, Voice
from vote.service.monitor.site import Site
from vote.service.monitor.state import opened
from vote.service.monitor.telling import Listener, Mail, Webhook


@click.command()
@click.argument("address")
@click.option(
    "--state", required=True, type=click.Path(path_type=Path), help="Folder of the copy kept."
)
@click.option("--key", help="The log's key as you know it, or a file with it.")
@click.option("--once", is_flag=True, help="Look once and stop.")
@click.option(
    "--interval",
    type=click.FloatRange(0.1),
    default=30.0,
    show_default=True,
    help="Seconds between two looks.",
)
@click.option(
    "--silence",
    type=click.FloatRange(0),
    default=600.0,
    show_default=True,
    help="Seconds without an answer after which there is an alarm.",
)
@click.option("--mail", multiple=True, metavar="TO", help="Whom to tell of an alarm.")
@click.option("--smtp", default="localhost:25", show_default=True, help="The mail server.")
@click.option("--mail-from", help="The mails' sender. [default: the first TO]")
@click.option("--webhook", multiple=True, metavar="URL", help="Where to POST an alarm, as JSON.")
@click.option("--jobs", type=click.IntRange(1), help="Processes to use. [default: all cores]")
def command(
    *,
    address: str,
    state: Path,
    key: str | None,
    once: bool,
    interval: float,
    silence: float,
    mail: Sequence[str],
    smtp: str,
    mail_from: str | None,
    webhook: Sequence[str],
    jobs: int | None,
) -> None:
    """Watch the assembly at ADDRESS (its page, or its ballot log) until it has been decided.

    Everything new is fetched, held against all that was seen before, checked (every proof of every
    ballot) and kept. At the end the whole bundle is verified as by `vote verify`, and compared with
    what was watched. Stop and start it as you like: it goes on where it was.

    Exit code 0: all holds; 1: something was removed, altered, reordered or forked, or a check fails
    (the folder --state has the evidence); 2: the service cannot be reached or the folder not read.

    \b
    Example:
      vote monitor https://vote.example/a/spring/ --state spring --mail auditor@example.org
    """
    with in_words():
        site = Site.at(address)
        sender = mail_from or (mail[0] if mail else "")
        listeners: list[Listener] = [Mail(to, sender, smtp) for to in mail]
        listeners += [Webhook(url) for url in webhook]
        orders = Orders(
            once=once,
            interval=interval,
            silence=silence,
            jobs=jobs or os.cpu_count() or 1,
            listeners=tuple(listeners),
            key_known=key is not None,
        )
        with opened(state, site.address, _key(key)) as found:
            raise click.exceptions.Exit(Duty(site, found, orders, _voice()).run())


def _key(key: str | None) -> str | None:
    try:
        return None if key is None else known_key(key).encode()
    except UnreadableError as error:
        click.echo(error.message, err=True)
        raise click.exceptions.Exit(2) from error


def _voice() -> Voice:
    """Lines that stay and one status line, both on standard error; the report on standard output.

    Where nobody is looking at a terminal there is no status line.
    """
    terminal = sys.stderr.isatty()

    def say(line: str) -> None:
        click.echo(f"\r\033[K{line}" if terminal else line, err=True)

    def show(line: str) -> None:
        if terminal:
            width = max(20, os.get_terminal_size(2).columns - 1)
            click.echo(f"\r\033[K{line[:width]}", err=True, nl=False)

    def report(text: str) -> None:
        if terminal:
            click.echo("\r\033[K", err=True, nl=False)
        click.echo(text)

    return Voice(say, show, report)
