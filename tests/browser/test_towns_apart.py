"""An officer of one town meets a sibling town's people nowhere."""

from __future__ import annotations

from tests.browser.conftest import OpenPage, log_in, no_findings, text_of


def test_a_sibling_towns_worker_is_not_found_and_his_address_is_like_any_other(open_page: OpenPage) -> None:
    county = log_in(open_page(), "苏木")
    county.goto("/desk/search/?q=麦芒种")
    assert "麦芒种" in text_of(county)
    found = county.locator("main a[href*='/desk/persons/'], main a[href*='/desk/households/']").first
    address = found.get_attribute("href")
    assert address

    own = log_in(open_page(), "江篱")
    own.goto("/desk/search/?q=麦芒种")
    assert own.locator(f"main a[href='{address}']").count() == 1
    seen = own.request.get(address)
    assert seen.status == 200

    sibling = log_in(open_page(), "白薇")
    sibling.goto("/desk/search/?q=麦芒种")
    assert not sibling.locator(f"main a[href='{address}']").count()
    assert "没有找到，或不归您管" in text_of(sibling)
    no_findings(sibling)
    foreign = sibling.request.get(address)
    missing = sibling.request.get(address[:-6] + "zzzzz/")
    assert (foreign.status, foreign.body()) == (404, missing.body())
