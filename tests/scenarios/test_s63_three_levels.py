"""S63 · 河南职工服务平台: province, city and county use one platform together, and each manages its own level.

What of the row waits for rooms that are not built: activities (`gatherings`), vacancies (`jobs`), courses
(`training`), the e-card (`membership`), one search over all of these. 2,131,000 registered users are the page's
figure, not a rule.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from html import unescape

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from niangjia.accounts import entry
from niangjia.accounts.models import User
from niangjia.accounts.services.users import create_user
from niangjia.core import clock
from niangjia.federation.models import Officer
from niangjia.federation.services.grants import grant_role, ten_years_from_now
from niangjia.people.services.persons import register_person
from niangjia.people.tests.world import World, identity_number
from tests.scenarios import steps
from tests.scenarios.pages import Page
from tests.scenarios.village import ON_PAPER, Village
from tests.scenarios.visitor import Visitor

ROOM, CLASSES = "妈咪暖心小屋", "“候鸟”爱心班扶持"
YEAR = {"number_year_from": "2026-01-01", "number_year_to": "2026-12-31"}
POSTS = {
    "省": ("county_officer", "province"), "省副": ("deputy_chair", "province"), "市": ("county_officer", "city"),
    "甲县": ("county_officer", "county"), "甲县副": ("deputy_chair", "county"),
    "乙县": ("county_officer", "other-county"), "乙县副": ("deputy_chair", "other-county"),
}  # fmt: skip


@dataclass
class Province:
    """One platform, somebody at each level of it."""

    world: World
    users: dict[str, User]

    def client(self, name: str) -> Client:
        """A browser in which one of them is logged in."""
        client = Client()
        client.force_login(self.users[name])
        return client

    def at(self, name: str, page: str, *args: object, **query: str) -> Visitor:
        """Somebody's browser on a page."""
        visitor = steps.visit(self, name)
        visitor.open(page, *args, **query)
        return visitor


@pytest.fixture
def province(village: Village) -> Province:
    """The village's tree with an officer and a deputy at each level that publishes."""
    users = {name: village.world.officer(name, role, union) for name, (role, union) in POSTS.items()}
    return Province(village.world, users)


def test_each_level_publishes_and_what_is_above_is_seen_below_and_nothing_beside(province: Province) -> None:
    """The province's programme stands on both counties' pages; county A's on its own, its city's and the province's."""
    steps.publish(province, ROOM, {**ON_PAPER, **YEAR}, "省", "省副")
    own = {**ON_PAPER, "number_support_per_class": "5000"}
    version = steps.publish(province, CLASSES, own, "甲县", "甲县副")
    for name, sees in {"省": True, "市": True, "甲县": True, "乙县": False}.items():
        assert ROOM in province.at(name, "desk_programmes").page.text, name
        for page in ("desk_programmes", "desk_lists"):
            assert (CLASSES in province.at(name, page).page.text) == sees, (page, name)
    stranger = steps.visit(province, "乙县")
    for route in ("desk_version", "desk_list", "desk_list_print"):
        assert stranger.client.get(f"/{_address(route, version)}").status_code == 404, route
    # What is in force is the public's too: both stand on the front page, each with its union's name.
    front = Visitor(Client()).open("front").text
    assert "province工会" in front
    assert "county工会" in front


def _address(route: str, version: str) -> str:
    return {
        "desk_version": f"desk/programmes/{version}/", "desk_list": f"desk/lists/{version}/",
        "desk_list_print": f"desk/lists/{version}/print/",
    }[route]  # fmt: skip


def test_a_level_counts_and_finds_its_own_part_of_the_tree_only(province: Province) -> None:
    """Households, search and counts: the province and the city see both counties, each county its own."""
    for at, (officer, union, name) in enumerate(
        (("甲县", "town-a", "槐叶生"), ("乙县", "far-town", "榆钱子"), ("乙县", "far-town", "榆荚子"))
    ):
        register_person(
            union_id=province.world.union(union).pk, name=name, id_number=identity_number(date(1980, 1, 1), 50 + at),
            phone="", acting_user=province.users[officer],
        )  # fmt: skip
    for viewer, known in {"省": 3, "市": 3, "甲县": 1, "乙县": 2}.items():
        found = province.at(viewer, "desk_search", q="榆").page.rows
        assert len(found) == (0 if viewer == "甲县" else 2), viewer
        usage = province.at(viewer, "usage").page
        by_level = [row for row in usage.rows if "级别" in row]
        assert sum(int(row["在册职工和家属"].removesuffix("人")) for row in by_level) == known, viewer


