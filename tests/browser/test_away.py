"""The house survey on a tablet without a network: taken along sealed, filled in, and recorded once."""

from __future__ import annotations

import io
import re
import sqlite3
from collections.abc import Callable
from contextlib import closing

import pytest
from PIL import Image
from playwright.sync_api import Page, Response, Route

from tests.browser.conftest import OpenPage, Site, log_in, no_findings, press, text_of

PIN = "274915"
SCREENS = {"phone": (360, 740), "tablet": (820, 1180)}
NOTE, INCOME, NORTH, EAST = "屋顶漏雨待修", "1234.50", 30.12345, 120.54321
DAY = 24 * 60 * 60 * 1000
WITH_SCRIPTS = pytest.mark.parametrize("scripts", ["scripts"], indirect=True)
AWAY = "/desk/visits/away/"
# Everything that this origin keeps in the browser, as text: bytes are read as what they would say.
KEPT_TEXT = """async () => {
  const found = [JSON.stringify(localStorage), JSON.stringify(sessionStorage)];
  const read = (one) => {
    if (one instanceof ArrayBuffer || ArrayBuffer.isView(one)) found.push(new TextDecoder().decode(one));
    else if (one && typeof one === "object") Object.values(one).forEach(read);
    else found.push(String(one));
  };
  for (const {name, version} of await indexedDB.databases()) {
    const base = await new Promise((resolve) => {
      const request = indexedDB.open(name, version);
      request.onsuccess = () => resolve(request.result);
    });
    for (const store of base.objectStoreNames) {
      const all = base.transaction(store).objectStore(store).getAll();
      read(await new Promise((resolve) => { all.onsuccess = () => resolve(all.result); }));
    }
    base.close();
  }
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      found.push(request.url, await (await cache.match(request)).text());
    }
  }
  return found.join("\\n");
}"""
# As if the time had gone by: what is on the device goes so much earlier.
EARLIER = """async (passed) => {
  const base = await new Promise((resolve) => {
    const request = indexedDB.open("niangjia-away");
    request.onsuccess = () => resolve(request.result);
  });
  const change = base.transaction("homes", "readwrite");
  change.objectStore("homes").openCursor().onsuccess = (event) => {
    const row = event.target.result;
    if (!row) return;
    row.update({...row.value, expires: row.value.expires - passed});
    row.continue();
  };
  await new Promise((resolve) => { change.oncomplete = resolve; });
  base.close();
}"""
CACHED = """async () => {
  const found = [];
  for (const name of await caches.keys()) {
    for (const request of await (await caches.open(name)).keys()) found.push(new URL(request.url).pathname);
  }
  return found;
}"""
# A page that was loaded without a network must come from what the worker keeps, so the worker must be cut off too.
WORKER_IS_CUT_OFF = "() => fetch('/desk/visits/away/ready/').then(() => false, () => true)"


def photograph() -> bytes:
    """A photograph as a tablet's camera writes it."""
    buffer = io.BytesIO()
    Image.effect_noise((2400, 1800), 80).convert("RGB").save(buffer, "JPEG", quality=90)
    return buffer.getvalue()


def officer_at(open_page: OpenPage, screen: str) -> Page:
    officer = log_in(open_page(size="phone"), "苏木")
    width, height = SCREENS[screen]
    officer.set_viewport_size({"width": width, "height": height})
    return officer


def household_of(officer: Page) -> str:
    """The public id of the first household on the list."""
    officer.goto("/desk/households/")
    address = officer.locator("main table a[href*='/households/']").first.get_attribute("href") or ""
    return re.split("/", address)[3]


def take(officer: Page, *households: str) -> list[str]:
    """Take households along from their own pages; their heads, and where they live."""
    told: list[str] = []
    for at, household in enumerate(households):
        officer.goto(f"/desk/households/{household}/")
        press(officer, f"a[href*='away/choose/?household={household}']")
        told.append(officer.locator("form[data-away] label.choice").first.inner_text().split("·")[0].strip())
        officer.fill("#away-pin", PIN)
        if at == 0:
            officer.fill("#away-pin-again", PIN)
        officer.locator("[data-away-can] button[type=submit]").click()
        officer.wait_for_url(f"**{AWAY}")
        officer.locator("#away-unlock").wait_for()
    officer.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
    return told


