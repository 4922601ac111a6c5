"""The shell's own pages: whole in both languages, without inline code, and silent about what they may not say."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DataError
from django.http import HttpResponse
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import translation

from niangjia.core import areas, clock
from niangjia.core.registries import NotRegistered
from niangjia.federation.rights import roles
from niangjia.site import context
from niangjia.site.context import MenuLink, shell
from niangjia.site.middleware import MOST_BYTES, LettersMiddleware
from niangjia.site.samples import SampleForm
from niangjia.site.status import status_words
from niangjia.site.templatetags.niangjia import FigureWithoutUnit, figures, status, whole_amounts
from niangjia.site.views.errors import server_error

TEMPLATES = Path(__file__).parent.parent / "templates"
HAN = r"[\u4e00-\u9fff]"
pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


def _text(html: str) -> str:
    html = re.sub(r"<(code|style|script)\b.*?</\1>", "", html, flags=re.S)
    html = re.sub(r"<span[^>]*aria-hidden[^>]*>[^<]*</span>", "", html)
    # What stands inside a line joins it; everything else begins a new one.
    return re.sub(r"<[^>]+>", "\n", re.sub(r"</?(?:span|b|a|time|em|small)\b[^>]*>", "", html))


@pytest.mark.parametrize(("language", "title"), [("zh-hans", "本站的部件"), ("en", "The parts of this site")])
def test_the_design_page_shows_every_part_in_both_languages(client: Client, language: str, title: str) -> None:
    client.cookies["language"] = language
    page = client.get("/design/").content.decode()
    assert f"<h1>{title}</h1>" in page
    for part in sorted((TEMPLATES / "site" / "parts").glob("*.html")):
        first = re.search(r'class="([\w-]+)', part.read_text(encoding="utf-8"))
        assert first is None or first.group(1) in page or part.stem in {"live", "menu", "who"}, part.name


def test_the_chinese_design_page_speaks_chinese_only(client: Client) -> None:
    words = set(re.findall(r"[A-Za-z]{4,}", _text(client.get("/design/").content.decode())))
    tokens = {"paper", "surface", "sunk", "line", "edge", "press", "link", "late", "chart"}
    assert words - tokens == {"English", "Ctrl"} & words


def test_no_blank_stands_between_han_and_digits(client: Client) -> None:
    lines = _text(client.get("/design/").content.decode()).splitlines()
    for line in lines:
        assert not re.search(rf"{HAN} \d+{HAN}|{HAN}[,;:?!](?:{HAN}|$)", line), line


def test_an_amount_keeps_its_unit_and_its_text_stays_text() -> None:
    text = "一次性补贴300.00元，共20,000.00元<b>。"
    kept = '一次性补贴<span class="num">300.00元</span>，共<span class="num">20,000.00元</span>&lt;b&gt;。'
    assert whole_amounts(text) == kept
    assert whole_amounts("没有金额") == "没有金额"


def test_what_the_framework_says_on_forms_is_said_in_our_words_and_behind_a_label_without_its_stop() -> None:
    class Asked(forms.Form):
        letter = forms.CharField(label="请拍一张录取通知书。", max_length=2)

    with translation.override("zh-hans"):
        for data, words in (({}, "请填写这一项。"), ({"letter": "abc"}, "最多写2个字，现在有3个字。")):
            page = render_to_string("site/parts/form_errors.html", {"form": Asked(data)})
            assert f"请拍一张录取通知书：{words}" in page


@pytest.mark.parametrize("address", ["/", "/design/", "/nothing/"])
def test_no_page_carries_inline_script_or_style(client: Client, address: str) -> None:
    page = client.get(address).content.decode()
    assert not re.search(r"\sstyle=|\son[a-z]+=|<style|javascript:", page)
    assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", page))
    assert not re.search(r"(?:src|href|action)=\"(?:https?:)?//", page)


def test_what_is_missing_answers_with_the_same_bytes_whatever_was_asked(client: Client) -> None:
    one = client.get("/desk/people/abc/?q=麦芒种")
    other = client.get("/nothing/at/all/")
    assert (one.status_code, other.status_code) == (404, 404)
    assert one.content == other.content
    assert "麦芒种" not in one.content.decode()


def test_a_form_that_was_open_too_long_loses_nothing() -> None:
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post("/preference/", {"theme": "dark"})
    assert answer.status_code == 403
    assert "什么都没有改动" in answer.content.decode()


@pytest.mark.parametrize("how", ["long", "many files", "many fields", "torn"])
def test_more_than_the_house_takes_is_answered_with_what_to_do(db: None, client: Client, how: str) -> None:
    files = {f"f{at}": SimpleUploadedFile("x", b"x") for at in range(101)} if how == "many files" else {}
    fields = {f"n{at}": "1" for at in range(1_001)} if how == "many fields" else {"theme": "dark"}
    # The head alone is judged: nobody reads 41 MB first.
    head = {"CONTENT_LENGTH": str(MOST_BYTES + 1)} if how == "long" else {}
    kind = {"content_type": "multipart/form-data"} if how == "torn" else {}
    answer = client.post("/preference/", b"x" if how == "torn" else fields | files, **head, **kind)  # type: ignore[arg-type]
    assert answer.status_code == (400 if how == "torn" else 413)
    words = "再发一次" if how == "torn" else "一次最多能发送40MB"
    assert words in answer.content.decode()
    assert answer["Content-Security-Policy"]


def test_the_error_page_needs_no_request_and_names_the_number() -> None:
    with translation.override("zh-hans"):
        page = render_to_string("site/server_error.html", {"number": "8F3A"})
    assert "8F3A" in page
    assert "数据没有改动" in page


def test_an_error_is_logged_under_the_number_on_the_page(rf: RequestFactory, caplog: pytest.LogCaptureFixture) -> None:
    answer = server_error(rf.get("/desk/"))
    number = re.search(r"<b class=\"num\">([0-9A-F]{4})</b>", answer.content.decode())
    assert answer.status_code == 500
    assert number is not None
    assert number.group(1) in caplog.text


def _menu_at(monkeypatch: pytest.MonkeyPatch, rf: RequestFactory, path: str) -> list[MenuLink]:
    entries = [
        areas.MenuEntry("desk", 1, "Today", "desk"),
        areas.MenuEntry("desk", 2, "Front", "front", badge=lambda request: 3),
        areas.MenuEntry("desk", 3, "Parts", "design", right="federation.audit:read"),
    ]
    monkeypatch.setattr(areas, "entries_of", lambda area: entries)
    return list(shell(rf.get(path))["menu"])


def test_the_menu_hides_what_the_reader_may_not_open(monkeypatch: pytest.MonkeyPatch, rf: RequestFactory) -> None:
    assert [link.label for link in _menu_at(monkeypatch, rf, "/desk/")] == ["Today", "Front"]


def test_the_menu_marks_where_the_reader_stands(monkeypatch: pytest.MonkeyPatch, rf: RequestFactory) -> None:
    assert [link.current for link in _menu_at(monkeypatch, rf, "/desk/")] == [True, False]
    assert [link.current for link in _menu_at(monkeypatch, rf, "/desk/elsewhere/")] == [False, False]


@pytest.mark.parametrize(
    ("path", "current"),
    [("/desk/", ["今日"]), ("/desk/lists/", ["名单"]), ("/desk/lists/abc/", ["名单"]), ("/desk/elsewhere/", [])],
)
def test_an_officer_finds_today_first_on_the_menu_and_it_is_marked_on_its_own_page_only(
    monkeypatch: pytest.MonkeyPatch, rf: RequestFactory, path: str, current: list[str]
) -> None:
    monkeypatch.setattr(context, "rights_of", lambda user: {"policy.programme:read", "benefits.list:read"})
    with translation.override("zh-hans"):
        links = list(shell(rf.get(path))["menu"])
        assert links[0].label == "今日"
        assert links[0].url == "/desk/"
        assert [link.label for link in links if link.current] == current


DESK_ROLES = ("viewer", "town_officer", "county_officer", "deputy_chair", "auditor", "assessor")


@pytest.mark.parametrize("role", DESK_ROLES)
def test_a_desk_has_nine_entries_at_most_and_every_page_is_two_presses_away(
    monkeypatch: pytest.MonkeyPatch, rf: RequestFactory, role: str
) -> None:
    held = roles.get(role).rights
    monkeypatch.setattr(context, "rights_of", lambda user: held)
    first = list(shell(rf.get("/desk/"))["menu"])
    assert len(first) <= 9
    reached = {link.entry.route for link in first}
    for link in first:
        reached |= {one.entry.route for one in shell(rf.get(link.url))["menu"]}
    reached |= {link.entry.route for link in shell(rf.get(reverse("own_account")))["account_menu"]}
    assert reached == {entry.route for entry in areas.entries_of("desk") if not entry.right or entry.right in held}


def test_what_stands_under_another_entry_is_shown_where_that_one_is_open_and_counted_where_it_is_not(
    monkeypatch: pytest.MonkeyPatch, rf: RequestFactory
) -> None:
    entries = [
        areas.MenuEntry("desk", 1, "Today", "desk"),
        areas.MenuEntry("desk", 2, "Lists", "desk_lists", badge=lambda request: 1),
        areas.MenuEntry("desk", 3, "Notices", "desk_notices", badge=lambda request: 2, under="desk_lists"),
    ]
    monkeypatch.setattr(areas, "entries_of", lambda area: entries)

    def seen(path: str) -> list[tuple[str, bool, int | None]]:
        return [(link.label, link.current, link.badge) for link in shell(rf.get(path))["menu"]]

    assert seen("/desk/") == [("Today", True, None), ("Lists", False, 3)]
    assert seen(reverse("desk_notices")) == [("Today", False, None), ("Lists", False, 1), ("Notices", True, 2)]
    monkeypatch.setattr(areas, "entries_of", lambda area: entries[2:])
    assert seen("/desk/") == [("Notices", False, 2)], "without the one above it stands for itself"


def test_the_menu_counts_what_waits(monkeypatch: pytest.MonkeyPatch, rf: RequestFactory) -> None:
    assert [link.badge for link in _menu_at(monkeypatch, rf, "/desk/")] == [None, 3]


def test_theme_and_size_are_remembered_in_cookies(client: Client) -> None:
    client.post("/preference/", {"size": "large", "back": "/design/"})
    client.post("/preference/", {"theme": "dark", "back": "/design/"})
    page = client.get("/design/").content.decode()
    assert 'data-theme="dark"' in page.split(">", 2)[1]
    assert 'data-size="large"' in page.split(">", 2)[1]


@pytest.mark.parametrize(
    ("code", "when", "days", "expected"),
    [
        ("yes", None, None, "✓初步符合"),
        ("verify", None, None, "…待核实"),
        ("ask", None, None, "?差一样"),
        ("no", None, None, "–暂不符合"),
        ("hold", None, None, "‖暂缓"),
        ("notice", date(2026, 8, 10), None, "…公示中·到8月10日"),
        ("approved", None, None, "✓已批准"),
        ("served", date(2026, 8, 20), None, "✓已发放·8月20日"),
        ("returned", None, None, "!退回，正在重发"),
        ("ended", date(2026, 7, 1), None, "–不再符合·自7月1日"),
        ("overdue", None, 2, "!已超时2个工作日"),
    ],
)
def test_a_status_is_symbol_and_word(code: str, when: date | None, days: int | None, expected: str) -> None:
    with translation.override("zh-hans"), clock.frozen(date(2026, 8, 3)):
        assert re.sub("<[^>]+>", "", status(code, when, days)) == expected


def test_every_status_has_words_in_both_languages() -> None:
    for word in status_words.all():
        blanks = {"day": "3", "days": 3}
        for text in (word.word, word.with_day, word.with_days):
            if text == "":
                continue
            with translation.override("en"):
                english = str(text % blanks)
            with translation.override("zh-hans"):
                assert str(text % blanks) != english, word.code
                assert re.search(HAN, str(text % blanks)), word.code


def test_an_unknown_status_is_loud() -> None:
    with pytest.raises(NotRegistered):
        status("approvd")


def test_a_number_without_a_unit_is_not_shown() -> None:
    with pytest.raises(FigureWithoutUnit):
        figures([{"label": "符合", "value": "61", "unit": ""}])


def test_folded_blocks_are_open_but_shut_in_large_print() -> None:
    template = Template('{% fold "x" %}inside{% endfold %}')
    assert '<details class="fold" open>' in template.render(Context({"size": ""}))
    assert '<details class="fold">' in template.render(Context({"size": "large"}))


def test_the_summary_of_errors_links_to_the_field_and_says_its_name_once() -> None:
    form = SampleForm({"name": "", "number": "9999", "amount": "1", "grade": "deep", "town": "xm"})
    with translation.override("zh-hans"):
        page = render_to_string("site/parts/form_errors.html", {"form": form})
    assert '<a href="#id_name">姓名：' in page
    assert '<a href="#id_number">身份证号少一位：填了4位，应为18位。</a>' in page


def test_templates_carry_no_inline_code() -> None:
    for path in TEMPLATES.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"\sstyle=|\son(?:click|change|submit|load|input)=|hx-on", text), path.name


@pytest.mark.parametrize("address", ["/?q=a%00", "/desk/search/?q=%00", "/desk/?%00=1", "/desk/a%00/"])
def test_an_address_with_a_letter_nobody_types_is_refused_with_a_page(client: Client, address: str) -> None:
    """PostgreSQL takes no text with NUL in it: what was looked for with it broke there."""
    answer = client.get(address)
    assert answer.status_code == 400
    assert "<h1" in answer.content.decode()
    assert client.get(address.replace("%00", "%20")).status_code in {200, 302, 404}, "the control"


@pytest.mark.parametrize(("message", "status"), [("fields cannot contain NUL (0x00) bytes", 400), ("x", 0)])
def test_so_is_what_came_in_a_form_and_only_that(rf: RequestFactory, message: str, status: int) -> None:
    answer = LettersMiddleware(lambda _request: HttpResponse()).process_exception(rf.post("/desk/"), DataError(message))
    assert (0 if answer is None else answer.status_code) == status
