"""From a recipe to a list that was served: the county officer at the desk, the deputy chair on a phone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import OpenPage, log_in, no_findings, press, press_main, text_of

RECIPE = "/desk/programmes/recipes/henan-autumn-study-aid/"
DOCUMENT = "云工发〔2026〕18号"
SCAN = {"name": "扫描件.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4\n% an invented scan\n%%EOF\n"}
BOTH = pytest.mark.parametrize(("size", "language"), [("desk", "zh-hans"), ("phone", "en")])


def take_over(page: Page) -> str:
    """Copy the study aid; returns the address of the draft."""
    page.goto(RECIPE)
    press_main(page)
    found = re.match(r".*(/desk/programmes/[^/]+/)", page.url)
    assert found, page.url
    return found.group(1)


def fill_in(page: Page, draft: str) -> None:
    """Fill in what the source does not state, and the paper."""
    page.goto(f"{draft}draft/")
    values = {
        "number_aid_per_student": "5000", "number_income_line": "1,500", "number_near_band": "150",
        "document_number": DOCUMENT, "meeting": "主席办公会", "meeting_on": "2026-07-30", "budget": "400000",
    }  # fmt: skip
    for name, value in values.items():
        page.fill(f"[name={name}]", value)
    page.set_input_files("[name=attachment]", files=[SCAN])
    press_main(page)


def publish(open_page: OpenPage) -> str:
    """Take over, fill in, ask, confirm by the second person; returns the address of the list."""
    page = log_in(open_page(), "苏木")
    draft = take_over(page)
    fill_in(page, draft)
    page.goto(f"{draft}request/")
    press_main(page)
    deputy = log_in(open_page(size="phone"), "连翘")
    deputy.goto(f"{draft}confirmation/")
    press(deputy, "button[value=confirmed]")
    return draft.replace("/programmes/", "/lists/")


@pytest.mark.nightly
@BOTH
def test_a_draft_with_gaps_is_refused_in_words_and_not_sent(open_page: OpenPage, size: str, language: str) -> None:
    page = log_in(open_page(size=size, language=language), "苏木")
    draft = take_over(page)
    page.goto(f"{draft}request/")
    words = text_of(page)
    if language == "zh-hans":
        assert "来源没有写金额，填上文号和金额才能发布" in words
    assert not page.locator("form.confirm").count()
    no_findings(page)
    page.goto(f"{draft}draft/")
    page.fill("[name=number_aid_per_student]", "五千")
    press_main(page)
    assert page.locator("[name=number_aid_per_student]").get_attribute("aria-invalid") == "true"
    assert page.locator("[name=number_aid_per_student]").input_value() == "五千"
    no_findings(page)


@BOTH
def test_the_officer_tries_the_rule_on_todays_registry_and_moves_the_line(
    open_page: OpenPage, size: str, language: str
) -> None:
    page = log_in(open_page(size=size, language=language), "苏木")
    draft = take_over(page)
    fill_in(page, draft)
    page.goto(f"{draft}trial/")
    words = text_of(page)
    for figure in ("67", "61", "335,000.00", "23", "19", "11"):
        assert figure in words, figure
    no_findings(page)
    page.fill("[name=number_income_line]", "2000")
    # With scripts the answer is put into the page, without them it is a page of its own.
    page.locator("form[action$='/trial/'] button").click()
    page.wait_for_selector("text=460,000.00")
    words = text_of(page)
    assert "+25" in words
    assert "81" in words, "80 places are paid, the 81st has no money"


@pytest.mark.nightly
def test_who_asked_cannot_confirm(open_page: OpenPage) -> None:
    page = log_in(open_page(), "苏木")
    draft = take_over(page)
    fill_in(page, draft)
    page.goto(f"{draft}request/")
    press_main(page)
    answer = page.goto(f"{draft}confirmation/")
    assert answer is not None
    assert answer.status == 404 or not page.locator("button[value=confirmed]").count()


@pytest.mark.nightly
def test_a_frozen_list_goes_to_notice_approval_and_the_hand_and_stands_still(open_page: OpenPage) -> None:
    address = publish(open_page)
    officer = log_in(open_page(), "苏木")
    officer.goto(f"{address}freeze/")
    officer.fill("[name=document_number]", "云工发〔2026〕19号")
    officer.fill("[name=meeting]", "主席办公会")
    officer.fill("[name=meeting_on]", "2026-08-03")
    officer.set_input_files("[name=attachment]", files=[SCAN])
    no_findings(officer)
    press_main(officer)
    assert "/desk/notices/" in officer.url, text_of(officer)
    frozen = officer.url
    assert "335,000.00" in text_of(officer)
    no_findings(officer)
    notice = open_page()
    log_in(notice, "苏木").goto(f"{frozen}sheet/")
    words = text_of(notice)
    assert "*" in words
    assert "麦冬冬" not in words
    notice.goto(f"{frozen}roster/")
    assert "叁拾叁万伍仟元整" in text_of(notice)
    no_findings(notice)