def unlock(officer: Page) -> None:
    officer.fill("#away-pin", PIN)
    officer.locator("#away-unlock button").click()
    officer.locator("#away-list").wait_for()


def begin(officer: Page) -> None:
    officer.locator("#away-homes button").first.click()
    officer.locator("#away-form input[inputmode=decimal]").first.fill(INCOME)
    officer.locator("#away-saved", has_text=re.compile(".")).wait_for()


def finish(officer: Page) -> None:
    officer.locator("#away-done").click()
    officer.locator("#away-list").wait_for()


def visits(site: Site) -> list[tuple[str, str]]:
    """How each visit is kept: its request and its place, as they lie in the database."""
    path = next(site.home.glob("*.sqlite3"))
    with closing(sqlite3.connect(path)) as base:
        return base.execute("SELECT request_id, place FROM visits_homevisit ORDER BY id").fetchall()


def losing_the_answer(officer: Page) -> list[str]:
    """Let the next form arrive, and its answer get lost; returns what was sent."""
    sent: list[str] = []

    def lose(route: Route) -> None:
        sent.append(route.request.post_data_buffer.decode("latin-1") if route.request.post_data_buffer else "")
        route.fetch()
        route.abort("connectionreset")

    officer.route("**/away/send/", lose, times=1)
    return sent


@WITH_SCRIPTS
@pytest.mark.parametrize("screen", list(SCREENS))
def test_a_household_is_visited_without_a_network_and_recorded_once(
    open_page: OpenPage, site: Site, screen: str
) -> None:
    officer = officer_at(open_page, screen)
    context = officer.context
    context.grant_permissions(["geolocation"], origin=site.url)
    context.set_geolocation({"latitude": NORTH, "longitude": EAST, "accuracy": 14})
    before = len(visits(site))
    household = household_of(officer)
    (head,) = take(officer, household)
    # Without a network: the page opens, and only the page.
    context.set_offline(True)
    assert all(worker.evaluate(WORKER_IS_CUT_OFF) for worker in context.service_workers)
    officer.reload()
    unlock(officer)
    begin(officer)
    officer.fill("#away-form [name=note]", NOTE)
    officer.locator("[data-place-ask]").click()
    officer.locator("[data-place-away]").wait_for()
    officer.set_input_files(
        "#away-form [type=file]", files=[{"name": "x.jpg", "mimeType": "image/jpeg", "buffer": photograph()}]
    )
    officer.locator("[data-picture-away]").wait_for()
    no_findings(officer)
    assert officer.evaluate("() => document.documentElement.scrollWidth <= window.innerWidth")
    finish(officer)
    assert "没有网" in text_of(officer)
    # What was filled in outlives the page; nobody can read it beside it.
    officer.reload()
    assert [one for one in (head, NOTE, INCOME, str(NORTH)) if one in officer.evaluate(KEPT_TEXT)] == []
    unlock(officer)
    assert head in text_of(officer)
    assert len(visits(site)) == before
    # With the network again: the first answer is lost on the way, and the visit is one all the same.
    sent = losing_the_answer(officer)
    context.set_offline(False)
    officer.locator("#away-told", has_text="刚才没有发送成功").wait_for()
    assert (len(sent), len(visits(site))) == (1, before + 1)
    officer.locator("#away-send").click()
    officer.locator("#away-gone a").wait_for()
    found = visits(site)
    assert len(found) == before + 1, "sent twice, it is one visit"
    assert str(NORTH) not in found[-1][1], "sealed"
    assert officer.evaluate("() => indexedDB.databases().then((all) => all.length)") == 1
    press(officer, "#away-gone a")
    shown = text_of(officer)
    assert [one for one in ("1,234.50", NOTE, "照片1") if one not in shown] == []
    assert str(NORTH) not in shown
    press(officer, "a[href$='/place/']")
    assert [one for one in (str(NORTH), str(EAST), "14米") if one not in text_of(officer)] == []


@pytest.mark.nightly
@WITH_SCRIPTS
def test_control_a_form_sent_again_under_another_number_is_another_visit(open_page: OpenPage, site: Site) -> None:
    officer = officer_at(open_page, "phone")
    before = len(visits(site))
    household = household_of(officer)
    for _ in range(2):
        take(officer, household)
        unlock(officer)
        begin(officer)
        finish(officer)
        officer.locator("#away-gone a").wait_for()
    assert len(visits(site)) == before + 2


