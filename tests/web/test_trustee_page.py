"""A trustee's page, in a real browser: the key, and that a dishonest service gets nothing."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, Page, Route, expect

from tests.command import vote
from tests.small import assembly_toml, roll_csv
from tests.web.browsing import browser, check_accessible, check_fits, page
from tests.web.conftest import Running
from vote.election import archive, trustee
from vote.election import ballot as ballots
from vote.election.archive import Event, Kind
from vote.election.credential import sign_in_token
from vote.election.setup import Setup
from vote.election.tally import Accumulator
from vote.service import bundle, casting, closing, overview, prepare, rehearse, tally
from vote.service.folder import from_files
from vote.service.house import House
from vote.service.rehearse import Bureau

__all__ = ["browser", "page"]

ANSWERS = ((1, 0, 0), (0, 1, 0, 1))
VOTERS = ("persons-1", "persons-2", "persons-3", "persons-4", "staff-1", "staff-2")


@dataclass(frozen=True, slots=True)
class Closed:
    """An assembly whose voting has closed, waiting for its trustees."""

    url: str
    assembly: str
    uuid: str
    house: House
    bureau: Bureau

    def address(self, number: int, language: str = "en") -> str:
        token = self.bureau.tokens[number - 1]
        return f"{self.url}/a/{self.assembly}/trustee?lang={language}#{token}"

    def key_file(self, number: int) -> FilePayload:
        return key_file(self.bureau.private_keys[number - 1])

    def archive(self) -> bytes:
        return b"".join(bundle.stream_archive(self.house, self.uuid))


def key_file(private_key: int) -> FilePayload:
    data = trustee.private_key_json(private_key)
    return {"name": "key.json", "mimeType": "application/json", "buffer": data}


def import_small(running: Running, assembly: str, *, shares: bool = False) -> House:
    house = running.opened.house
    toml = assembly_toml(assembly, shares=shares)
    files = {"assembly.toml": toml.encode(), "roll.csv": roll_csv().encode()}
    prepare.import_assembly(house, from_files(files))
    return house


def voted_and_closed(running: Running, assembly: str, voters: tuple[str, ...] = VOTERS) -> Closed:
    house = import_small(running, assembly)
    codes, bureau = rehearse.set_up(house, assembly, lambda *_: None)
    [election] = overview.view(house, assembly).elections
    data = overview.election_bytes(house, election.uuid)
    for member in (*voters, voters[0]):  # the first one votes twice
        token = sign_in_token(assembly, codes[member])
        casting.cast(house, election.uuid, token, ballots.encrypt(data, codes[member], ANSWERS))
    closing.close(house, assembly)
    tally.advance(house, assembly)
    return Closed(running.url, assembly, election.uuid, house, bureau)


@pytest.fixture(scope="module")
def closed(running: Running) -> Closed:
    return voted_and_closed(running, "closed")


def choose_key(page: Page, file: FilePayload) -> None:
    page.get_by_label("File with your key").set_input_files(files=[file])


def check_the_box(page: Page, closed: Closed, number: int = 1) -> None:
    page.goto(closed.address(number))
    choose_key(page, closed.key_file(number))
    page.get_by_role("button", name="Check it now").click()


def test_a_key_is_made_kept_checked_and_handed_in(page: Page, running: Running) -> None:
    house = import_small(running, "keys")
    first, second = prepare.invite_trustees(house, "keys", ["Ada Sample", "Bo Sample"])
    page.goto(f"{running.url}/a/keys/trustee?lang=en#{first.token}")
    expect(page.get_by_role("heading", level=1)).to_have_text("Make your key")
    assert page.url == f"{running.url}/a/keys/trustee?lang=en"
    expect(page.get_by_text("Trustee of the vote: Ada Sample")).to_be_visible()
    check_accessible(page)
    with page.expect_download() as download:
        page.get_by_role("button", name="Make my key").click()
    assert download.value.suggested_filename == "keys-trustee-1-key.json"
    kept = Path(download.value.path()).read_bytes()
    private_key = trustee.parse_private_key(kept)
    expect(page.get_by_role("button", name="Hand it in")).to_have_count(0)
    choose_key(page, {"name": "x", "mimeType": "text/plain", "buffer": b"a letter"})
    expect(page.get_by_text("This file is not a trustee's key")).to_be_visible()
    choose_key(page, key_file(7))
    expect(page.get_by_text("not the one that you handed in")).to_be_visible()
    check_accessible(page)
    choose_key(page, key_file(private_key))
    page.get_by_role("button", name="Hand it in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your key is in")
    check_accessible(page)
    check_fits(page)
    choose_key(page, key_file(private_key))
    expect(page.get_by_text("This is the right file, and it opens.")).to_be_visible()
    with house.database.reading() as session:
        row = prepare.trustee(session, "keys", first.token)
        assert row.public_key is not None
        given = trustee.parse_public_key(row.public_key)
        assert prepare.trustee(session, "keys", second.token).public_key is None
    assert given.public_key.hex() in json.dumps(json.loads(row.public_key))
    assert json.loads(trustee.public_key_json(private_key))["public_key"] == given.public_key.hex()


def test_a_link_that_is_not_known(page: Page, running: Running) -> None:
    address = f"{running.url}/a/trial/trustee?lang=en"
    page.goto(address)
    expect(page.get_by_role("heading", level=1)).to_have_text("Open this page by your own link")
    check_accessible(page)
    page.goto(f"{address}#nobody")  # in the same tab
    expect(page.get_by_role("heading", level=1)).to_have_text("This link is not known")
    assert page.url == address


def test_the_link_opened_again_in_the_same_tab(page: Page, closed: Closed) -> None:
    """The browser loads nothing anew when only what stands behind the # changes."""
    without = closed.address(1).split("#")[0]
    page.goto(without)
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_have_text("Open this page by your own link")
    page.goto(closed.address(1))
    expect(heading).to_have_text("Open the result")
    assert page.url == without
    choose_key(page, closed.key_file(1))
    check = page.get_by_role("button", name="Check it now")
    expect(check).to_be_visible()
    page.goto(f"{without}#main")
    page.wait_for_timeout(500)
    expect(check).to_be_visible()  # the link to the content begins nothing anew
    page.goto(closed.address(2))
    expect(check).to_have_count(0)
    expect(page.get_by_text("Trustee of the vote: Trustee 2")).to_be_visible()
    assert page.url == without


