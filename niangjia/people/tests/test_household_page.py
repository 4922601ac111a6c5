"""一户一档: what stands on the page, and what leaves the house on paper."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from niangjia.federation.models import AuditRow
from niangjia.people.models import Household
from niangjia.people.services.employers import register_employer, start_employment
from niangjia.people.services.households import add_member, open_hardship_file, register_household
from niangjia.people.services.persons import register_person
from niangjia.people.tests.world import World, credit_code, identity_number

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
MOTHER = identity_number(date(1982, 5, 20), 1)


@pytest.fixture
def home(world: World) -> Household:
    """A mother in work, and a son who has two jobs, one of them without a known wage."""
    su, union_id = world.user("su"), world.union("town-a").pk
    people = [
        register_person(union_id=union_id, name=name, id_number=number, phone=phone, acting_user=su)
        for name, number, phone in (
            ("金银花", MOTHER, "13800001111"),
            ("银杏生", identity_number(date(2004, 1, 28), 2), ""),
        )
    ]
    found = register_household(
        union_id=union_id, head_id=people[0].pk, address="谷雨街道2号", registered_on=date(2020, 1, 1), acting_user=su
    )
    add_member(
        household_id=found.pk, person_id=people[1].pk, relation="child", valid_from=date(2020, 1, 1), acting_user=su
    )
    firms = [
        register_employer(union_id=union_id, name=f"木槿{at}号", credit_code=credit_code(at), acting_user=su)
        for at in (1, 2)
    ]
    for person, firm, wage in ((0, 0, 264_000), (1, 0, 100_000), (1, 1, None)):
        start_employment(
            person_id=people[person].pk, employer_id=firms[firm].pk, started_on=date(2026, 5, 11), source="合同",
            monthly_wage_fen=wage, acting_user=su,
        )  # fmt: skip
    open_hardship_file(
        household_id=found.pk, grade="relative", cause="子女就学", entered_on=date(2023, 10, 16),
        review_due_on=date(2026, 8, 1), acting_user=su,
    )  # fmt: skip
    return found


def _client(world: World) -> Client:
    client = Client()
    client.force_login(world.user("su"))
    return client


def _row(html: str, name: str) -> str:
    return next(row for row in html.split("<tr>") if f">{name}</" in row)


def test_the_page_shows_who_earns_what_and_not_half_of_it(world: World, home: Household) -> None:
    html = _client(world).get(f"/desk/households/{home.public_id}/").content.decode()
    assert "2,640.00" in _row(html, "金银花")
    # One of his two wages is unknown: the sum of the known ones would be a wrong income.
    assert "—" in _row(html, "银杏生")
    assert "1,000.00" not in html
    assert "建立困难档案" in html
    assert "子女就学" in html
    assert "打印全档" in html
    assert MOTHER not in html


def test_paper_is_masked_until_a_reason_is_given_and_each_look_is_kept(world: World, home: Household) -> None:
    address, client = f"/desk/households/{home.public_id}/print/", _client(world)
    masked = client.get(address).content.decode()
    assert MOTHER not in masked
    assert "号码已遮盖" in masked
    refused = client.post(address, {"reason": " "})
    assert refused.status_code == 422
    assert MOTHER not in refused.content.decode()
    assert not AuditRow.objects.filter(action="people.identity:look").exists()
    full = client.post(address, {"reason": "报市总复核"}).content.decode()
    assert MOTHER in full
    assert "报市总复核" in full
    assert f"打印人：{world.user('su').display_name}" in full
    looks = AuditRow.objects.filter(action="people.identity:look")
    assert [row.reason for row in looks] == ["报市总复核"] * 2
    assert AuditRow.objects.filter(action="people.household:print").count() == 3


def test_what_was_counted_as_nought_stands_behind_what_is_known(world: World, home: Household) -> None:
    client = Client()
    client.force_login(world.user("su"))
    page = client.get(f"/desk/households/{home.public_id}/").content.decode()
    section = page.partition('id="facts"')[2]
    table, _, rest = section.partition("</table>")
    assert "家里有职工" in table
    assert "今年领钱的次数" not in table
    assert "今年领钱的次数 0" in rest.partition("</details>")[0], "folded, not left out"
