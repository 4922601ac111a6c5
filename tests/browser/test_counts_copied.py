"""A number is copied as the sentence of the list it opens, by mouse and by key; without scripts there is no button."""

from __future__ import annotations

import pytest

from tests.browser.conftest import OpenPage, Site, log_in, no_findings

BUTTON = "main .copy-count"


@pytest.mark.nightly
def test_a_number_is_copied_as_the_sentence_of_its_list(open_page: OpenPage, site: Site, scripts: bool) -> None:
    page = log_in(open_page(), "苏木")
    page.goto("/desk/employers/")
    if not scripts:
        assert page.locator(BUTTON).count() == 0
        return
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=site.url)
    button, number = page.locator(BUTTON).first, page.locator("main a[data-count]").first
    assert button.get_attribute("aria-label") == f"复制成一句话：{number.inner_text()}"
    no_findings(page)
    number.focus()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "copy-count"
    page.keyboard.press("Enter")
    page.locator("#live", has_text="已复制").wait_for(state="attached")
    copied = page.evaluate("navigator.clipboard.readText()")
    number.click()
    assert page.inner_text("#list-sentence") == copied


@pytest.mark.nightly
def test_where_there_is_no_clipboard_the_old_command_takes_it(open_page: OpenPage, scripts: bool) -> None:
    page = log_in(open_page(size="phone"), "苏木")
    if not scripts:
        return
    page.add_init_script(
        "Object.defineProperty(navigator, 'clipboard', {value: undefined});"
        "document.execCommand = () => { window.taken = document.activeElement.value; return true; };"
    )
    page.goto("/desk/checks/")
    button = page.locator(BUTTON).first
    box = button.bounding_box()
    assert box is not None
    assert min(box["width"], box["height"]) >= 44, "a thumb meets it"
    button.click()
    page.locator(".copy-done").first.wait_for()
    assert "12户" in page.evaluate("window.taken")