def test_the_box_is_checked_and_the_result_opened(page: Page, running: Running) -> None:
    opened = voted_and_closed(running, "opened")
    check_the_box(page, opened)
    table = page.get_by_role("table")
    expect(table).to_be_visible()
    assert table.locator("td").all_inner_texts() == ["7", "6", "13"]
    expect(table.get_by_role("columnheader")).to_have_text(["Ballots", "Counted", "Members"])
    check_accessible(page)
    check_fits(page)
    page.get_by_role("button", name="Hand in my part").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your part is done")
    check_accessible(page)
    page.goto("about:blank")
    check_the_box(page, opened, 2)
    page.get_by_role("button", name="Hand in my part").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your part is done")
    tally.advance(opened.house, "opened")
    view = overview.view(opened.house, "opened")
    assert view.state == "decided"
    outcome = json.loads(view.outcome or b"")
    assert outcome["questions"]["accounts"]["colleges"]["*"]["for"] == len(VOTERS)


def seal(page: Page) -> tuple[str, str]:
    """The log's size and its seal, as they are shown."""
    said = page.get_by_text("Up to the last sum").inner_text()
    return said.split(" entries")[0].split()[-1], page.locator("code.tracker").inner_text()


def test_the_sums_of_colleges_bear_their_names(page: Page, running: Running) -> None:
    house = import_small(running, "colleges", shares=True)
    _, bureau = rehearse.set_up(house, "colleges", lambda *_: None)
    closing.close(house, "colleges")
    tally.advance(house, "colleges")
    check_the_box(page, Closed(running.url, "colleges", "", house, bureau))
    rows = page.get_by_role("table").get_by_role("rowheader")
    expect(rows).to_have_text(["persons", "staff", "partners"])
    assert seal(page)[0] == "11"  # the definition; setups, ends and sums; one paper closed
    check_fits(page)


