"""Photographs on a village network, in a real browser: shrunk, one by one, through a break, and still legible."""

from __future__ import annotations

import io
import random
import re
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, Request, Route

from tests.browser.conftest import OpenPage, log_in, press, press_main, text_of

pytestmark = pytest.mark.nightly
CAMERA = (3000, 4000)
BIG_ENOUGH = 2_000_000
WITH_SCRIPTS = pytest.mark.parametrize("scripts", ["scripts"], indirect=True)


def _printed_code(officer: Page) -> str:
    """The digits under the QR of a consent form that was just printed."""
    officer.goto("/desk/persons/")
    officer.goto(f"{officer.locator('main table a[href*=persons]').first.get_attribute('href')}consents/paper/")
    return re.sub(r"\D", "", officer.locator(".sheet-foot .num").first.inner_text())


def photographs(code: str) -> list[dict[str, object]]:
    """The ten ways of holding a telephone badly, each as a camera of 12 megapixels writes it: 2 to 5 MB."""
    # The models cannot be imported when this file is read first.
    from niangjia.people.tests.test_papers import sheet, ways  # noqa: PLC0415

    noise = Image.frombytes("L", CAMERA, random.Random(7).randbytes(CAMERA[0] * CAMERA[1]))
    found = []
    for at, page in enumerate(ways(sheet(code)).values()):
        grey = page.convert("L")
        scale = min(CAMERA[0] / grey.width, CAMERA[1] / grey.height) * 0.8  # the sheet does not fill the picture
        shown = grey.resize((int(grey.width * scale), int(grey.height * scale)))
        frame = Image.new("L", CAMERA, 110)
        frame.paste(shown, ((CAMERA[0] - shown.width) // 2, (CAMERA[1] - shown.height) // 2))
        grainy = Image.blend(frame, noise, 0.12)
        buffer = io.BytesIO()
        grainy.save(buffer, "JPEG", quality=92)
        found.append({"name": f"IMG_{at:04}.jpg", "mimeType": "image/jpeg", "buffer": buffer.getvalue()})
    return found


@WITH_SCRIPTS
def test_ten_bad_photographs_travel_one_by_one_through_a_break_and_file_themselves(open_page: OpenPage) -> None:
    officer = log_in(open_page(), "苏木")
    code = _printed_code(officer)
    assert len(code) == 20
    files = photographs(code)
    assert min(len(one["buffer"]) for one in files) > BIG_ENOUGH  # type: ignore[arg-type]
    parts: list[int] = []
    sizes: list[int] = []

    def breaking(route: Route, request: Request) -> None:
        parts.append(int(request.headers["x-offset"]))
        sizes.append(len(request.post_data_buffer or b""))
        if len(parts) in {5, 6, 20}:
            route.abort("connectionreset")
        else:
            route.continue_()

    forms: list[int] = []
    officer.goto("/desk/forms/")
    officer.route("**/uploads/*/", breaking)
    officer.on(
        "request",
        lambda one: forms.append(len(one.post_data_buffer or b""))
        if one.method == "POST" and one.url.endswith("/forms/") else None,
    )  # fmt: skip
    officer.set_input_files("#photographs", files=files)  # type: ignore[arg-type]
    assert officer.locator("#photographs_list li").count() == len(files)
    officer.locator("main form .button-main").click()
    officer.locator("h2", has_text="归档结果").wait_for(timeout=90_000)
    assert sum(sizes) < 0.5 * sum(len(one["buffer"]) for one in files)  # type: ignore[arg-type, misc]
    assert max(sizes) <= 64 * 1024
    assert forms == [size for size in forms if size < 10_000], "the form carries numbers only"
    told = text_of(officer)
    assert [one["name"] for one in files if str(one["name"]) not in told] == []
    assert officer.locator("main ul.due").first.locator("a.due-next:not(.button-quiet)").count() == len(files), (
        "each found its file"
    )


def _return_of_a_late_town(officer: Page) -> None:
    """Open what a town owes since Thursday, as its county that enters it on its behalf."""
    officer.goto("/desk/towns/")
    officer.locator("main table a[href*='/towns/']", has_text="7月困难职工动态").first.click()
    officer.locator("main table a[href*='/returns/']", has_text="立夏镇").first.click()
    officer.fill("[name=words]", "新增1户，盖章的表见照片。")


@WITH_SCRIPTS
def test_the_photograph_of_a_return_travels_small_and_through_a_break(open_page: OpenPage) -> None:
    officer = log_in(open_page(), "苏木")
    _return_of_a_late_town(officer)
    photograph = photographs("0" * 20)[:1]
    sent: list[int] = []
    forms: list[int] = []

    def breaking(route: Route, request: Request) -> None:
        sent.append(len(request.post_data_buffer or b""))
        if len(sent) in {2, 3}:
            route.abort("connectionreset")
        else:
            route.continue_()

    officer.route("**/uploads/*/", breaking)
    officer.on(
        "request",
        lambda one: forms.append(len(one.post_data_buffer or b""))
        if one.method == "POST" and one.url.endswith("/give/") else None,
    )  # fmt: skip
    officer.set_input_files("[name=file]", files=photograph)  # type: ignore[arg-type]
    officer.locator("main form[action$='/give/'] .button-main").click()
    officer.locator("a", has_text="打开附件").wait_for(timeout=60_000)
    assert sum(sent) < 0.5 * len(photograph[0]["buffer"])  # type: ignore[arg-type]
    assert max(sent) <= 64 * 1024
    assert forms == [size for size in forms if size < 10_000], "the form carries numbers only"
    assert len(forms) == 1


@pytest.mark.parametrize("scripts", ["no-scripts"], indirect=True)
def test_without_scripts_the_plain_form_returns_it_too(open_page: OpenPage) -> None:
    officer = log_in(open_page(), "苏木")
    _return_of_a_late_town(officer)
    officer.set_input_files("[name=file]", files=photographs("0" * 20)[:1])  # type: ignore[arg-type]
    press(officer, "main form[action$='/give/'] .button-main")
    assert officer.locator("a", has_text="打开附件").count() == 1


@WITH_SCRIPTS
def test_a_roster_shows_how_far_it_is(open_page: OpenPage, tmp_path: Path) -> None:
    table = tmp_path / "members.csv"
    row = "柳絮飞,,1380000{:04},2024-03-01\n"
    table.write_text("姓名,身份证号,手机号,入会日期\n" + "".join(row.format(at) for at in range(9999)) * 20, "utf-8")
    officer = log_in(open_page(), "苏木")
    officer.goto("/desk/rosters/new/")
    officer.evaluate(
        """() => { window.seen = [];
        const bar = document.querySelector("progress");
        new MutationObserver(() => window.seen.push([bar.hidden, bar.value,
          document.querySelector(".upload-note").textContent])).observe(bar.closest("form"),
          {subtree: true, attributes: true, childList: true, characterData: true}); }"""
    )
    officer.check("input[name=kind][value=members]")
    officer.select_option("[name=union]", label="云禾县总工会")
    officer.set_input_files("[name=file]", table)
    officer.locator("main form .button-main").click()
    officer.wait_for_url(re.compile(r"/rosters/(?!new)"))
    seen = officer.evaluate("window.seen")
    assert any(not hidden and value > 0 for hidden, value, _ in seen), "the bar moved"
    assert any("%" in words for _, _, words in seen)


@pytest.mark.parametrize("scripts", ["no-scripts"], indirect=True)
def test_without_scripts_the_plain_form_files_them_too(open_page: OpenPage) -> None:
    officer = log_in(open_page(), "苏木")
    code = _printed_code(officer)
    officer.goto("/desk/forms/")
    assert "最多选4张" in text_of(officer)
    officer.set_input_files("#photographs", files=photographs(code)[:2])  # type: ignore[arg-type]
    press_main(officer)
    assert officer.locator("main ul.due").first.locator("a.due-next:not(.button-quiet)").count() == 2
