"""The search box while Chinese is composed: nothing goes out before the word stands, then results come."""

from __future__ import annotations

import pytest
from playwright.sync_api import CDPSession, Page

from tests.browser.conftest import OpenPage, log_in, no_findings, text_of

SETTLED_MS = 700  # longer than the box waits after a word


def asked_while_composing(page: Page, keyboard: CDPSession, asked: list[str], pinyin: str) -> list[str]:
    """Type pinyin as an input method does, letter by letter, and wait; which requests went out meanwhile."""
    page.focus("#search-one")
    before = len(asked)
    for end in range(1, len(pinyin) + 1):
        keyboard.send("Input.imeSetComposition", {"text": pinyin[:end], "selectionStart": end, "selectionEnd": end})
    page.wait_for_timeout(SETTLED_MS)
    return asked[before:]


@pytest.mark.parametrize("scripts", ["scripts"], indirect=True)
def test_no_request_goes_out_in_the_middle_of_a_word(open_page: OpenPage, scripts: bool) -> None:
    page = log_in(open_page(), "苏木")
    page.goto("/desk/search/")
    asked: list[str] = []
    page.on("request", lambda request: "/desk/search/?q" in request.url and asked.append(request.url))
    keyboard = page.context.new_cdp_session(page)
    assert asked_while_composing(page, keyboard, asked, "cheqiancao") == []
    page.keyboard.press("Enter")
    assert page.url.endswith("/desk/search/"), "Enter that ends a composition sends no form"
    keyboard.send("Input.insertText", {"text": "车前草"})
    page.wait_for_selector("#found a[data-hit]")
    assert len(asked) == 1
    assert "霜降" in text_of(page)
    assert page.inner_text("#live") == "找到：2人"
    assert "q=%E8%BD%A6" in page.url, "the address can be sent to a colleague"
    no_findings(page)
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.textContent") == "车前草"
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.id") == "search-one"
    # The control: a box that listens to every input asks in mid-word, and this test would notice.
    page.fill("#search-one", "")
    page.evaluate(
        "box => { box.setAttribute('hx-trigger', 'input delay:250ms'); htmx.process(box); }",
        page.query_selector("#search-one"),
    )
    page.wait_for_timeout(SETTLED_MS)
    assert asked_while_composing(page, keyboard, asked, "maimangzhong")
