"""One missing paper: photographed by the worker, checked beside its value, and the list moves."""

from __future__ import annotations

import pytest

from niangjia.files.tests.pictures import png
from tests.browser.conftest import OpenPage, log_in, no_findings, press, press_main, text_of

LISTS = "/desk/lists/"


def photograph(width: int = 60, height: int = 40) -> dict[str, object]:
    """A small grey PNG, as a telephone would hand it over."""
    return {"name": "结算单.png", "mimeType": "image/png", "buffer": png(width, height)}


@pytest.mark.parametrize(("size", "language"), [("phone", "zh-hans"), ("desk", "en")])
def test_a_photographed_slip_is_checked_and_the_household_meets_the_rule(
    open_page: OpenPage, size: str, language: str
) -> None:
    worker = log_in(open_page(size=size, language=language), "桑果红")
    worker.goto("/my/")
    no_findings(worker)
    press(worker, ".card-first .button-main")
    no_findings(worker)
    worker.set_input_files("[name=photograph]", files=[photograph()])
    worker.wait_for_timeout(500)
    press_main(worker)
    worker.wait_for_url("**/my/**")
    worker.goto("/my/todo/")
    no_findings(worker)

    officer = log_in(open_page(language=language), "苏木")
    officer.goto("/desk/verify/")
    assert "杜仲山" in text_of(officer)
    no_findings(officer)
    press_main(officer)
    assert officer.locator(".compare-photo img").evaluate("image => image.naturalWidth") == 60
    no_findings(officer)
    press(officer, "button[value=confirm]")

    worker.goto("/my/")
    words = text_of(worker)
    assert "11,300.00" in words
    assert not worker.locator(".card-first").count()
    worker.goto("/my/me/")
    assert "苏木" in text_of(worker), "who looked at my file"
    no_findings(worker)


@pytest.mark.nightly
def test_a_statement_sent_back_says_why_and_asks_again(open_page: OpenPage) -> None:
    worker = log_in(open_page(size="phone"), "桑果红")
    worker.goto("/my/")
    press(worker, ".card-first .button-main")
    worker.set_input_files("[name=photograph]", files=[photograph()])
    worker.wait_for_timeout(500)
    press_main(worker)
    officer = log_in(open_page(), "苏木")
    officer.goto("/desk/verify/")
    press_main(officer)
    press(officer, "button[value=return]")
    assert officer.locator("[role=alert] p").count() >= 1, "a return without a sentence is refused"
    officer.fill("[name=reason]", "照片看不清金额，请在亮处再拍一张。")
    press(officer, "button[value=return]")
    worker.goto("/my/todo/")
    assert "照片看不清金额" in text_of(worker)
    press_main(worker)
    assert "照片看不清金额" in text_of(worker)


@pytest.mark.nightly
def test_an_employer_reads_four_of_five_and_no_circumstances(open_page: OpenPage) -> None:
    employer = log_in(open_page(size="phone"), "石榴红")
    employer.goto("/employer/")
    words = text_of(employer)
    assert "4名持券人已干满一年，第5名8月19日满" in words
    assert "20,000.00元" in words
    assert "困难" not in words
    no_findings(employer)
