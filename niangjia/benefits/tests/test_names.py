"""Minors stand on no list that leaves the desk; bodies are named in full."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from niangjia.benefits import export
from niangjia.benefits.names import names_of, place_name
from niangjia.benefits.tests import world
from niangjia.core import clock
from niangjia.core.errors import NotFoundHere
from niangjia.core.workdays import workdays_after
from niangjia.federation.listing.pages import page_of
from niangjia.federation.scopes import scope_of
from niangjia.federation.services.exports import take_list
from niangjia.policy import queries as policy

pytestmark = pytest.mark.one_database

if TYPE_CHECKING:
    from niangjia.benefits.tests.world import Village


def _named(village: Village, kind: str, pk: int, home: int | None) -> SimpleNamespace:
    return SimpleNamespace(subject_kind=kind, subject_id=pk, union_id=village.union("town-a"), household_id=home)


def test_a_child_stands_under_the_head_of_the_household_outside(village: Village) -> None:
    child = _named(village, "person", village.persons["艾米"], village.homes["艾草青"])
    name = names_of([child], today=clock.today(), numbers=True)["person", child.subject_id]
    assert (name.name, name.is_minor) == ("艾米", True)
    assert (name.outside, name.noticed) == ("艾草青", "艾*青")
    assert name.outside_number != name.number
    assert name.outside_number.startswith("990")


def test_on_the_eighteenth_birthday_a_child_is_none_any_more(village: Village) -> None:
    row = _named(village, "person", village.persons["麦冬冬"], village.homes["麦芒种"])
    before = names_of([row], today=date(2026, 9, 30))["person", row.subject_id]
    after = names_of([row], today=date(2026, 10, 1))["person", row.subject_id]
    assert (before.outside, after.outside) == ("麦芒种", "麦冬冬")


def test_an_employer_is_named_in_full(village: Village) -> None:
    row = _named(village, "employer", village.firm, None)
    assert names_of([row], today=clock.today())["employer", village.firm].noticed == "榴红食品"


@pytest.mark.parametrize(
    ("union", "place"), [("小满镇总工会", "小满镇"), ("立春街道工会", "立春街道"), ("工会", "工会")]
)
def test_a_town_is_named_without_its_union(union: str, place: str) -> None:
    assert place_name(union) == place


@pytest.mark.parametrize(
    ("up", "days", "until"),
    [
        (date(2026, 8, 3), 5, date(2026, 8, 10)), (date(2026, 8, 7), 1, date(2026, 8, 10)),
        (date(2026, 8, 8), 1, date(2026, 8, 10)), (date(2026, 8, 3), 0, date(2026, 8, 3)),
    ],
)  # fmt: skip
def test_the_day_it_goes_up_is_not_counted(up: date, days: int, until: date) -> None:
    assert workdays_after(up, days) == until


def test_an_export_names_no_child_masks_numbers_and_says_who_took_it(village: Village) -> None:
    version = world.study_aid(village)
    world.letter(village)
    su = village.user("su")
    wanted = [column.code for column in export.LIST.columns]
    page = page_of(su, "benefits.list", {}, version)
    text = _text_of(take_list(page=page, columns=wanted, way="xlsx", purpose="周一部务会", acting_user=su).content)
    assert "麦芒种" in text
    assert "麦冬冬" not in text
    assert "99012319810606" not in text
    assert su.display_name in text


def _text_of(content: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        return "".join(book.read(name).decode() for name in book.namelist() if name.endswith(".xml"))


def test_a_town_exports_its_own_people_and_a_stranger_nothing(village: Village) -> None:
    version = world.consolation(village)
    found = page_of(village.user("bai"), "benefits.list", {}, version)
    assert [row.one.subject_id for row in found.found] == [village.persons["谷满仓"]]
    stranger = village.base.officer("zhi", "county_officer", "other-county")
    with pytest.raises(NotFoundHere):
        policy.version_card(scope_of(stranger, "benefits.list:read"), version)