@pytest.mark.nightly
@WITH_SCRIPTS
def test_only_the_page_is_cached_and_control_an_unsealed_box_is_found(open_page: OpenPage) -> None:
    officer = officer_at(open_page, "tablet")
    household = household_of(officer)
    (head,) = take(officer, household)
    unlock(officer)
    for page in ("/desk/", f"/desk/households/{household}/", f"{AWAY}choose/?household={household}", AWAY):
        officer.goto(page)
    cached = officer.evaluate(CACHED)
    assert [path for path in cached if path != AWAY and not path.startswith("/static/")] == []
    assert AWAY in cached
    text = officer.evaluate(KEPT_TEXT)
    assert [one for one in (head, "苏木", 'name="csrfmiddlewaretoken"') if one in text] == []
    plain = log_in(open_page(size="phone"), "苏木")

    def unsealed(route: Route) -> None:
        script = route.fetch().text()
        broken = script.replace("await crypto.subtle.encrypt(cipher(iv, place), key, bytes)", "bytes")
        assert broken != script
        route.fulfill(body=broken, content_type="text/javascript")

    plain.route("**/away-keep.js*", unsealed)
    (head,) = take(plain, household)
    assert head in plain.evaluate(KEPT_TEXT)


@pytest.mark.nightly
@WITH_SCRIPTS
def test_a_wrong_pin_opens_nothing_and_after_ten_it_takes_time(open_page: OpenPage) -> None:
    officer = officer_at(open_page, "phone")
    take(officer, household_of(officer))
    for at in range(10):
        officer.fill("#away-pin", f"90817{at}")
        officer.locator("#away-unlock button").click()
        officer.locator("#away-pin-error", has_text="口令不对").wait_for()
        officer.locator("#away-unlock button:not([disabled])").wait_for()
    officer.reload()
    officer.fill("#away-pin", PIN)
    officer.locator("#away-unlock button").click()
    officer.locator("#away-pin-error", has_text=re.compile(r"请过\d+秒再试")).wait_for()
    officer.clock.set_fixed_time(officer.evaluate("() => Date.now()") / 1000 + 60)
    unlock(officer)


@pytest.mark.nightly
@WITH_SCRIPTS
def test_what_was_taken_goes_after_seven_days_and_unsent_answers_are_announced(open_page: OpenPage) -> None:
    officer = officer_at(open_page, "phone")
    (head,) = take(officer, household_of(officer))
    officer.context.set_offline(True)
    unlock(officer)
    begin(officer)
    assert officer.locator("#away-warning").is_hidden()
    officer.evaluate(EARLIER, 6 * DAY)
    officer.reload()
    officer.locator("#away-warning", has_text="没发送的内容将自动删除").wait_for()  # before the PIN is typed
    unlock(officer)
    assert head in text_of(officer)
    officer.evaluate(EARLIER, DAY)
    officer.reload()
    officer.locator("#away-told", has_text="其中1户没有发送").wait_for()
    assert officer.locator("#away-unlock").is_hidden()
    assert officer.evaluate("() => window.niangjiaAway.rows().then((all) => all.length)") == 0


@pytest.mark.nightly
@WITH_SCRIPTS
def test_logged_out_or_somebody_else_nothing_is_sent_and_nothing_lost(open_page: OpenPage, site: Site) -> None:
    officer = officer_at(open_page, "phone")
    before = len(visits(site))
    take(officer, household_of(officer))
    officer.context.set_offline(True)
    unlock(officer)
    begin(officer)
    finish(officer)
    officer.context.set_offline(False)
    officer.context.clear_cookies(name="sessionid")
    officer.locator("#away-send").click()
    officer.locator("#away-login").wait_for()
    assert "填的都在" in officer.inner_text("#away-told")
    log_in(officer, "连翘")
    officer.goto(AWAY)
    unlock(officer)
    officer.locator("#away-told", has_text="不是带出时的账号").wait_for()
    assert len(visits(site)) == before
    officer.context.clear_cookies(name="sessionid")
    log_in(officer, "苏木")
    officer.goto(AWAY)
    unlock(officer)
    officer.locator("#away-gone a").wait_for()
    assert len(visits(site)) == before + 1


