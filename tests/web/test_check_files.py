"""Receipts as people keep them: files, paper, pictures, codes; wrong ones by their defect."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable

import pytest
from playwright.sync_api import FilePayload, Page, expect

from tests.small import open_assembly
from tests.web.browsing import browser, check_accessible, page
from tests.web.checking import Box, as_file, box, choose, heading
from tests.web.voting import cast, tracker

__all__ = ["box", "browser", "page"]

# A camera that shows a code, for browsers that have neither.
CAMERA = """
  window.BarcodeDetector = class {
    static async getSupportedFormats() { return ["qr_code"]; }
    async detect() { return window.shown ? [{ rawValue: window.shown }] : []; }
  };
  const canvas = document.createElement("canvas");
  const pen = canvas.getContext("2d");
  setInterval(() => pen.fillRect(Math.random() * 99, 0, 9, 9), 50);
  navigator.mediaDevices.getUserMedia = async () => {
    if (window.refuse) throw new DOMException("no", "NotAllowedError");
    window.stream = canvas.captureStream(5);
    return window.stream;
  };
"""


def test_the_paper_that_a_member_kept(page: Page, box: Box) -> None:
    answer = page.request.post(f"{box.url}/api/assemblies/trial/receipt.pdf", data=box.other)
    choose(page, box, answer.body())
    heading(page, "Your ballot is in the box")
    expect(page.locator(".findings")).to_contain_text("The receipt is genuine")


def test_a_file_that_is_dropped(page: Page, box: Box) -> None:
    page.goto(box.address())
    page.get_by_label("The file that you kept").wait_for()
    page.evaluate(
        """(content) => {
          const files = new DataTransfer();
          files.items.add(new File([content], "receipt.tlog-proof"));
          const event = { dataTransfer: files, bubbles: true, cancelable: true };
          const area = document.querySelector(".drop");
          area.dispatchEvent(new DragEvent("dragover", event));
          area.dispatchEvent(new DragEvent("drop", event));
        }""",
        box.other.decode(),
    )
    heading(page, "Your ballot is in the box")


def flipped(data: bytes, after: str) -> bytes:
    """One letter changed, some way after this beginning."""
    at = data.index(after.encode()) + len(after.encode()) + 20
    return data[:at] + (b"A" if data[at : at + 1] != b"A" else b"B") + data[at + 1 :]


CHANGED = "This receipt was changed"
WRONG: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "a byte of the event flipped": (lambda data: flipped(data, "extra "), CHANGED),
    "a byte of the path flipped": (lambda data: flipped(data, "index 3\n"), CHANGED),
    "a byte of the signature flipped": (lambda data: flipped(data, "\n— localhost"), CHANGED),
    "another index": (lambda data: data.replace(b"index 3", b"index 2"), CHANGED),
    "its end cut off": (lambda data: data[:-9], CHANGED),
    "the line ends of another system": (
        lambda data: data.replace(b"\n", b"\r\n"),
        f"{CHANGED} on its way",
    ),
}


@pytest.mark.parametrize("defect", WRONG)
def test_a_receipt_with(page: Page, box: Box, defect: str) -> None:
    change, told = WRONG[defect]
    choose(page, box, change(box.other))
    heading(page, told)
    expect(page.get_by_text("If you ask somebody for help")).to_be_visible()


def test_a_receipt_of_another_assembly(page: Page, box: Box) -> None:
    choose(page, box, box.counted)
    heading(page, "This receipt is of another ballot box")
    expect(page.locator(".notice")).to_contain_text("localhost/log/done")
    check_accessible(page)
    page.get_by_role("link", name="To the ballots of that assembly").click()
    page.get_by_label("The file that you kept").set_input_files(as_file(box.counted))
    heading(page, "Your ballot was counted")


def test_a_receipt_with_another_key(
    page: Page, box: Box, tmp_path_factory: pytest.TempPathFactory
) -> None:
    forger = open_assembly(tmp_path_factory.mktemp("forger") / "data")
    forged = cast(forger, "persons-1")
    forger.house.close()
    choose(page, box, forged)
    heading(page, "This ballot box did not sign this receipt")
    expect(page.locator(".notice")).to_contain_text("Keep the file")


@pytest.mark.parametrize(
    ("kind", "content", "mime"),
    [
        ("a letter", b"Dear Ada,\n\nbest wishes\n", "text/plain"),
        ("an empty file", b"", "text/plain"),
        ("another PDF", b"%PDF-1.7\n1 0 obj\n<<>>\nstream\nhello\nendstream\n", "application/pdf"),
    ],
)
def test_a_file_that_is_no_receipt(
    page: Page, box: Box, kind: str, content: bytes, mime: str
) -> None:
    page.goto(box.address())
    file: FilePayload = {"name": kind, "mimeType": mime, "buffer": content}
    page.get_by_label("The file that you kept").set_input_files(file)
    expect(page.locator("#receipt-fault, .notice")).to_contain_text("This file is not a receipt")


@pytest.fixture
def camera(page: Page) -> Page:
    page.add_init_script(CAMERA)
    return page


def test_the_code_before_the_camera(camera: Page, box: Box) -> None:
    camera.goto(box.address())
    camera.get_by_role("button", name="Scan the code").click()
    heading(camera, "With the code on paper")
    check_accessible(camera)
    camera.evaluate("(address) => { window.shown = address }", box.address(tracker(box.other)))
    heading(camera, "Your ballot is in the box")
    assert camera.evaluate("window.stream.getTracks().every((t) => t.readyState === 'ended')")


def test_a_camera_that_is_stopped_or_refused(camera: Page, box: Box) -> None:
    camera.goto(box.address())
    camera.get_by_role("button", name="Scan the code").click()
    camera.get_by_role("button", name="Stop").click()
    expect(camera.get_by_label("The number of your ballot")).to_be_visible()
    camera.evaluate("() => { window.refuse = true }")
    camera.get_by_role("button", name="Scan the code").click()
    heading(camera, "The camera cannot be used here")
    expect(camera.get_by_text("Point your phone’s own camera")).to_be_visible()


def _chunk(kind: bytes, content: bytes) -> bytes:
    checked = kind + content
    return struct.pack(">I", len(content)) + checked + struct.pack(">I", zlib.crc32(checked))


PNG = (
    b"\x89PNG\r\n\x1a\n"
    + _chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    + _chunk(b"IDAT", zlib.compress(b"\0\0"))
    + _chunk(b"IEND", b"")
)
PICTURE: FilePayload = {"name": "photo.png", "mimeType": "image/png", "buffer": PNG}


def test_a_picture_of_the_code(camera: Page, box: Box) -> None:
    camera.goto(box.address())
    camera.get_by_label("The file that you kept").set_input_files(PICTURE)
    expect(camera.locator("#receipt-fault")).to_contain_text("No square code can be read")
    camera.evaluate("(address) => { window.shown = address }", box.address(tracker(box.other)))
    camera.get_by_label("The file that you kept").set_input_files(PICTURE)
    heading(camera, "Your ballot is in the box")


def test_a_browser_that_reads_no_codes_says_so(page: Page, box: Box) -> None:
    page.goto(box.address())
    expect(page.get_by_text("Point your phone’s own camera")).to_be_visible()
    page.get_by_label("The file that you kept").set_input_files(PICTURE)
    expect(page.locator("#receipt-fault")).to_contain_text("cannot read codes in pictures")
