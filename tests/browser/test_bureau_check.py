"""A bureau is asked in one file: the file is taken, comes back filled in, and settles what was not known."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page
from python_calamine import CalamineWorkbook

from niangjia.people.tests.tables import workbook
from tests.browser.conftest import OpenPage, Site, log_in, look_again, no_findings, press_main, text_of


def filled(taken: Path, into: Path) -> Path:
    """What the bureau sends back: no second home, except for the first."""
    rows = CalamineWorkbook.from_path(str(taken)).get_sheet_by_index(0).to_python()
    heads, data = rows[0], [row for row in rows[1:] if isinstance(row[0], int | float)]
    assert len(data) == 10
    into.write_bytes(workbook([heads, *([*row[:-1], "是" if at == 0 else "否"] for at, row in enumerate(data))]))
    return into


@pytest.mark.nightly
@pytest.mark.parametrize("scripts", [True], indirect=False)
def test_one_file_goes_out_and_settles_ten_households(
    open_page: OpenPage, site: Site, tmp_path: Path, scripts: bool
) -> None:
    page: Page = log_in(open_page(), "苏木")
    page.goto("/desk/checks/")
    assert "已超时2个工作日" in text_of(page)
    no_findings(page)
    page.locator("main tbody a").first.click()
    page.wait_for_selector("main a[href*='part=out'][data-count='2']")
    no_findings(page)
    address = page.url
    with page.expect_download() as taking:
        page.locator("form[action$='/file/'] button").click()
    taking.value.save_as(tmp_path / "out.xlsx")
    press_main(page)
    page.set_input_files("input[name=file]", filled(tmp_path / "out.xlsx", tmp_path / "back.xlsx"))
    page.locator("main .button-main").click()
    page.wait_for_url(address)
    site.manage("ticker", "--once")
    look_again(page, address)
    assert "原来缺，这次补上10" in text_of(page).replace(" ", "").replace("\n", "")
    no_findings(page)
    press_main(page)
    site.manage("ticker", "--once")
    look_again(page, address)
    assert "已办结" in text_of(page)
