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


def test_a_page_is_turned_and_turned_back_and_what_stands_around_it_stays(
    open_page: OpenPage, request: pytest.FixtureRequest
) -> None:
    page = log_in(open_page(size="phone"), "苏木")
    page.goto("/desk/persons/?sex=female")
    first = page.inner_text("main tbody tr:first-child th")
    page.evaluate("document.querySelector('main .filters').dataset.drawn = 'once'")
    page.locator("main a[rel=next]").click()
    page.wait_for_url("**/desk/persons/?sex=female&page=2")
    page.locator(".pager", has_text="第2页").wait_for()
    assert page.inner_text("main tbody tr:first-child th") != first
    assert page.input_value("main select[name=sex]") == "female"
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    if "no-scripts" not in request.node.name:
        assert page.evaluate("document.querySelector('main .filters').dataset.drawn") == "once"
        assert page.evaluate("document.activeElement.textContent").startswith("第2页")
        box = page.locator("#list-page").bounding_box()
        assert box is not None
        assert -1 <= box["y"] < 200, "the reader stands at the first row"
        no_findings(page)
    page.go_back()
    page.wait_for_url("**/desk/persons/?sex=female")
    page.locator(".pager", has_text="第1页").wait_for()
    assert page.inner_text("main tbody tr:first-child th") == first
