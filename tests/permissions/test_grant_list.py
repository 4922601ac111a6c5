"""权限 as a list: who held, holds and will hold which role; narrowed, and taken out of the desk with its mark."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from niangjia.core import clock
from niangjia.federation.models import AuditRow, Grant
from niangjia.federation.services import grants
from niangjia.people.services.employers import register_employer
from niangjia.people.tests.world import World, build_world, credit_code
from tests.permissions.test_rights_pages import client_of, day

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
TOWN = {"jiang", "bai"}


@pytest.fixture
def world() -> World:
    built = build_world()
    built.officer("xun", "county_officer", "county")
    built.officer("lan", "viewer", "town-a")
    return built


def held_by(world: World, who: str = "xun", **asked: str) -> set[str]:
    """The users whose roles stand on the list."""
    page = client_of(world, who).get(reverse("rights"), asked).content.decode()
    return {name for name in world.users if f'<th scope="row">{name}·葵<br>' in page}


def test_roles_narrow_by_role_union_and_kind_of_scope(world: World) -> None:
    Grant.objects.filter(user=world.user("lan")).update(scope_kind="programme", programme="some-programme")
    assert held_by(world) == {"su", "lian", "jiang", "bai", "yuan", "xun", "lan"}
    assert held_by(world, role="town_officer") == TOWN
    assert held_by(world, union=world.union("town-a").public_id) == {"jiang", "lan"}
    assert held_by(world, kind="programme") == {"lan"}
    assert "lan" not in held_by(world, kind="union")
    assert held_by(world, name="bai") == {"bai"}
    assert held_by(world, "jiang") == {"jiang", "lan"}, "only what stands below"


def test_roles_narrow_by_how_they_stand(world: World) -> None:
    moment = clock.now()
    Grant.objects.filter(user=world.user("jiang")).update(
        valid_from=moment - timedelta(days=9), expires_at=moment - timedelta(days=1)
    )
    grants.revoke_grant(grant=Grant.objects.get(user=world.user("bai")), acting_user=world.user("xun"), reason="离任")
    Grant.objects.filter(user=world.user("yuan")).update(expires_at=moment + timedelta(days=29))
    Grant.objects.filter(user=world.user("lian")).update(valid_from=moment + timedelta(days=3))
    assert held_by(world) & (TOWN | {"lian"}) == {"lian"}
    assert held_by(world, state="ended") == {"jiang"}
    assert held_by(world, state="revoked") == {"bai"}
    assert held_by(world, state="soon") == {"yuan"}
    assert held_by(world, state="coming") == {"lian"}
    assert held_by(world, state="running") == {"su", "yuan", "xun", "lan"}
    assert held_by(world, state="ever") == {"su", "lian", *TOWN, "yuan", "xun", "lan"}
    page = client_of(world, "xun").get(reverse("rights"), {"state": "revoked"}).content.decode()
    assert "/take/" not in page, "what is over is not taken back once more"
    assert "in force or to come" not in page
    assert "in force or to come" in client_of(world, "xun").get(reverse("rights")).content.decode()


def test_deputies_are_told_from_those_who_hold_a_role_themselves(world: World) -> None:
    own = Grant.objects.get(user=world.user("su"))
    grants.name_deputy(grant_id=own.pk, username="lan", first=day(0), last=day(6), acting_user=world.user("su"))
    assert held_by(world, deputy="yes") == {"lan"}
    assert held_by(world, deputy="no", role="county_officer") == {"su", "xun"}


def test_agents_of_employers_are_on_it_for_who_may_open_the_employer(world: World) -> None:
    su = world.user("su")
    firm = register_employer(
        name="槐乙纺织", credit_code=credit_code(1), union_id=world.union("town-a").pk, acting_user=su
    )  # fmt: skip
    grants.grant_role(
        user=world.user("lan"), role="employer_agent", employer_id=firm.pk, owner_union_id=firm.union_id,
        expires_at=grants.end_of(day(90)), acting_user=su,
    )  # fmt: skip
    assert held_by(world, kind="employer") == {"lan"}
    assert held_by(world, "bai", kind="employer") == set()
    assert held_by(world, kind="employer", union=world.union("town-b").public_id) == set()
    assert held_by(world, "yuan", kind="employer") == set(), "who opens no employer's file is not offered it"


def test_the_list_of_roles_leaves_with_a_purpose_and_a_mark(world: World) -> None:
    address = reverse("list_export", args=["federation.grants"])
    sent = {"way": "xlsx", "purpose": "审计组", "columns": ["who", "role", "until"]}
    assert client_of(world, "xun").post(f"{address}?state=ever", sent).headers["Content-Type"].endswith("sheet")
    told = AuditRow.objects.get(action="federation.export:take")
    assert (told.reason, told.actor) == ("审计组", world.user("xun"))
    assert client_of(world, "yun").post(address, sent).status_code == 404
