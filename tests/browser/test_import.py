"""A town's roster: handed in, the window closed, every row seen, approved, entered, taken back."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Page

from niangjia.people.tests.tables import MEMBERS, workbook
from niangjia.people.tests.world import identity_number
from tests.browser.conftest import OpenPage, Site, log_in, look_again, no_findings, press, press_main, text_of

BORN = date(1991, 5, 6)


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """A workbook with a title, five good rows, and two bad ones."""
    plants = "柳絮飞 榆钱儿 槐米香 桐花开 椿芽嫩 楸叶红 梓叶青".split()
    rows = [
        [name, identity_number(BORN, 600 + at), f"1000001{at:04d}", date(2024, 3, 1)] for at, name in enumerate(plants)
    ]
    rows[2][1] = str(rows[2][1])[:17]
    rows[5][3] = "2024年3月"
    path = tmp_path / "小满镇名册.xlsx"
    path.write_bytes(workbook([("小满镇会员花名册",), MEMBERS, *rows], names=("会员",)))
    return path


def send(page: Page) -> str:
    """Send the form; with scripts the page that comes back is put in place of it. Returns its address."""
    page.locator("main .button-main").click()
    page.wait_for_url(re.compile(r"/desk/rosters/[2-9b-z]{14}/$"))
    page.wait_for_selector("main progress:not([hidden])")
    return page.url


@pytest.mark.nightly
def test_a_roster_goes_in_after_every_row_was_seen_and_comes_out_again(
    open_page: OpenPage, site: Site, table: Path, scripts: bool
) -> None:
    page = log_in(open_page(), "江篱")
    page.goto("/desk/households/")
    press(page, "main a[href='/desk/rosters/']")
    no_findings(page)
    press_main(page)
    page.check("input[name=kind][value=members]")
    page.select_option("select[name=union]", label="小满镇总工会")
    page.set_input_files("input[name=file]", table)
    no_findings(page)
    address = send(page)
    assert "正在核对" in text_of(page)
    no_findings(page)
    page.close()

    site.manage("ticker", "--once")
    page = log_in(open_page(size="phone"), "江篱")
    page.goto(address)
    words = text_of(page)
    assert "新增，将录入5行" in words
    assert "“会员”表第5行身份证号：身份证号少一位：填了17位，应为18位。" in words
    assert "“会员”表第8行入会日期：这不是完整的日期（2024年3月）" in words
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    no_findings(page)
    press_main(page)
    assert "正在录入" in text_of(page)
    site.manage("ticker", "--once")
    if scripts:
        page.wait_for_selector("text=录入。")  # the page looks again by itself
    look_again(page, address)
    assert "新增5行" in text_of(page)

    page.goto("/desk/search/?q=柳絮飞")
    assert page.locator("main a", has_text="柳絮飞").count() == 1
    page.goto(address)
    press(page, "main a[href$='/undo/']")
    no_findings(page)
    press_main(page)  # first only a look at what would stay
    site.manage("ticker", "--once")
    look_again(page, f"{address}undo/")
    assert "撤回：新增的去掉，改动的恢复5行" in text_of(page)
    no_findings(page)
    press_main(page)
    site.manage("ticker", "--once")
    look_again(page, address)
    assert "5行已恢复原样" in text_of(page)
    page.goto("/desk/search/?q=柳絮飞")
    assert page.locator("main a", has_text="柳絮飞").count() == 0


@pytest.mark.nightly
@pytest.mark.parametrize("scripts", [False], indirect=False)
def test_a_sibling_town_does_not_find_the_roster(open_page: OpenPage, table: Path, scripts: bool) -> None:
    own = log_in(open_page(), "江篱")
    own.goto("/desk/rosters/new/")
    own.check("input[name=kind][value=members]")
    own.select_option("select[name=union]", label="小满镇总工会")
    own.set_input_files("input[name=file]", table)
    send(own)
    sibling = log_in(open_page(), "白薇")
    assert sibling.request.get(own.url).status == 404
    sibling.goto("/desk/rosters/")
    assert "小满镇名册" not in text_of(sibling)
