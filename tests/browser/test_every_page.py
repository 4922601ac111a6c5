"""Every page that a role can reach by links: it opens, fits the screen, and at night axe finds nothing serious."""

from __future__ import annotations

import re
from collections import deque
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import OpenPage, log_in, no_findings

# An id in an address: pages that differ only there are one page.
AN_ID = re.compile(r"/(?:[2-9b-df-hj-np-tv-z]{14}|\d+)(?=/)")
# What is no page of the site: files, and what ends the session.
NOT_PAGES = re.compile(r"/(?:logout|evidence|document|paper|folder|export|blank)/")
# Paper keeps the width of paper.
PAPER = re.compile(r"/(?:print|sheet|roster)/")
OFFICERS = ("苏木", "连翘", "云杉", "远志")
STARTS = dict.fromkeys(OFFICERS, "/desk/") | {"桑果红": "/my/", "石榴红": "/employer/"}
# The others see fewer of the first one's pages; at night they are asked too.
AT_EACH_COMMIT = {"苏木", "桑果红", "石榴红"}
NAMES = [name if name in AT_EACH_COMMIT else pytest.param(name, marks=pytest.mark.nightly) for name in STARTS]


def kind_of(address: str) -> str:
    """What makes two addresses one page: the path without ids, and the tab."""
    parts = urlsplit(address)
    tab = re.search(r"tab=\w+", parts.query)
    return AN_ID.sub("/*", parts.path) + (tab.group() if tab else "")


def links_of(page: Page) -> list[str]:
    """The addresses of the page's links on this site, without fragments."""
    found = page.locator("a[href^='/'], a[href^='?']").evaluate_all("links => links.map(link => link.href)")
    parts = [urlsplit(address) for address in found]
    return [f"{p.path}?{p.query}" if p.query else p.path for p in parts if not NOT_PAGES.search(p.path)]


@pytest.mark.parametrize("scripts", [True], indirect=False)
@pytest.mark.parametrize(
    ("size", "language"), [("desk", "zh-hans"), pytest.param("phone", "en", marks=pytest.mark.nightly)]
)
@pytest.mark.parametrize("name", NAMES)
def test_every_page_opens_fits_and_can_be_used_by_everybody(
    open_page: OpenPage, name: str, size: str, language: str, scripts: bool, request: pytest.FixtureRequest
) -> None:
    page = log_in(open_page(size=size, language=language), name)
    waiting, seen = deque([STARTS[name]]), {kind_of(STARTS[name])}
    while waiting:
        address = waiting.popleft()
        answer = page.goto(address)
        assert answer is not None
        assert answer.status == 200, address
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0 or PAPER.search(address), f"{address} is {wide} px wider than the {size}"
        if request.config.getoption("--nightly"):  # two thirds of the time; by day the journeys look at theirs
            no_findings(page)
        for link in links_of(page):
            if kind_of(link) not in seen:
                seen.add(kind_of(link))
                waiting.append(link)
    assert len(seen) > 2, seen