def test_usage_is_counted_per_level_and_per_union_each_number_with_its_unit(province: Province) -> None:
    """Accounts, who logged in, how often: by level and by union; the city's parts add up to its total."""
    for name in ("甲县", "甲县", "乙县副"):
        _log_in(province.users[name])
    worker = register_person(
        union_id=province.world.union("town-a").pk, name="槐叶生", id_number=identity_number(date(1980, 1, 1), 60),
        phone="13800000060", acting_user=province.users["甲县"],
    )  # fmt: skip
    account = create_user(username="huai", display_name="槐叶生", phone="+8613800000060")
    grant_role(user=account, role="worker", person_id=worker.pk, expires_at=ten_years_from_now(), acting_user=None)
    _log_in(account)
    page = province.at("市", "usage").page
    counties = _level(page, "县")
    assert (counties["工会组织"], counties["经办人账号"]) == ("2家", "7人")  # four named here, three of the village
    assert (counties["登录过的经办人"], counties["经办人登录"]) == ("2人", "3人次")
    own, other = (
        next(row for row in page.rows if row.get("工会") == name) for name in ("county工会", "other-county工会")
    )
    assert (own["经办人登录"], own["职工账号"], own["登录过的职工"]) == ("2人次", "1人", "1人")
    assert (other["经办人登录"], other["职工账号"]) == ("1人次", "0人")
    assert "other-county工会" not in province.at("甲县", "usage").page.text
    opened = [_opens_its_list(province, name) for name in ("市", "甲县")]
    assert opened[0] > opened[1] > 3
    officers = province.at("市", "usage_officers", **{"in": "yes"})
    assert [row["近30天登录"] for row in officers.page.rows] == ["2人次", "1人次"]
    with clock.frozen(date(2026, 9, 15)):
        assert _level(province.at("市", "usage").page, "县")["经办人登录"] == "0人次"


def _opens_its_list(province: Province, name: str) -> int:
    """How many numbers of the page open a list; each list holds as many as its number says."""
    client = province.client(name)
    page = client.get(reverse("usage")).content.decode()
    found = re.findall(r'href="(/desk/usage/officers/[^"]*)" data-count="(\d+)"', page)
    for address, number in found:
        assert f'data-total="{number}"' in client.get(unescape(address)).content.decode(), address
    return len(found)


def _level(page: Page, level: str) -> dict[str, str]:
    return next(row for row in page.rows if row.get("级别") == level)


def _log_in(user: User) -> None:
    with transaction.atomic():
        entry.note_entry(user, "password")


def test_one_account_and_the_local_union_s_name_on_every_page(province: Province) -> None:
    """The platform's name and the union's own beside it; a worker sees the town's; the same log-in for every page."""
    for name, union in (("省", "province"), ("乙县", "other-county")):
        _seat(province, name, union)
        brand = next(province.at(name, "desk").page.root.of_class("brand"))
        assert brand.text == f"娘家 {union}工会"
    worker = register_person(
        union_id=province.world.union("grid-a").pk, name="槐叶生", id_number=identity_number(date(1980, 1, 1), 61),
        phone="13800000061", acting_user=province.users["甲县"],
    )  # fmt: skip
    account = create_user(username="huai", display_name="槐叶生", phone="+8613800000061")
    grant_role(user=account, role="worker", person_id=worker.pk, expires_at=ten_years_from_now(), acting_user=None)
    province.users["槐叶生"] = account
    assert next(province.at("槐叶生", "my_home").page.root.of_class("brand")).text == "娘家 town-a工会"


def _seat(province: Province, name: str, union: str) -> None:
    Officer.objects.create(
        user=province.users[name], union=province.world.union(union), post="干事", valid_from=date(2026, 1, 1)
    )


def test_a_task_goes_down_three_levels_and_the_province_looks_through(province: Province) -> None:
    """Province to city, city to its counties, county to its towns: each sees those directly below, and opens them."""
    _hand_down(province, "省", "")
    _hand_down(province, "市", "转发给下级工会")
    _hand_down(province, "甲县", "转发给下级工会")
    county = province.at("乙县", "desk")
    county.click("去填报")
    county.press("提交", {"答复": "都好"})
    top = province.at("省", "towns")
    top.click("上半年情况", beside="province工会")
    assert top.page.figures["已报"].number == "0家"
    assert [row["工会"] for row in top.page.rows] == ["city工会 已转发 · 2家中1家已报"]
    top.click("已转发")
    assert top.page.figures["已报"].number == "1家"
    assert {row["工会"].split()[0] for row in top.page.rows} == {"county工会", "other-county工会"}
    assert "上半年情况" not in province.at("乙县", "towns").page.part("已下发")


def _hand_down(province: Province, name: str, onward: str) -> None:
    desk = province.at(name, "town_task_new")
    if onward:
        desk.open("desk")
        desk.click("去填报")
        desk.click(onward)
        desk.press("下发")
    else:
        desk.press("下发", {"任务": "上半年情况", "任务要求": "写半页"})


def test_the_pages_of_all_levels_work_large_and_without_scripts(province: Province) -> None:
    """Accessibility: the large print is a cookie of a plain form, on the same pages at every level."""
    for name in ("省", "市", "甲县"):
        client = province.client(name)
        client.post("/preference/", {"size": "large", "back": "/desk/usage/"})
        page = client.get("/desk/usage/").content.decode()
        assert 'data-size="large"' in page
