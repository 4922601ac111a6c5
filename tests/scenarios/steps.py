"""The steps that scenarios share, each as a person takes it: publish, freeze, give notice, approve, hand out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import Any, Protocol

from django.test import Client

from niangjia.core import clock, duties
from niangjia.federation.services import audit
from tests.scenarios.visitor import Visitor, paper


class Place(Protocol):
    """Where a story plays: somebody's browser by name."""

    def client(self, name: str) -> Client:
        """A browser in which somebody is logged in."""


def ticker() -> None:
    """What the installation does by itself each second: hand on what changed, run the duties that are due."""
    audit.advance_feed()
    duties.run_due()


@contextmanager
def later(day: date) -> Iterator[None]:
    """Nine o'clock of another day; no sweep lies between, for stories that need none."""
    audit.advance_feed()
    with clock.frozen(day):
        yield


@contextmanager
def morning(day: date) -> Iterator[None]:
    """Nine o'clock of another day, after the night's sweep."""
    ticker()  # a duty that has never been seen waits for its next time
    with clock.frozen(day):
        ticker()
        yield


def publish(place: Place, recipe: str, values: Mapping[str, Any], officer: str = "苏木", chair: str = "连翘") -> str:
    """Take a recipe over from the shelf, fill it in, send it; the second person confirms. Returns the version."""
    version = take_over(visit(place, officer), recipe, values)
    send(place, version, officer, chair)
    return version


def take_over(desk: Visitor, recipe: str, values: Mapping[str, Any]) -> str:
    """A draft of one's own, filled in; returns the version."""
    desk.open("desk_recipes")
    desk.click(recipe)
    desk.press("复制成本县草稿")
    desk.click("填写")
    version = desk.page.address.split("/")[3]
    desk.press("保存", {**values, "文件": paper()})
    return version


def send(place: Place, version: str, officer: str = "苏木", chair: str = "连翘") -> None:
    """Send a draft; the second person finds it on her first page and confirms."""
    desk = visit(place, officer)
    desk.open("desk_version", version)
    desk.click("送复核")
    desk.press("送复核")
    second = visit(place, chair)
    second.open("desk")
    second.click("对照文件复核")
    second.press("与文件一致")


def record(desk: Visitor, kind: str, public_id: str, code: str, values: Mapping[str, Any]) -> None:
    """Record one fact on the page of a person, a household, an employer or a union."""
    desk.open("fact_new", kind, public_id, code)
    desk.press("记录", values)


def visit(place: Place, name: str) -> Visitor:
    """Somebody's browser, freshly logged in."""
    return Visitor(place.client(name))


def open_list(desk: Visitor, programme: str, tab: str = "", document: str = "") -> Visitor:
    """The list of a programme (its document, where two have its name) under one tab, from the page of lists."""
    desk.open("desk_lists")
    desk.click(programme, beside=document)
    if tab:
        desk.click(tab)
    return desk


def freeze(desk: Visitor, programme: str) -> str:
    """定稿 with document, meeting and scan; returns the list."""
    open_list(desk, programme).click("定稿")
    confirm_freeze(desk)
    return desk.page.address.split("/")[3]


def confirm_freeze(desk: Visitor, expect: int = 200) -> None:
    """Fill in the page that confirms a freezing, and press."""
    today = clock.today()
    words = {"文号": f"云工发〔{today.year}〕21号", "会议": "主席办公会", "会议日期": today.isoformat()}
    desk.press("定稿", {**words, "会议纪要或文件扫描件": paper()}, expect=expect)


def give_notice(desk: Visitor, frozen: str) -> None:
    """开始公示, with what is proposed by the page, and let the people on it see it."""
    desk.open("desk_notice", frozen)
    desk.press("开始公示", {"公示地点": "各乡镇政务公开栏", "监督电话": "0000-8010100"})


def approve(place: Place, frozen: str, officer: str = "苏木", chair: str = "连翘") -> None:
    """Ask for approval, and have the deputy chair find it on her first page and approve."""
    desk = visit(place, officer)
    desk.open("desk_notice", frozen)
    desk.press("报审批")
    second = visit(place, chair)
    second.open("desk")
    second.click("查看并审批")
    second.press("与文件一致，批准")


def hand_out(desk: Visitor, frozen: str, reference: str = "付字〔2026〕0815号") -> None:
    """Tick every row that waits, and record it as handed out."""
    desk.open("desk_notice", frozen)
    desk.press("登记", {"row": desk.tick(), "reference": reference})


def export(desk: Visitor) -> bytes:
    """The rows of the open tab as an Excel file, taken for a purpose."""
    on_screen = desk.page
    desk.click("导出或打印")
    file = desk.download("导出", {"purpose": "周一部务会"})
    desk.page = on_screen
    return file
