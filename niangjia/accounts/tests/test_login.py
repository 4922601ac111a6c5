"""Logging in by code and by password: what opens, what stays shut, and what nobody learns."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.contrib.sessions.models import Session
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from niangjia.accounts import entry
from niangjia.accounts.backend import AccountBackend
from niangjia.accounts.entry import Gatekeeper, PhoneBook
from niangjia.accounts.models import LoginCode, User
from niangjia.accounts.services.users import create_user
from niangjia.accounts.sessionstore import SessionStore
from niangjia.accounts.tests.conftest import Hand
from niangjia.core import clock
from niangjia.core.registries import Registry

KNOWN, UNKNOWN, DESK = "+8613800000001", "+8613800000002", "+8613800000003"
PASSWORD = "a-plant-grows-here"


@pytest.fixture(autouse=True)
def _house(db: None, monkeypatch: pytest.MonkeyPatch, hand: Hand) -> None:
    """One registered person, one officer; the rooms above are played by the test."""
    officer = create_user(username="sumu", display_name="苏木", phone=DESK, password=PASSWORD)
    keepers: Registry[Gatekeeper] = Registry("gatekeepers")
    keepers.register("t", Gatekeeper(lambda user: True, *[lambda user: user == officer] * 2, lambda user, way: None))
    books: Registry[PhoneBook] = Registry("phone books")
    books.register("t", PhoneBook(lambda phone: phone == KNOWN, _enter))
    monkeypatch.setattr(entry, "gatekeepers", keepers)
    monkeypatch.setattr(entry, "phone_books", books)


def _enter(phone: str) -> User:
    return create_user(username="che", display_name="车前草", phone=phone)


def texts(settings: LazySettings) -> list[str]:
    path = Path(settings.TEXTS_FILE)
    return path.read_text().splitlines() if path.exists() else []


def code_in(text: str) -> str:
    found = re.search(r"\d{6}", text.split("\t")[2])
    assert found
    return found.group()


def ask(client: Client, phone: str, **more: str) -> HttpResponse:
    return client.post("/login/", {"phone": phone, **more})


def test_a_registered_person_enters_with_the_code_and_gets_an_account(settings: LazySettings) -> None:
    client = Client()
    assert ask(client, "138 0000 0001").url == "/login/code/"  # type: ignore[attr-defined]
    (text,) = texts(settings)
    assert "工会不会有人向您要这个码" in text
    assert "\t138 **** 0001\t" in text, "the file stays on disk: it holds no whole number"
    assert client.post("/login/code/", {"code": code_in(text)}).url == "/home/"  # type: ignore[attr-defined]
    assert User.objects.with_phone(KNOWN).get().display_name == "车前草"
    assert client.session["_auth_user_id"] == str(User.objects.with_phone(KNOWN).get().pk)


def test_a_code_works_once(settings: LazySettings) -> None:
    client, other = Client(), Client()
    ask(client, KNOWN)
    other.cookies = client.cookies
    code = code_in(texts(settings)[0])
    row = LoginCode.objects.get()
    client.post("/login/code/", {"code": code})
    again = Client()
    session = again.session
    session["login_asked"] = {"code": row.public_id, "next": "/home/", "masked": "", "text": ""}
    session.save()
    assert again.post("/login/code/", {"code": code}).status_code == 422


def _without_csrf(response: HttpResponse) -> bytes:
    return re.sub(rb'name="csrfmiddlewaretoken" value="[^"]+"', b"", response.content)


def test_known_unknown_and_officers_numbers_get_the_same_answers(settings: LazySettings) -> None:
    answers = []
    for phone in (KNOWN, UNKNOWN, DESK):
        client = Client()
        asked = ask(client, phone)
        page = _without_csrf(client.get("/login/code/")).replace(phone[-4:].encode(), b"")
        wrong = client.post("/login/code/", {"code": "not-it"})
        body = _without_csrf(wrong).replace(phone[-4:].encode(), b"")
        answers.append((asked.status_code, asked.headers["Location"], page, wrong.status_code, body))
    assert answers[0] == answers[1] == answers[2]
    assert len(texts(settings)) == 1
    assert LoginCode.objects.count() == 3


def test_an_officer_cannot_enter_by_telephone(settings: LazySettings) -> None:
    ask(Client(), DESK)
    assert texts(settings) == []


@pytest.mark.parametrize("seconds", [0, 59])
def test_a_second_code_within_a_minute_is_refused_and_after_it_is_sent(
    hand: Hand, settings: LazySettings, seconds: int
) -> None:
    ask(Client(), KNOWN)
    hand.pass_by(seconds=seconds)
    for phone in (KNOWN,):
        assert "不到一分钟前" in ask(Client(), phone).content.decode()
    hand.pass_by(seconds=60 - seconds)
    assert ask(Client(), KNOWN).status_code == 302
    assert len(texts(settings)) == 2


@pytest.mark.parametrize("phone", [KNOWN, UNKNOWN])
def test_ten_codes_a_day_and_no_more_for_known_and_unknown_numbers(hand: Hand, phone: str) -> None:
    for _ in range(10):
        assert ask(Client(), phone).status_code == 302
        hand.pass_by(seconds=61)
    assert "已经要了10次" in ask(Client(), phone).content.decode()
    hand.pass_by(days=1)
    assert ask(Client(), phone).status_code == 302


def test_the_budget_of_the_day_holds_for_everybody(settings: LazySettings, hand: Hand) -> None:
    settings.TEXTS_PER_DAY = 1
    assert ask(Client(), KNOWN).status_code == 302
    hand.pass_by(seconds=61)
    assert "今天的短信已经发完了" in ask(Client(), KNOWN).content.decode()
    assert "今天的短信已经发完了" in ask(Client(), UNKNOWN).content.decode()
    assert len(texts(settings)) == 1


def test_five_wrong_tries_spend_the_code_even_for_the_right_one(settings: LazySettings) -> None:
    client = Client()
    ask(client, KNOWN)
    code = code_in(texts(settings)[0])
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"
    for _ in range(5):
        assert client.post("/login/code/", {"code": wrong}).status_code == 422
    assert client.post("/login/code/", {"code": code}).status_code == 422
    assert not User.objects.with_phone(KNOWN).exists()


@pytest.mark.parametrize(("minutes", "status"), [(4, 302), (5, 422)])
def test_a_code_lives_five_minutes(hand: Hand, settings: LazySettings, minutes: int, status: int) -> None:
    client = Client()
    ask(client, KNOWN)
    hand.pass_by(minutes=minutes)
    assert client.post("/login/code/", {"code": code_in(texts(settings)[0])}).status_code == status


def test_only_the_browser_that_asked_can_try_the_code(settings: LazySettings) -> None:
    ask(Client(), KNOWN)
    stranger = Client()
    assert stranger.post("/login/code/", {"code": code_in(texts(settings)[0])}).url == "/login/"  # type: ignore[attr-defined]
    ask(stranger, UNKNOWN)
    assert stranger.post("/login/code/", {"code": code_in(texts(settings)[0])}).status_code == 422


def test_neither_number_nor_code_stands_readable_in_the_database(settings: LazySettings) -> None:
    from django.db import connection  # noqa: PLC0415  raw rows, as a thief would read them

    ask(Client(), KNOWN)
    code = code_in(texts(settings)[0])
    with connection.cursor() as cursor:
        cursor.execute("SELECT phone, digest FROM accounts_logincode")
        phone, digest = cursor.fetchone()
    assert "3800000001" not in phone
    assert code not in phone + digest


@pytest.mark.parametrize(
    ("given", "after"),
    [
        ("/desk/verify/", "/desk/verify/"), ("https://evil.example/", "/home/"), ("//evil.example/x", "/home/"),
        ("javascript:alert(1)", "/home/"), ("", "/home/"), ("/\\evil.example", "/home/"),
    ],
)  # fmt: skip
def test_the_way_back_stays_on_this_site(given: str, after: str) -> None:
    response = Client().post("/login/password/", {"username": "sumu", "password": PASSWORD, "next": given})
    assert response.headers["Location"] == after


@pytest.mark.parametrize("name", ["sumu", "nobody"])
def test_five_failures_lock_the_name_for_half_an_hour_known_or_not(hand: Hand, name: str) -> None:
    pages = []
    for _ in range(6):
        response = Client().post("/login/password/", {"username": name, "password": "wrong-one-here"})
        assert response.status_code == 422
        pages.append(response.content.decode())
    assert all("账号或密码不对" in page for page in pages[:5])
    assert "账号锁30分钟" in pages[5]
    right = {"username": "sumu", "password": PASSWORD}
    if name == "sumu":
        hand.pass_by(minutes=29)
        assert Client().post("/login/password/", right).status_code == 422
        hand.pass_by(minutes=1)
    assert Client().post("/login/password/", right).status_code == 302


def test_a_right_password_forgets_the_failures_before_it() -> None:
    for _ in range(3):
        for _ in range(4):
            Client().post("/login/password/", {"username": "sumu", "password": "wrong-one-here"})
        assert Client().post("/login/password/", {"username": "sumu", "password": PASSWORD}).status_code == 302


def test_an_idle_desk_session_ends_and_keeps_what_was_being_sent(hand: Hand) -> None:
    client = Client()
    client.post("/login/password/", {"username": "sumu", "password": PASSWORD})
    hand.pass_by(minutes=29)
    assert client.get("/login/").status_code == 302  # still logged in: sent on
    hand.pass_by(minutes=31)
    ended = client.post("/preference/", {"back": "/design/", "theme": "dark", "request_password": "x"})
    assert ended.headers["Location"].startswith("/login/password/?idle=1")
    page = client.get(ended.headers["Location"]).content.decode()
    assert "离开超过30分钟，请重新登录，填到一半的替您留着。" in page
    assert "_auth_user_id" not in client.session
    back = client.post("/login/password/", {"username": "sumu", "password": PASSWORD}, follow=True).content.decode()
    assert 'action="/preference/"' in back
    assert 'name="back" value="/design/"' in back
    assert "request_password" not in back


def test_what_was_kept_is_shown_to_nobody_else(hand: Hand) -> None:
    create_user(username="lian", display_name="连翘", password=PASSWORD)
    client = Client()
    client.post("/login/password/", {"username": "sumu", "password": PASSWORD})
    hand.pass_by(minutes=31)
    client.post("/preference/", {"back": "/design/"})
    page = client.post("/login/password/", {"username": "lian", "password": PASSWORD, "next": "/design/"}, follow=True)
    assert 'action="/preference/" ' not in page.content.decode()
    assert page.redirect_chain[-1][0] == "/design/"


def test_a_worker_is_not_sent_away_after_half_an_hour(hand: Hand, settings: LazySettings) -> None:
    client = Client()
    ask(client, KNOWN)
    client.post("/login/code/", {"code": code_in(texts(settings)[0])})
    hand.at += timedelta(hours=2)
    assert "_auth_user_id" in client.session
    assert client.get("/login/").headers["Location"] == "/home/"


@pytest.mark.usefixtures("demo_stage")
def test_on_a_demo_stage_the_text_is_shown_and_nothing_leaves(settings: LazySettings) -> None:
    client = Client()
    ask(client, KNOWN)
    ask(client, KNOWN)  # no waiting on a stage
    page = client.get("/login/code/").content.decode()
    assert "演示：不真的发短信" in page
    code = re.search(r"登录验证码(\d{6})", page)
    assert code
    assert texts(settings) == []
    assert client.post("/login/code/", {"code": code.group(1)}).status_code == 302


def test_outside_a_demo_stage_no_page_shows_a_code_or_an_account() -> None:
    client = Client()
    assert "演示" not in client.get("/login/").content.decode()
    ask(client, KNOWN)
    page = client.get("/login/code/").content.decode()
    assert "登录验证码" not in page
    assert clock.is_demo() is False


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("1380000000", "手机号填了10位，应为11位。"),
        ("hello", "这不是手机号"),
        ("10000000001", "这不是手机号"),
        ("", "请填手机号。"),
    ],
)
def test_a_wrong_number_is_answered_in_words(typed: str, sentence: str) -> None:
    response = ask(Client(), typed)
    assert response.status_code == 422
    assert sentence in response.content.decode()


def test_logging_out_ends_the_session() -> None:
    client = Client()
    client.post("/login/password/", {"username": "sumu", "password": PASSWORD})
    assert client.get("/logout/").status_code == 405
    client.post("/logout/")
    assert "_auth_user_id" not in client.session


def test_a_session_past_its_end_and_one_of_a_closed_account_open_nothing(client: Client):
    user = User.objects.get(username="sumu")
    client.force_login(user)
    key = client.cookies["sessionid"].value
    assert SessionStore(key).load()["_auth_user_id"] == str(user.pk)
    assert AccountBackend().get_user(user.pk) == user

    User.objects.filter(pk=user.pk).update(is_active=False)
    Session.objects.filter(session_key=key).update(expire_date=timezone.now() - timedelta(seconds=2))

    assert SessionStore(key).load() == {}
    assert AccountBackend().get_user(user.pk) is None
    assert AccountBackend().get_user(-1) is None
