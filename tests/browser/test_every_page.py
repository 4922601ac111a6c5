"""Every page that a role can reach by links: it opens, fits the screen, and at night axe finds nothing serious."""

from __future__ import annotations

import html
import re
from collections import deque
from collections.abc import Callable, Iterable
from itertools import count
from urllib.parse import urljoin, urlsplit

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import OpenPage, log_in, no_findings

# An id in an address: pages that differ only there are one page.
AN_ID = re.compile(r"/(?:[2-9b-df-hj-np-tv-z]{14}|\d+)(?=/)")
# What is no page of the site: files, and what ends the session.
NOT_PAGES = re.compile(r"/(?:logout|evidence|document|paper|folder|export|blank|strata)/")
# Paper keeps the width of paper.
PAPER = re.compile(r"/(?:print|sheet|roster|slip|form)/")
OFFICERS = ("苏木", "连翘", "云杉", "远志")
STARTS = dict.fromkeys(OFFICERS, "/desk/") | {"桑果红": "/my/", "石榴红": "/employer/", "藿香": "/partner/"}
# The others see fewer of the first one's pages; at night they are asked too.
AT_EACH_COMMIT = {"苏木", "桑果红", "石榴红"}
NAMES = [name if name in AT_EACH_COMMIT else pytest.param(name, marks=pytest.mark.nightly) for name in STARTS]


def kind_of(address: str) -> str:
    """What makes two addresses one page: the path without ids, and the tab."""
    parts = urlsplit(address)
    tab = re.search(r"tab=\w+", parts.query)
    return AN_ID.sub("/*", parts.path) + (tab.group() if tab else "")


# The address of a link on this site, as it stands in a page that is not drawn.
A_LINK = re.compile(r"<a\b[^>]*?\shref=[\"']?([/?][^\"'\s>]*)")


def links_of(page: Page) -> list[str]:
    """The addresses of the page's links on this site, without fragments."""
    found = page.locator("a[href^='/'], a[href^='?']").evaluate_all("links => links.map(link => link.href)")
    return on_this_site(found)


def on_this_site(found: Iterable[str]) -> list[str]:
    """Those that lead to a page, as path and question."""
    parts = [urlsplit(address) for address in found]
    return [f"{p.path}?{p.query}" if p.query else p.path for p in parts if not NOT_PAGES.search(p.path)]


def links_in(text: str, address: str) -> list[str]:
    """The same of a page's text."""
    return on_this_site(urljoin(address, html.unescape(link)) for link in A_LINK.findall(text))


def test_control_the_links_of_a_page_that_is_not_drawn_are_found() -> None:
    text = """<a class="row" href="/desk/persons/?page=2&amp;sort=name">二</a><a href='?tab=looks'>三</a>
    <a href="https://x/">x</a><link href="/static/x.css"><a class="go"
    href="/my/">我</a>"""
    assert links_in(text, "/desk/") == ["/desk/persons/?page=2&sort=name", "/desk/?tab=looks", "/my/"]


# A number that says which list it counts, and the number a list says of itself.
COUNTS = """
text => {
  const shown = text ? new DOMParser().parseFromString(text, "text/html") : document;
  const all = [...shown.querySelectorAll("[data-count]")];
  return all.map(one => [one.dataset.count, (one.closest("a") || one).getAttribute("href")]);
}
"""
TOTAL = re.compile(r'data-total="(\d+)"')
COUNTS_A_DAY, DRAWN_A_DAY = 12, 3  # a dozen numbers, and of the pages every third


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


# A unit written twice: once by the number, once by the words around it.
TWICE = re.compile(r"[0-9]\s?(人次|户次|人|户|家|条|件|份|对|批)\1(?!次)")


def test_control_a_unit_written_twice_is_found_and_one_that_begins_another_is_not() -> None:
    assert TWICE.search("共96户户；登记里不是每个成员都有说法")
    assert not TWICE.search("共96户，3户次、12人次")


# Every number with a unit that a page shows outside of a link to its list, a sentence to copy, or a form.
LOOSE = """
([unit, text]) => {
  const found = new Set();
  const shown = text ? new DOMParser().parseFromString(text, "text/html") : document;
  const walker = shown.createTreeWalker(shown.querySelector("main") || shown.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const around = walker.currentNode.parentElement;
    if (!new RegExp(unit).test(walker.currentNode.data)) continue;
    if (around.closest("[data-count],[data-copies],[data-total],.sentence,.sheet,select,textarea,title,svg")) continue;
    const cell = around.closest("[data-label]");
    const words = walker.currentNode.data.replace(/[\\d,.]+/g, "0").replace(/\\s+/g, "");
    found.add((cell ? cell.dataset.label + ":" : "") + words.slice(0, 40));
  }
  return [...found];
}
"""
WITH_UNIT = r"[1-9][0-9,]*\s?(人次|户次|人|户|家|条|件|份|个工会|对|批)(?![0-9A-Za-z])"
# Those that are meant to open nothing, by page and form of words, with the reason.
KNOWN_LOOSE = {
    ("/desk/", "0件"): "blocks of which the page shows all",
    ("/desk/audit/looks/", "看过的档案和材料:0份"): "the number beside opens the looks",
    ("/desk/employers/", "申报人数:0人"): "what an employer stated, without names",
    ("/desk/employers/*/", "0人"): "the same",
    ("/desk/households/", "家庭成员:0人"): "children among them, who stand in the file and on no list",
    ("/desk/usage/", "在册职工和家属:0人"): "the same",
    ("/desk/usage/", "经办人登录:0人次"): "how often, not who: the list beside says it of each",
    ("/desk/usage/officers/", "近30天登录:0人次"): "the same",
    ("/desk/usage/", "工会组织:0家"): "opens for whoever may read the tree; a deputy chair may not",
    ("/desk/usage/", "职工账号:0人"): "no list says of a worker whether he has an account",
    ("/desk/usage/", "登录过的职工:0人"): "the same",
    ("/desk/visits/away/choose/", "带哪些户（最多0户）"): "how many may go along, not how many there are",
    ("/desk/visits/figures/", "0户"): "what others reported, without names",
    ("/desk/visits/samples/*/", "在档户数:0户"): "the list as it was fixed: it stands in the draw file beside",
    ("/desk/visits/no-work/", "0户"): "of whom the registers do not say it",
    ("/desk/visits/no-work/", "共0户；登记里不是每个成员都有说法"): "the same",
}
# Pages that say rules and documents, ask before a press, or try a version: what they count stands on no list.
NO_LISTS = re.compile(r"/desk/(?:programmes/|duplicates/|tree/|lists/\*/(?:freeze/)?$|checks/new/|notices/|confirm/)")


