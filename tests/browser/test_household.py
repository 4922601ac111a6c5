"""One household's file on a phone at the table: seen, recorded, and left upon that check alone."""

from __future__ import annotations

import pytest

from tests.browser.conftest import OpenPage, log_in, press, press_main, text_of


@pytest.mark.parametrize("scripts", [False], ids=["no-scripts"])
def test_a_household_is_seen_at_its_table_and_leaves_the_file_upon_it(open_page: OpenPage) -> None:
    officer = log_in(open_page(size="phone"), "苏木")
    officer.goto("/desk/search/?q=金银花")
    press(officer, "main a[href*='/desk/households/']")
    home = officer.url
    words = text_of(officer)
    assert "过期" in words, "her proof of income is nine months old"
    officer.goto(f"{home}hardship/exit/")
    officer.fill("[name=reason]", "儿子上班了")
    press_main(officer)
    assert "没有这一户30天以内的核查记录" in text_of(officer)
    officer.goto(f"{home}visits/new/?purpose=review")
    officer.fill("[name=household-income_per_head]", "3310")
    officer.check("[name=verdict][value=better]")
    officer.fill("[name=better_since]", "2026-05-11")
    press_main(officer)
    press_main(officer)
    officer.fill("[name=reason]", "儿子上班了")
    press_main(officer)
    words = text_of(officer)
    assert "退出满12个月回访" in words
    assert officer.evaluate("document.documentElement.scrollWidth") <= 390
