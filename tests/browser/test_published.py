"""After a programme was published: who is found, and what each of them is shown.

It is published once for all of these, without scripts; `test_publish` does it with scripts too.
"""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.conftest import SIZES, OpenPage, log_in, no_findings, serving, text_of
from tests.browser.serving import Started
from tests.browser.test_publish import BOTH, publish


@dataclass(frozen=True)
class Published:
    """A home folder in which the study aid is published, and the address of its list."""

    home: Path
    address: str


@pytest.fixture(scope="module")
def published(
    stage: Path, started: tuple[Started, Path], chromium: Browser, tmp_path_factory: pytest.TempPathFactory
) -> Published:
    """Published by two people in their browsers, then the site is shut down and its home kept."""
    with serving(stage, started) as site:

        def open_page(*, size: str = "desk") -> Page:
            context = chromium.new_context(base_url=site.url, viewport=SIZES[size], java_script_enabled=False)
            context.add_cookies([{"name": "language", "value": "zh-hans", "url": site.url}])
            return context.new_page()

        address = publish(open_page)
    home = tmp_path_factory.mktemp("published") / "home"
    shutil.copytree(site.home, home)
    return Published(home, address)


@pytest.fixture
def scene(published: Published) -> Path:
    """Each test's site goes on from there."""
    return published.home


@pytest.mark.nightly
@BOTH
def test_everybody_is_found_at_once(open_page: OpenPage, published: Published, size: str, language: str) -> None:
    page = log_in(open_page(size=size, language=language), "苏木")
    page.goto(published.address)
    words = text_of(page)
    for figure in ("61", "67", "335,000.00", "65,000.00", "23"):
        assert figure in words, figure
    no_findings(page)
    page.goto(f"{published.address}?tab=one_missing")
    words = text_of(page)
    assert "14" in words
    assert "麦芒种" in words
    no_findings(page)
    with page.expect_navigation():
        page.get_by_role("link", name=re.compile("麦芒种|麦冬冬")).first.click()
    assert "/desk/decisions/" in page.url
    words = text_of(page)
    assert "1,180.00" in words
    assert page.locator(".decision").count() >= 4
    no_findings(page)


@BOTH
def test_a_worker_is_found_without_asking(open_page: OpenPage, size: str, language: str) -> None:
    worker = log_in(open_page(size=size, language=language), "麦芒种")
    worker.goto("/my/")
    words = text_of(worker)
    assert "金秋助学" in words or "Autumnstudyaid" in words
    assert worker.locator(".card-first .button-main").count() == 1
    no_findings(worker)