def test_trustees_one_after_the_other_are_shown_the_same_seal(
    page: Page, running: Running, tmp_path: Path
) -> None:
    """The second one by page and by command, after the first one has handed in."""
    closed = voted_and_closed(running, "compared")
    check_the_box(page, closed)
    shown = seal(page)
    page.get_by_role("button", name="Hand in my part").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your part is done")
    page.goto("about:blank")
    check_the_box(page, closed, 2)
    assert seal(page) == shown
    key = tmp_path / "key.json"
    key.write_bytes(closed.key_file(2)["buffer"])
    sent = vote("trustee", "decrypt", closed.address(2), "--key", key)
    assert sent.returncode == 0, sent.stderr
    size, root = re.search(r"has (\d+) entries; its seal is (.+)\n", sent.stdout).groups()
    assert (size, root.replace(" ", "")) == (shown[0], re.sub(r"\s", "", shown[1]))
    assert len(root.replace(" ", "")) == 43


def test_another_key_opens_nothing(page: Page, closed: Closed) -> None:
    page.goto(closed.address(1))
    choose_key(page, closed.key_file(2))
    expect(page.get_by_text("not the one that you handed in")).to_be_visible()
    expect(page.get_by_role("button", name="Check it now")).to_have_count(0)


def test_the_sum_of_few_ballots_is_opened_only_on_purpose(page: Page, running: Running) -> None:
    few = voted_and_closed(running, "few", ("partners-1",))
    check_the_box(page, few)
    expect(page.get_by_text("would show how that person voted")).to_be_visible()
    expect(page.get_by_role("button", name="Hand in my part")).to_be_disabled()
    check_accessible(page)
    page.get_by_label("I have talked about this with the bureau").check()
    expect(page.get_by_role("button", name="Hand in my part")).to_be_enabled()


def items(data: bytes) -> Iterator[tuple[Kind, bytes]]:
    for kind, _, content in archive.read(io.BytesIO(data)):
        if kind != "header":
            yield kind, content


def with_ballots(data: bytes, keep: Callable[[int], bool]) -> tuple[bytes, str]:
    """The archive as if only some ballots had come, its sum and its chain made to fit; and the hash
    of its EncryptedTally event. Everything in it holds, taken by itself."""
    parts = [content for kind, content in items(data) if kind == "data"]
    setup = Setup.from_parts(*parts[:3])
    kept = [
        content
        for number, content in enumerate(p for p in parts if p.startswith(b'{"election_uuid"'))
        if keep(number)
    ]
    total = Accumulator(setup)
    event = Event(None, 0, "Setup", sha256(parts[3]).hexdigest())
    written: list[tuple[Kind, bytes]] = [("data", part) for part in parts[:4]]
    written.append(("event", event.encode()))
    for content in kept:
        total.add(ballots.parse(content))
        event = event.next("Ballot", sha256(content).hexdigest())
        written += [("data", content), ("event", event.encode())]
    event = event.next("EndBallots", None)
    written.append(("event", event.encode()))
    sized = total.sized()
    event = event.next("EncryptedTally", sha256(sized).hexdigest())
    written += [("data", total.encrypted_tally()), ("data", sized), ("event", event.encode())]
    return b"".join(archive.write(written, 0)), event.hash()


def serve(page: Page, closed: Closed, data: bytes, event_hash: str | None = None) -> None:
    """Let the service lie to the trustee: about the archive, and which sum is the right one."""
    page.route("**/archive", lambda route: route.fulfill(status=200, body=data))

    def announce(route: Route) -> None:
        desk = route.fetch().json()
        for each in desk["elections"]:
            each["event_hash"] = event_hash or each["event_hash"]
        route.fulfill(json=desk)

    page.route("**/trustee", lambda r: announce(r) if "/api/" in r.request.url else r.continue_())


