"""The control of what axe is asked: a fault that stands in one row of many is found, wherever it stands."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from tests.browser.findings import serious_findings

PAGE = """<html lang="zh"><title>名单</title><style>.faint {{ color: #ccc }}</style><body style="background: #fff">
<main><h1>名单</h1><table><tr><th>姓名</th><th>备注</th></tr>{rows}</table></main></body></html>"""
# All have a class and a style: what differs is their words alone.
ROW = '<tr class="row"><td style="margin: 0">麦芒种</td><td>无</td></tr>'
FAINT = (ROW.replace('"row"', '"faint"'), ROW.replace("margin: 0", "color: #ccc"))
FAULTS = {
    "color-contrast": FAINT,
    "image-alt": ('<tr><td><img src="data:,"></td><td>无</td></tr>',),
    "link-name": ('<tr><td><a href="/"></a></td><td>无</td></tr>' * 3,),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_control_a_fault_in_one_of_forty_alike_rows_is_found(chromium: Browser, fault: str) -> None:
    page = chromium.new_page()
    for row in FAULTS[fault]:
        page.set_content(PAGE.format(rows=ROW * 40 + row + ROW))
        assert [one.partition(":")[0] for one in serious_findings(page)] == [fault]
        assert not page.locator("[data-alike]").count(), "the page stands as it stood"
    page.close()


def test_a_page_without_faults_has_none(chromium: Browser) -> None:
    page = chromium.new_page()
    page.set_content(PAGE.format(rows=ROW * 40))
    assert serious_findings(page) == []
    page.close()
