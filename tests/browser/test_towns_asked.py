"""A task goes down to the towns, one of them returns it, and the county sees who is late and what to say."""

from __future__ import annotations

import pytest

from tests.browser.conftest import OpenPage, log_in, no_findings, press, press_main, text_of


@pytest.mark.nightly
@pytest.mark.parametrize("scripts", ["scripts", pytest.param("no-scripts", marks=pytest.mark.nightly)], indirect=True)
def test_a_town_does_it_again_and_the_county_sees_it(open_page: OpenPage) -> None:
    town = log_in(open_page(), "白薇")
    town.get_by_role("link", name="去填报").first.click()
    assert "新增1户没写致困原因" in text_of(town)
    town.fill("textarea[name=words]", "新增1户，本人大病。")
    press_main(town)
    assert "已报送" in town.inner_text("body")
    county = log_in(open_page(), "苏木")
    press(county, "main a:has-text('查看和催办')")
    shown = text_of(county)
    assert "12家中10家已报" in shown
    assert "还没报：立夏镇总工会（已超时2个工作日）、霜降镇总工会（已超时2个工作日）。" in shown
    assert "退回待重报" not in shown
    no_findings(county)
