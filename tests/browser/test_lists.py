"""A list is narrowed, saved for the unit, and taken out for a purpose."""

from __future__ import annotations

import pytest

from tests.browser.conftest import OpenPage, log_in, no_findings, press, text_of


@pytest.mark.nightly
def test_a_list_is_narrowed_saved_and_taken_out(open_page: OpenPage) -> None:
    page = log_in(open_page(size="phone"), "苏木")
    page.goto("/desk/persons/")
    page.select_option("select[name=member]", label="会员")
    press(page, "main .filters button")
    assert "会籍：会员" in page.inner_text("#list-sentence")
    no_findings(page)
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    page.locator("main summary", has_text="保存这组条件").click()
    page.fill("#save-name", "全县会员")
    press(page, "main .row-form button")
    assert page.locator("main a", has_text="全县会员").count() == 1
    page.goto("/desk/households/?in_file=1")
    press(page, "main a[href*='/desk/export/']")
    no_findings(page)
    page.fill("input[name=purpose]", "周一部务会")
    with page.expect_download() as file:
        page.locator("main .button-main").click()
    assert file.value.suggested_filename.startswith("一户一档_E")
    page.goto("/desk/exports/")
    assert "周一部务会" in text_of(page)