def expect_refusal(page: Page, code: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text("Nothing was opened")
    expect(page.get_by_text(re.compile(f"^{code}\\b"))).to_be_visible()


def test_a_single_ballot_passed_off_as_the_sum_is_not_opened(page: Page, closed: Closed) -> None:
    data, event_hash = with_ballots(closed.archive(), lambda number: number == 1)
    serve(page, closed, data, event_hash)
    check_the_box(page, closed)
    expect_refusal(page, "not-in-log")
    check_accessible(page)


def test_an_archive_with_a_ballot_left_out_is_not_opened(page: Page, closed: Closed) -> None:
    data, event_hash = with_ballots(closed.archive(), lambda number: number != 4)
    serve(page, closed, data, event_hash)
    check_the_box(page, closed)
    expect_refusal(page, "not-in-log")


def test_another_sum_than_the_announced_one_is_not_opened(page: Page, closed: Closed) -> None:
    data, _ = with_ballots(closed.archive(), lambda number: number == 1)
    serve(page, closed, data)
    check_the_box(page, closed)
    expect_refusal(page, "other-tally")


def test_a_sum_that_is_not_the_ballots_is_not_opened(page: Page, closed: Closed) -> None:
    """The whole chain of the ballots, but the sum of one of them."""
    one, _ = with_ballots(closed.archive(), lambda number: number == 1)
    single = [content for kind, content in items(one) if kind == "data"][-2:]
    written = list(items(closed.archive()))
    place = next(i for i, (_, c) in enumerate(written) if b'"type":"EncryptedTally"' in c)
    written = written[: place - 2]
    last = Event.parse(written[-1][1]).next("EncryptedTally", sha256(single[1]).hexdigest())
    written += [("data", single[0]), ("data", single[1]), ("event", last.encode())]
    serve(page, closed, b"".join(archive.write(written, 0)), last.hash())
    check_the_box(page, closed)
    expect_refusal(page, "tally-wrong")


def test_a_ballot_with_a_broken_proof_is_not_opened(page: Page, closed: Closed) -> None:
    """The reference implementation's own verification of an archive would let this one pass."""
    written: list[tuple[Kind, bytes]] = []
    renamed: dict[bytes, bytes] = {}
    for kind, content in items(closed.archive()):
        changed = content
        if content.startswith(b'{"election_uuid"') and not renamed:
            changed = re.sub(
                rb'"response":"(\d+)"',
                lambda found: b'"response":"%d"' % (int(found[1]) // 2),
                content,
                count=1,
            )
        for old, new in renamed.items():
            changed = changed.replace(old, new)
        if changed != content:
            old, new = (sha256(each).hexdigest().encode() for each in (content, changed))
            renamed[old] = new
        written.append((kind, changed))
    tallied = next(content for _, content in written if b'"type":"EncryptedTally"' in content)
    data = b"".join(archive.write(written, 0))
    serve(page, closed, data, sha256(tallied).hexdigest())
    check_the_box(page, closed)
    expect_refusal(page, "signature 0")


@pytest.mark.parametrize("place", [0.001, 0.3, 0.99])
def test_a_byte_changed_anywhere_is_noticed(page: Page, closed: Closed, place: float) -> None:
    data = bytearray(closed.archive())
    data[int(place * len(data))] ^= 1
    serve(page, closed, bytes(data))
    check_the_box(page, closed)
    expect(page.get_by_role("heading", level=1)).to_have_text("Nothing was opened")


def test_a_log_that_is_not_signed_is_not_believed(page: Page, closed: Closed) -> None:
    def other(route: Route) -> None:
        lines = route.fetch().text().split("\n")
        lines[1] = str(int(lines[1]) - 1)
        route.fulfill(body="\n".join(lines))

    page.route("**/checkpoint", other)
    check_the_box(page, closed)
    expect_refusal(page, "signature-invalid")


def test_without_a_network_nothing_is_lost(page: Page, closed: Closed) -> None:
    page.goto(closed.address(1))
    choose_key(page, closed.key_file(1))
    page.route("**/archive", lambda route: route.abort())
    page.get_by_role("button", name="Check it now").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("No connection")
    page.unroute("**/archive")
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("table")).to_be_visible()


def test_a_browser_without_module_workers(page: Page, closed: Closed) -> None:
    page.add_init_script("delete window.Worker")
    check_the_box(page, closed)
    expect(page.get_by_role("table")).to_be_visible()
