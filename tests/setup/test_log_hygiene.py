"""Real journeys with planted numbers: no log line, error page, mail or job page ever says one of them."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core import mail
from django.test import Client
from django.urls import reverse

from niangjia.accounts.models import User
from niangjia.people import finding
from niangjia.people.tests.tables import MEMBERS, hand_in, text_table
from niangjia.people.tests.world import World, build_world, identity_number
from niangjia.site.logs import MaskingFormatter
from tests.setup.test_at_rest import forms

NUMBER = identity_number(date(1980, 1, 2), 7)
RUINED = NUMBER[:-1] + ("0" if NUMBER[-1] != "0" else "1")
PHONE, STRANGER = "13800000077", "13800000078"
CARD = "6222020200123456789"


@pytest.fixture
def world(db: None, settings: LazySettings, tmp_path: Path) -> World:
    """Officers, and an installation whose administrator wants mail about errors."""
    settings.DEMO_NUMBERS, settings.MEDIA_ROOT = True, str(tmp_path / "files")
    settings.TEXTS_FILE = str(tmp_path / "texts.log")
    settings.ADMINS = [("admin", "admin@example.org")]
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
    return build_world()


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What the installation's own handler writes."""
    handler = next(one for one in logging.getLogger().handlers if one.name == "stderr")
    assert isinstance(handler, logging.StreamHandler)
    written = io.StringIO()
    before = handler.setStream(written)
    yield written
    handler.setStream(before or io.StringIO())


def client_of(user: User) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(user)
    return client


def said(text: str, *numbers: str) -> list[str]:
    """Which numbers stand in a text, in which form."""
    data = text.encode()
    return [f"{name} of {number}" for number in numbers for name, form in forms(number) if form in data]


def journeys(world: World, monkeypatch: pytest.MonkeyPatch) -> str:
    """Log in, register, search, import, and crash in the middle of each: all pages that tell of a fault."""
    pages = []
    visitor = Client(raise_request_exception=False)
    visitor.post(reverse("login"), {"phone": STRANGER})
    pages.append(visitor.post(reverse("login_code"), {"code": "000000"}).content.decode())
    desk = client_of(world.user("su"))
    union = world.union("town-a").public_id
    entry = {"union": union, "name": "麦芒种", "id_number": NUMBER, "phone": PHONE}
    assert desk.post(reverse("person_new"), entry).status_code == 302
    desk.post(reverse("person_new"), {**entry, "id_number": RUINED})
    asked = Client(raise_request_exception=False)
    asked.post(reverse("login"), {"phone": PHONE})
    roster = hand_in(
        text_table([MEMBERS, ("麦芒种", RUINED, PHONE, "2020-01-01"), (CARD, NUMBER[:17], CARD, "x")]),
        world.user("su"), world.union("town-a").pk, name="名册.csv",
    )  # fmt: skip
    pages.append(desk.get(reverse("roster_list")).content.decode())

    def breaks(*_words: object, **_named: object) -> None:
        raise ValueError(f"invalid literal for int(): '{NUMBER}' {PHONE} {CARD}")

    monkeypatch.setattr(finding, "find", breaks)
    monkeypatch.setattr("niangjia.people.services.persons.parse_identity_number", breaks)
    monkeypatch.setattr("niangjia.accounts.services.codes._text", breaks)
    monkeypatch.setattr("niangjia.people.services.roster_work.frame_of", breaks)
    for answer in (
        desk.get(reverse("desk_search"), {"q": NUMBER}),
        desk.post(reverse("person_new"), {**entry, "name": CARD}),
        Client(raise_request_exception=False).post(reverse("login"), {"phone": "13800000079"}),
    ):
        assert answer.status_code == 500
        pages.append(answer.content.decode())
    broken = hand_in(text_table([MEMBERS, (CARD, NUMBER, PHONE, "x")]), world.user("su"), roster.union_id, name="b.csv")
    assert broken.fault == "work_failed"
    pages.append(desk.get(reverse("roster_file", args=[broken.public_id])).content.decode())
    return "".join(pages)


def test_no_number_stands_in_any_log_error_page_mail_or_job_page(
    world: World, log: io.StringIO, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages = journeys(world, monkeypatch)
    code = Path(settings.TEXTS_FILE).read_text().split("验证码")[-1][:6]
    planted = (NUMBER, RUINED, PHONE, STRANGER, CARD)
    written = log.getvalue()
    assert written.count("ValueError") >= 4, "the crashes were logged"
    assert said(written, *planted, code) == []
    assert said(pages, *planted, code) == []
    mails = "".join(str(one.message()) for one in mail.outbox)
    assert said(mails, *planted, code) == []
    assert said(Path(settings.TEXTS_FILE).read_text(), NUMBER, RUINED, CARD) == []


def test_control_a_number_that_is_written_down_is_found(world: World, log: io.StringIO) -> None:
    handler = next(one for one in logging.getLogger().handlers if one.name == "stderr")
    handler.setFormatter(logging.Formatter())
    try:
        logging.getLogger("niangjia.people").warning("could not read %s", NUMBER)
    finally:
        handler.setFormatter(MaskingFormatter())
    assert said(log.getvalue(), NUMBER) == [f"plain of {NUMBER}"]
    logging.getLogger("niangjia.people").warning("could not read %s or %s %s", NUMBER, PHONE, CARD)
    assert said(log.getvalue().splitlines()[-1], NUMBER, PHONE, CARD) == []
