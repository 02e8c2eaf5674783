"""Does this Chromium work? Start it as the tests do, and let a page lay out text and run script.

usage: python works.py CHROMIUM      exit 0 if it does
"""

import sys

from playwright.sync_api import sync_playwright

PAGE = "<p>Text <span id=p>…</span></p><script>p.textContent = 6 * 7</script>"

with sync_playwright() as playwright:
    browser = playwright.chromium.launch(executable_path=sys.argv[1], timeout=60_000)
    page = browser.new_page()
    page.set_content(PAGE)
    text = page.inner_text("p")
    box = page.locator("p").bounding_box()
    browser.close()
if text != "Text 42" or not box or box["height"] < 5:
    sys.exit(f"the page says {text!r}, in a box of {box}")