def _answering(status: int) -> Callable[[Route], None]:
    return lambda route: route.fulfill(status=status, body="")


@pytest.mark.nightly
@WITH_SCRIPTS
def test_what_stands_in_the_way_is_said_beside_the_household_and_its_answers_stay(
    open_page: OpenPage, site: Site
) -> None:
    officer = officer_at(open_page, "tablet")
    household = household_of(officer)
    take(officer, household)
    unlock(officer)
    begin(officer)
    # Wrong already at the table: said there, while the household can be asked.
    officer.select_option("#away-form [name=purpose]", "recheck")
    officer.locator("#away-form input[inputmode=decimal]").first.fill("一千八")
    officer.locator("#away-done").click()
    officer.locator("#away-errors").wait_for()
    assert officer.locator("#away-errors li").count() == 2
    officer.locator("#away-form input[inputmode=decimal]").first.fill(INCOME)
    officer.locator("#away-form [name=verdict][value=still]").check()
    # Not found any more, or not his to visit.
    officer.route("**/away/send/", _answering(404), times=1)
    finish(officer)
    officer.locator("#away-homes", has_text="退回来了").wait_for()
    officer.locator("#away-homes button").first.click()
    assert "不再归您走访" in officer.inner_text("#away-errors")
    assert officer.locator("#away-form input[inputmode=decimal]").first.input_value() == INCOME
    officer.locator("#away-home summary").click()
    assert INCOME in officer.input_value("#away-text")
    # Somebody else was there meanwhile: told first, and then another visit beside it.
    colleague = log_in(open_page(), "苏木")
    colleague.goto(f"/desk/households/{household}/visits/new/")
    press(colleague, "main .button-main")
    before = len(visits(site))
    finish(officer)
    officer.locator("#away-homes", has_text="退回来了").wait_for()
    officer.locator("#away-homes button").first.click()
    assert "苏木" in officer.inner_text("#away-ask")
    assert len(visits(site)) == before
    officer.locator("#away-anyway").click()
    officer.locator("#away-gone a").wait_for()
    assert len(visits(site)) == before + 1


@pytest.mark.nightly
@WITH_SCRIPTS
def test_everything_is_removed_at_the_second_press_where_something_is_unsent(open_page: OpenPage) -> None:
    officer = officer_at(open_page, "phone")
    household = household_of(officer)
    take(officer, household)
    asked: list[str] = []
    officer.on("request", lambda request: asked.append(request.url) if request.method == "POST" else None)
    officer.goto(f"{AWAY}choose/?household={household}")
    officer.fill("#away-pin", PIN)
    officer.locator("[data-away-can] button[type=submit]").click()
    officer.locator("[data-away-error]", has_text="已经在这台设备上").wait_for()
    assert asked == [], "what finds no room is not handed out"
    officer.goto(AWAY)
    officer.context.set_offline(True)
    unlock(officer)
    begin(officer)
    officer.locator("#away-back").click()
    officer.locator("#away-all summary").click()
    officer.locator("#away-clear").click()
    officer.locator("#away-clear", has_text="有1户填了没发送").wait_for()
    officer.locator("#away-clear").click()
    officer.locator("#away-told", has_text="什么都没有了").wait_for()
    assert officer.evaluate(CACHED) == []
    assert officer.evaluate("() => window.niangjiaAway.box()") is None


@pytest.mark.nightly
@pytest.mark.parametrize("scripts", ["no-scripts"], indirect=True)
def test_without_scripts_the_pages_say_to_print_the_form(open_page: OpenPage) -> None:
    officer = log_in(open_page(size="phone"), "苏木")
    household = household_of(officer)
    officer.goto(f"{AWAY}choose/?household={household}")
    assert "请改为打印" in text_of(officer)
    assert officer.locator("[data-away-can]").is_hidden()
    assert officer.locator(f"a[href$='/households/{household}/visits/form/']").count() == 1
    answer: Response | None = officer.goto(AWAY)
    assert answer is not None
    assert "从那一户的页面打印调查表" in text_of(officer)
    assert "no-store" in answer.headers["cache-control"]