def loose(page: Page, address: str, text: str = "") -> list[str]:
    """Numbers with a unit on this page, or in its text where it is not drawn, that open nothing and are not known."""
    kind = AN_ID.sub("/*", urlsplit(address).path)
    if not kind.startswith("/desk/") or NO_LISTS.match(kind):
        return []
    found = page.evaluate(LOOSE, [WITH_UNIT, text])
    return [f"{kind}: {words}" for words in found if (kind, words) not in KNOWN_LOOSE]


@pytest.mark.nightly
@pytest.mark.parametrize("scripts", [True], indirect=False)
def test_control_a_number_that_opens_nothing_is_found(open_page: OpenPage, scripts: bool) -> None:
    page = log_in(open_page(), "苏木")
    address = "/desk/persons/"
    page.goto(address)
    assert loose(page, address) == []
    page.evaluate("document.querySelector('main').insertAdjacentHTML('beforeend', '<p>另有12户</p>')")
    assert loose(page, address) == loose(page, address, page.content()) == ["/desk/persons/: 另有0户"]


# Pages drawn and seen by axe, each once a size and language: the roles that come later see the first one's, or fewer.
LOOKED_AT: set[tuple[str, str, str]] = set()


@pytest.mark.wider_by_night
@pytest.mark.parametrize("scripts", [True], indirect=False)
@pytest.mark.parametrize(
    ("size", "language"), [("desk", "zh-hans"), pytest.param("phone", "en", marks=pytest.mark.nightly)]
)
@pytest.mark.parametrize("name", NAMES)
def test_every_page_opens_fits_and_can_be_used_by_everybody(
    open_page: OpenPage, name: str, size: str, language: str, scripts: bool, request: pytest.FixtureRequest
) -> None:
    by_night = request.config.getoption("--nightly")
    page = log_in(open_page(size=size, language=language), name)
    waiting, seen = deque([STARTS[name]]), {kind_of(STARTS[name])}
    counts: dict[tuple[str, str], None] = {}
    astray: dict[str, None] = {}

    def add(links: Iterable[str]) -> None:
        for link in links:
            if kind_of(link) not in seen:
                seen.add(kind_of(link))
                waiting.append(link)

    def note(address: str, text: str = "") -> None:
        if language == "zh-hans" and by_night:
            astray.update(dict.fromkeys(loose(page, address, text)))
        for number, link in page.evaluate(COUNTS, text):
            counts[number, urljoin(address, link)] = None

    turns = count()
    while waiting:
        address = waiting.popleft()
        if (kind_of(address), size, language) in LOOKED_AT or not (by_night or next(turns) % DRAWN_A_DAY == 0):
            # Drawn for a role before this one, or by night: it has to open, and what it counts is asked of its text.
            fetched = page.request.get(address)
            assert fetched.status == 200, address
            note(fetched.url, fetched.text())
            add(links_in(fetched.text(), address))
            continue
        answer = page.goto(address)
        assert answer is not None
        assert answer.status == 200, address
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0 or PAPER.search(address), f"{address} is {wide} px wider than the {size}"
        if by_night:  # two thirds of the time; by day the journeys look at theirs
            LOOKED_AT.add((kind_of(address), size, language))
            if size == "desk" or next(turns) % DRAWN_A_DAY == 0:  # what axe finds seldom depends on the size
                no_findings(page)
        assert not (twice := TWICE.search(page.inner_text("body"))), f"{address}: {twice.group()}"
        note(page.url)
        add(links_of(page))
    assert len(seen) > 2, seen
    assert list(astray) == [], "numbers that open nothing: give them a list, or a reason"
    # All by night, once: a number does not depend on the size of the window or the language.
    is_thorough = by_night and language == "zh-hans"
    asked = list(counts)[:: 1 if is_thorough else max(1, len(counts) // COUNTS_A_DAY)]
    assert differing(asked, lambda link: page.request.get(link).text()) == []
    assert counts or name != "苏木", "no page has a count"
