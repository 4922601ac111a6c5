"""T31: a bomb sent to the running site: answered at once, refused with a sentence, by a child that stays small."""

from __future__ import annotations

import random
import re
import subprocess
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.urls import reverse
from pytest_django.live_server_helper import LiveServer

from niangjia.files import children, sheets
from niangjia.files.sheets import FAULTS, SheetLimits
from niangjia.people.models import RosterImport
from niangjia.people.services import roster_work
from niangjia.people.tests.malformed import Case, bomb, endless_columns, endless_rows, in_sheet, nested, with_parts
from niangjia.people.tests.tables import MEMBERS, workbook
from niangjia.people.tests.world import build_world

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.one_database, pytest.mark.nightly]
BOMBS = (bomb, nested, endless_rows, endless_columns)
SECONDS, PEAK_KB = 2.0, 512 * 1024
TURNS = 3  # of the clock: the quickest, which nothing else on the machine delayed
LIFTED = SheetLimits(rows=10**7, cells=10**10, unpacked=10**10, memory=4 * 10**9, seconds=120.0)


@dataclass
class Peak:
    """The most kilobytes that a child process had in memory at once."""

    kilobytes: int = 0
    pids: list[int] = field(default_factory=list)

    def follow(self, child: subprocess.Popen[Any]) -> None:
        """Look at it until it ends; the kernel keeps its highest mark, so that a short rise is seen as well."""
        self.pids.append(child.pid)
        while child.returncode is None:
            try:
                told = Path(f"/proc/{child.pid}/status").read_text()
            except OSError:
                return
            mark = re.search(r"VmHWM:\s+(\d+) kB", told)
            self.kilobytes = max(self.kilobytes, int(mark[1]) if mark else 0)
            time.sleep(0.002)


@pytest.fixture
def peak(monkeypatch: pytest.MonkeyPatch) -> Peak:
    """What the children that are started from now on have in memory."""
    found = Peak()

    class Followed(subprocess.Popen):  # type: ignore[type-arg]
        def __init__(self, *given: Any, **named: Any) -> None:
            super().__init__(*given, **named)
            threading.Thread(target=found.follow, args=[self], daemon=True).start()

    monkeypatch.setattr(children.subprocess, "Popen", Followed)
    return found


@dataclass
class Desk:
    """An officer's browser on a site that runs."""

    address: str
    session: str
    union: str
    seconds: list[float] = field(default_factory=list)

    def ask(self, method: str, path: str, body: bytes = b"", **headers: str) -> tuple[int, str, str]:
        """Status, where it leads to, and words; how long it took is kept."""
        connection = HTTPConnection(urlsplit(self.address).netloc, timeout=60)
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        headers["Cookie"] = f"{self.session}; {headers.get('Cookie', '')}"
        began = time.monotonic()
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        words = answer.read().decode()
        self.seconds.append(time.monotonic() - began)
        connection.close()
        told = {**dict(answer.getheaders()), "Cookies": "; ".join(answer.headers.get_all("Set-Cookie") or [])}
        return answer.status, told.get("Location", ""), f"{words}\n{told['Cookies']}"

    def hand_in(self, content: bytes) -> tuple[int, str]:
        """Send a table by the form, as a browser does."""
        _status, _location, words = self.ask("GET", reverse("roster_new"))
        (token,) = set(re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)"', words)[:1])
        (cookie,) = re.findall(r"csrftoken=[^;]+", words)[:1]
        (request_id,) = re.findall(r'name="request_id" value="([^"]+)"', words)[:1]
        sent = {
            "csrfmiddlewaretoken": token, "kind": "members", "union": self.union, "true_on": "2026-08-03",
            "request_id": request_id, "file": SimpleUploadedFile("名册.xlsx", content),
        }  # fmt: skip
        body = encode_multipart(BOUNDARY, sent)
        status, location, _words = self.ask(
            "POST", reverse("roster_new"), body, Content_Type=MULTIPART_CONTENT, Cookie=cookie
        )
        return status, location


@pytest.fixture
def desk(live_server: LiveServer, settings: LazySettings, tmp_path: Path) -> Desk:
    """The county's officer at a site that runs."""
    settings.DEMO_NUMBERS, settings.MEDIA_ROOT = True, str(tmp_path)
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
    world, client = build_world(), Client()
    client.force_login(world.user("su"))
    session = f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"
    return Desk(live_server.url, session, world.union("town-a").public_id)


def times_of(desk: Desk, content: bytes) -> tuple[float, float, RosterImport]:
    """How long the site takes to answer who sends this, and from then until its page says what became of it."""
    status, location = desk.hand_in(content)
    assert status == 302
    answered, began = desk.seconds[-1], time.monotonic()
    roster_work.work_rosters()
    roster = RosterImport.objects.latest("pk")
    _status, _location, page = desk.ask("GET", location)
    judged = time.monotonic() - began
    if roster.state == "unreadable":
        assert str(FAULTS[roster.fault]).partition("。")[0] in page, "the page says why"
    return answered, judged, roster


def twenty_columns(dice: random.Random) -> Case:
    """A mark in the last row there can be, with twenty columns before it: 640 MB for whoever reads it."""
    content = workbook([MEMBERS, ("车前草", "", "", date(2020, 1, 1))])
    last = b'<row r="1048576"><c r="T1048576"><v>1</v></c></row></sheetData>'
    return Case(with_parts(content, in_sheet(lambda part: part.replace(b"</sheetData>", last))), "unreadable")


@pytest.mark.parametrize("kind", [*BOMBS, twenty_columns], ids=lambda kind: kind.__name__)
def test_a_bomb_is_answered_and_refused_within_two_seconds_by_a_small_child(
    desk: Desk, peak: Peak, kind: Callable[[random.Random], Case]
) -> None:
    content = kind(random.Random(1)).content
    found = [times_of(desk, content) for _turn in range(TURNS)]
    assert {roster.state for _answered, _judged, roster in found} == {"unreadable"}
    assert min(answered for answered, _judged, _roster in found) <= SECONDS
    assert min(judged for _answered, judged, _roster in found) <= SECONDS
    assert len(peak.pids) == TURNS
    assert 0 < peak.kilobytes <= PEAK_KB


def test_control_without_limits_it_takes_longer_and_more(
    desk: Desk, peak: Peak, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(roster_work, "sheet_rows", partial(sheets.sheet_rows, limits=LIFTED))
    _answered, judged, _roster = times_of(desk, twenty_columns(random.Random(1)).content)
    assert judged > SECONDS
    assert peak.kilobytes > PEAK_KB
