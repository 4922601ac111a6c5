"""Every page that a role can reach by links: it opens, fits the screen, and at night axe finds nothing serious."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterable
from urllib.parse import urljoin, urlsplit

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
STARTS = dict.fromkeys(OFFICERS, "/desk/") | {"桑果红": "/my/", "石榴红": "/employer/", "佩兰": "/partner/"}
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


# A number that says which list it counts, and the number a list says of itself.
COUNTS = "all => all.map(one => [one.dataset.count, (one.closest('a') || one).getAttribute('href')])"
TOTAL = re.compile(r'data-total="(\d+)"')
COUNTS_A_DAY = 12


def differing(counts: Iterable[tuple[str, str]], fetch: Callable[[str], str]) -> list[str]:
    """Numbers that are not those of the list they open."""
    found = []
    for number, address in counts:
        told = TOTAL.search(fetch(address))
        if number != "0" and (told is None or told[1] != number):
            found.append(f"{number} at {address}, where {told[1] if told else 'no list'} stands")
    return found


def test_control_a_number_that_is_not_that_of_its_list_is_found() -> None:
    pages = {"/two/": '<span data-total="2">', "/none/": "<p>"}
    assert differing([("2", "/two/"), ("0", "/none/")], pages.__getitem__) == []
    assert len(differing([("3", "/two/"), ("1", "/none/")], pages.__getitem__)) == 2


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
    counts: dict[tuple[str, str], None] = {}
    while waiting:
        address = waiting.popleft()
        answer = page.goto(address)
        assert answer is not None
        assert answer.status == 200, address
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0 or PAPER.search(address), f"{address} is {wide} px wider than the {size}"
        if request.config.getoption("--nightly"):  # two thirds of the time; by day the journeys look at theirs
            no_findings(page)
        for number, link in page.locator("[data-count]").evaluate_all(COUNTS):
            counts[number, urljoin(page.url, link)] = None
        for link in links_of(page):
            if kind_of(link) not in seen:
                seen.add(kind_of(link))
                waiting.append(link)
    assert len(seen) > 2, seen
    asked = list(counts)[:: 1 if request.config.getoption("--nightly") else max(1, len(counts) // COUNTS_A_DAY)]
    assert differing(asked, lambda link: page.request.get(link).text()) == []
    assert counts or not STARTS[name].startswith("/desk/"), "no page has a count"
