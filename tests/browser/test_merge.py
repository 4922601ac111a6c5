"""The rider's two files: found by the morning, shown side by side, made one with a reason, and parted again."""

from __future__ import annotations

import pytest

from tests.browser.conftest import OpenPage, log_in, press, press_main, text_of


@pytest.mark.parametrize("scripts", ["no-scripts"], indirect=True)
def test_the_rider_has_one_file_after_the_officer_compared_the_two(open_page: OpenPage, scripts: bool) -> None:
    page = log_in(open_page(), "苏木")
    page.goto("/desk/")
    press(page, "main .due a[href^='/desk/duplicates/'] >> nth=0")
    told = text_of(page)
    for words in ("身份证号只差一处", "手机号相同", "霜降", "是转会，不是多一个会员"):
        assert words in told, words
    old = page.get_by_text("打开右边的档案").get_attribute("href")
    page.fill("#merge-reason", "厂里的花名册抄错一位，本人来过")
    press_main(page)
    assert "已合并成一份" in page.inner_text("body")
    page.goto(str(old))
    assert "那份档案已并入这里" in page.inner_text("body")
    assert "豆荚家具" in text_of(page), "the job of the old roster came along"
    press(page, "main a[href^='/desk/merges/']")
    page.fill("#part-reason", "试一次")
    press(page, "main form button")
    page.goto(str(old))
    assert page.url.endswith(str(old))
