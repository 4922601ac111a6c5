"""Employers' agents: named by an officer, in by telephone, out at the next request; and nothing learnt on the way."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.test import Client
from django.urls import reverse

from niangjia.accounts.entry import may_enter
from niangjia.accounts.models import User
from niangjia.core import clock
from niangjia.core.errors import NotFoundHere, Refusal, RightMissing
from niangjia.federation.models import AuditRow, Grant
from niangjia.federation.scopes import scope_of
from niangjia.federation.services.grants import OwnRole, TooLong, grant_role, name_deputy
from niangjia.people.models import Employer
from niangjia.people.services import agents
from niangjia.people.services.employers import register_employer
from niangjia.people.services.persons import register_person
from niangjia.people.tests.world import World, build_world, credit_code

pytestmark = pytest.mark.django_db
OWN = "benefits.employer:read"
PHONE, OTHER = "13800000081", "13800000082"


@pytest.fixture
def world(settings: LazySettings) -> World:
    settings.DEMO_NUMBERS = True
    return build_world()


@pytest.fixture
def firm(world: World) -> Employer:
    return register_employer(
        union_id=world.union("town-a").pk, name="榴红食品", credit_code=credit_code(7), acting_user=world.user("su")
    )


def named(world: World, firm: Employer, who: str = "su", **more: object) -> User:
    said = {"name": "石榴红", "phone": PHONE, "until": clock.today() + timedelta(days=100), "reason": "委托书", **more}
    return agents.name_agent(employer_id=firm.pk, acting_user=world.user(who), **said)  # type: ignore[arg-type]


def client_of(world: World, name: str) -> Client:
    client = Client()
    client.cookies["language"] = "en"
    client.force_login(world.user(name))
    return client


def test_an_agent_is_named_from_the_employers_page_and_goes_when_taken_back(world: World, firm: Employer) -> None:
    su = client_of(world, "su")
    page = reverse("employer_file", args=[firm.public_id])
    assert "Nobody yet" in su.get(page).content.decode()
    until = clock.today() + timedelta(days=100)
    sent = {"name": "石榴红", "phone": "138 0000 0081", "until": until.isoformat(), "reason": "委托书"}
    assert su.post(reverse("agent_new", args=[firm.public_id]), {**sent, "reason": ""}).status_code == 422
    assert su.post(reverse("agent_new", args=[firm.public_id]), sent).headers["Location"] == page
    agent = User.objects.with_phone(f"+86{PHONE}").get()
    assert (may_enter(agent), scope_of(agent, OWN).employers) == (True, {firm.pk})
    for address in (page, reverse("rights")):
        shown = su.get(address).content.decode()
        assert ["石榴红" in shown, until.isoformat() in shown, "su·葵" in shown] == [True] * 3
        assert PHONE not in shown
    his = Client()
    his.force_login(agent)
    assert his.get(reverse("employer_home")).status_code == 200
    grant = Grant.objects.get(user=agent)
    su.post(reverse("agent_take", args=[firm.public_id, grant.pk]), {"reason": "离职"})
    assert his.get(reverse("employer_home")).status_code == 404
    assert not may_enter(agent)
    rows = AuditRow.objects.filter(object_kind="user", object_id=agent.pk).order_by("pk")
    told = rows.filter(action__startswith="federation.grant").values_list("action", "actor", "union_id", "reason")
    su_pk, town = world.user("su").pk, world.union("town-a").pk
    assert list(told) == [
        ("federation.grant:give", su_pk, town, "委托书"), ("federation.grant:revoke", su_pk, town, "离职")
    ]  # fmt: skip
    assert su.get(reverse("agent_take", args=[firm.public_id, grant.pk])).status_code == 404


def test_whoever_gives_no_roles_there_names_nobody_and_sees_no_button(world: World, firm: Employer) -> None:
    world.officer("far", "county_officer", "other-county")
    lan = world.officer("lan", "viewer", "town-a")
    own = Grant.objects.get(user=world.user("su"))
    name_deputy(
        grant_id=own.pk, username="lan", first=clock.today(), last=clock.today(), acting_user=world.user("su")
    )  # fmt: skip
    named(world, firm)
    grant = Grant.objects.get(role="employer_agent")
    for who in ("jiang", "bai", "yun", "far", "lan", "yuan"):
        with pytest.raises((RightMissing, NotFoundHere)):
            named(world, firm, who)
        with pytest.raises((RightMissing, NotFoundHere)):
            agents.revoke_agent(employer_id=firm.pk, grant_id=grant.pk, reason="x", acting_user=world.user(who))
        client = client_of(world, who)
        for route, ids in (("agent_new", []), ("agent_take", [grant.pk])):
            assert client.get(reverse(route, args=[firm.public_id, *ids])).status_code == 404
    town = client_of(world, "jiang").get(reverse("employer_file", args=[firm.public_id])).content.decode()
    assert ("石榴红" in town, "/agents/" in town) == (True, False)
    assert lan.pk


def test_a_number_of_somebody_else_opens_nothing_and_says_nothing(world: World, firm: Employer) -> None:
    su = world.user("su")
    register_person(union_id=world.union("far-town").pk, name="艾草青", phone=OTHER, acting_user=world.officer(
        "far", "county_officer", "other-county"))  # fmt: skip
    named(world, firm)
    User.objects.filter(pk=world.user("jiang").pk).update(display_name="石榴红")
    desk = User.objects.get(pk=world.user("jiang").pk)
    desk.phone = "+8613800000083"
    desk.save()
    before = (User.objects.count(), Grant.objects.count(), AuditRow.objects.count())
    said = set()
    for name, phone in (("别人", PHONE), ("石榴红", OTHER), ("石榴红", "13800000083")):
        with pytest.raises(agents.NotTheAgentsNumber) as refusal:
            named(world, firm, name=name, phone=phone)
        said.add(str(refusal.value.sentence))
    assert len(said) == 1
    for refusal_type, more in ((TooLong, {"until": clock.today() + timedelta(days=1200)}), (Refusal, {"phone": "1"}),
                               (agents.AgentNameMissing, {"name": " "})):  # fmt: skip
        with pytest.raises(refusal_type):
            named(world, firm, **more)
    assert (User.objects.count(), Grant.objects.count(), AuditRow.objects.count()) == before
    assert su.pk


def test_an_agent_who_is_registered_keeps_his_own_page(world: World, firm: Employer) -> None:
    person = register_person(
        union_id=world.union("town-a").pk, name="石榴红", phone=PHONE, acting_user=world.user("su")
    )  # fmt: skip
    agent = named(world, firm)
    assert scope_of(agent, "people.own:state").persons == {person.pk}
    assert scope_of(agent, OWN).employers == {firm.pk}
    again = register_employer(
        union_id=world.union("town-b").pk, name="桑叶制衣", credit_code=credit_code(8), acting_user=world.user("su")
    )
    assert named(world, again) == agent
    assert scope_of(agent, OWN).employers == {firm.pk, again.pk}


def test_nobody_names_himself(world: World, firm: Employer) -> None:
    agent = named(world, firm)
    grant_role(
        user=agent, role="deputy_chair", union=world.union("county"), expires_at=clock.now() + timedelta(days=1),
        acting_user=None,
    )  # fmt: skip
    world.users["agent"] = agent
    with pytest.raises((OwnRole, agents.NotTheAgentsNumber)):
        named(world, firm, "agent")
