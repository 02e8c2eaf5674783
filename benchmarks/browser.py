"""Encrypting a ballot of 28 ciphertexts in Chromium, with the booth's own modules."""

from __future__ import annotations

import gzip
from pathlib import Path

from playwright.sync_api import Response, sync_playwright

from benchmarks.assembly import CIPHERTEXTS, NAME, Opened, answers
from benchmarks.casting import serve
from benchmarks.measure import Row
from benchmarks.proofs import Checker

TIMES = 7
PROGRAM = """async ({ election, code, answers, times }) => {
  await (await import("/static/booth/sodium.mjs")).default.ready;
  const { encrypt } = await import("/static/booth/ballot.mjs");
  const data = new TextEncoder().encode(election);
  const taken = [];
  let ballot;
  for (let i = 0; i < times; i++) {
    const start = performance.now();
    ballot = encrypt(data, code, answers);
    taken.push(performance.now() - start);
  }
  return { taken, ballot: new TextDecoder().decode(ballot) };
}"""


def encryption(opened: Opened, chromium: Path) -> Row:
    """The first ballot, which is what a voter waits for, and the median of all."""
    given = {
        "election": opened.election.decode(),
        "code": next(iter(opened.codes.values())),
        "answers": next(answers()),
        "times": TIMES,
    }
    with serve(opened) as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium)
        page = browser.new_page()
        page.goto(f"http://127.0.0.1:{server.port}/")
        made = page.evaluate(PROGRAM, given)
        version = browser.version
        browser.close()
    Checker.of(opened).check(made["ballot"].encode())
    first, middle = made["taken"][0], sorted(made["taken"])[TIMES // 2]
    return Row(
        f"encrypt a ballot of {CIPHERTEXTS} ciphertexts in Chromium {version.split('.')[0]}",
        f"{middle:.0f} ms (the first {first:.0f} ms)",
    )


def check_page(opened: Opened, chromium: Path) -> Row:
    """What a phone fetches that has never seen us before, to look up a ballot."""
    answers: list[Response] = []
    with serve(opened) as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium)
        page = browser.new_page()
        # Playwright marks its handlers, and a method cannot be marked.
        page.on("response", lambda answer: answers.append(answer))  # noqa: PLW0108
        page.goto(f"http://127.0.0.1:{server.port}/a/{NAME}/check")
        page.locator("#tracker").wait_for()
        bodies = [answer.body() for answer in answers]
        browser.close()
    whole, packed = sum(map(len, bodies)), sum(len(gzip.compress(body)) for body in bodies)
    return Row(
        f"the page that checks a receipt, first visit ({len(bodies)} files)",
        f"{packed / 1000:.0f} kB compressed, {whole / 1000:.0f} kB in all",
    )
