"""权限 by page: giving, taking back, deputies, accounts; and the sentences for what cannot be done."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from niangjia.accounts.models import User
from niangjia.core import clock
from niangjia.core.errors import RightMissing
from niangjia.federation.models import Approval, AuditRow, Grant, Officer
from niangjia.federation.scopes import rights_of, scope_of
from niangjia.federation.services import approvals, grants
from niangjia.people.tests.world import PASSWORD, World, build_world

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
READ = "people.registry:read"


@pytest.fixture
def world() -> World:
    built = build_world()
    built.officer("xun", "county_officer", "county")
    return built


def reader() -> Client:
    """A browser that reads English."""
    client = Client()
    client.cookies["language"] = "en"
    return client


def client_of(world: World, name: str) -> Client:
    client = reader()
    client.force_login(world.user(name))
    return client


def day(days: int) -> date:
    return clock.today() + timedelta(days=days)


def form(world: World, **more: object) -> dict[str, object]:
    return {
        "username": "bohe", "name": "薄荷", "post": "干事", "role": "town_officer",
        "union": world.union("town-a").public_id, "until": day(200).isoformat(), "reason": "换岗", "who": "later",
        **more,
    }  # fmt: skip


def give(world: World, giver: str = "su", **more: object) -> str:
    """The page after a role was asked for."""
    return client_of(world, giver).post(reverse("right_new"), form(world, **more)).content.decode()


def test_a_new_officer_gets_an_account_a_role_a_post_and_a_first_password_that_opens(world: World) -> None:
    page = give(world)
    first = re.search(r"<code>([\w-]{10,})</code></dd></dl>", page)
    assert first is not None
    user = User.objects.get(username="bohe")
    grant = Grant.objects.get(user=user)
    assert (grant.role, grant.granted_by, grant.expires_at) == (
        "town_officer", world.user("su"), grants.end_of(day(200))
    )  # fmt: skip
    assert scope_of(user, READ).reaches_union(world.union("grid-a").pk)
    assert Officer.objects.get(user=user).post == "干事"
    assert Client().post(
        reverse("login_password"), {"username": "bohe", "password": first[1]}
    ).status_code == 302  # fmt: skip
    assert list(
        AuditRow.objects.filter(object_kind="user", object_id=user.pk).order_by("pk").values_list("action", "reason")
    ) == [("federation.account:open", ""), ("federation.grant:give", "换岗"), ("federation.session:open", "")]


def test_a_known_account_keeps_its_password_and_must_bear_the_name_that_was_typed(world: World) -> None:
    before = User.objects.get(username="yun").password
    page = give(world, username="yun", name="云·别人")
    assert "under another name" in page
    assert Grant.objects.filter(user=world.user("yun")).count() == 1
    page = give(world, username="yun", name="yun·葵", role="viewer")
    assert "the password stays as it is" in page
    assert User.objects.get(username="yun").password == before


@pytest.mark.parametrize(
    ("giver", "more", "said"),
    [
        ("su", {"role": "deputy_chair"}, "choose the role"),  # he does not confirm himself
        ("lian", {"role": "county_officer"}, "choose the role"),
        ("su", {"username": "su", "name": "su·葵"}, "your own role"),
        ("su", {"username": "yuan", "name": "yuan·葵"}, "two different people"),  # who audits does not handle
        ("su", {"username": "lian", "name": "lian·葵"}, "two different people"),  # who confirms does not handle
        ("su", {"until": "2000-01-01"}, "before it begins"),
        ("su", {"until": "2099-01-01"}, "at most 1098 days"),
        ("su", {"role": "assessor", "until": ""}, "fill in the date"),
        ("su", {"reason": " "}, "say why"),
    ],
)
def test_what_cannot_be_given_is_said_and_leaves_nothing(
    world: World, giver: str, more: dict[str, object], said: str
) -> None:
    before = (User.objects.count(), Grant.objects.count(), AuditRow.objects.count())
    assert said in give(world, giver, **more)
    assert (User.objects.count(), Grant.objects.count(), AuditRow.objects.count()) == before


def test_an_outside_assessor_reads_for_ninety_days_and_changes_nothing(world: World) -> None:
    assert "at most 90 days" in give(world, role="assessor", until=day(91 + 1).isoformat())
    assert "First password" in give(world, role="assessor", until=day(90).isoformat())
    assessor = User.objects.get(username="bohe")
    # He sees the drawn files he is named for, and nothing else of the registry.
    assert rights_of(assessor) == {"policy.programme:read", "visits.sample:assess"}
    with clock.frozen(clock.now() + timedelta(days=91)):
        assert rights_of(assessor) == frozenset()
    assert "two different people" in give(world, username="bohe", role="town_officer")


def test_a_union_out_of_reach_cannot_be_chosen(world: World) -> None:
    assert "choose the union" in give(world, union=world.union("far-town").public_id)


def test_the_list_says_who_gave_what_until_when_and_only_below(world: World) -> None:
    give(world)
    page = client_of(world, "xun").get(reverse("rights")).content.decode()
    assert "薄荷" in page
    assert "su·葵" in page
    assert day(200).isoformat() in page
    assert "yun·葵" not in page, "the province's viewer stands above the county"
    town = client_of(world, "jiang").get(reverse("rights")).content.decode()
    assert "薄荷" in town
    assert "su·葵</th>" not in town
    assert reverse("right_new") not in town
    only = client_of(world, "xun").get(reverse("rights"), {"role": "auditor"}).content.decode()
    assert "yuan·葵" in only
    assert "薄荷" not in only


def test_a_role_taken_back_is_gone_at_the_next_click_and_only_who_may_give_it_takes_it(world: World) -> None:
    jiang, his = client_of(world, "jiang"), Grant.objects.get(user=world.user("jiang"))
    assert jiang.get(reverse("household_list")).status_code == 200
    address = reverse("right_take", args=[his.pk])
    assert client_of(world, "lian").post(address, {"reason": "x"}).status_code == 404
    assert client_of(world, "su").post(address, {"reason": ""}).status_code == 422
    assert jiang.get(reverse("household_list")).status_code == 200
    client_of(world, "su").post(address, {"reason": "离任"})
    assert jiang.get(reverse("household_list")).status_code == 404
    row = AuditRow.objects.get(action="federation.grant:revoke")
    assert (row.actor, row.reason, row.object_id) == (world.user("su"), "离任", world.user("jiang").pk)
    assert client_of(world, "su").post(address, {"reason": "x"}).status_code == 404, "it is not there twice"
    auditor = Grant.objects.get(user=world.user("yuan"))
    assert client_of(world, "su").post(reverse("right_take", args=[auditor.pk]), {"reason": "x"}).status_code == 404


def deputise(world: World, who: str, **more: object) -> str:
    own = Grant.objects.filter(user=world.user(who)).latest("pk")
    sent = {"username": "xun", "first": day(0).isoformat(), "last": day(6).isoformat(), **more}
    client = client_of(world, who)
    return client.post(reverse("deputy_new", args=[own.pk]), sent, follow=True).content.decode()


def test_a_deputy_stands_in_from_the_first_day_to_the_last_and_not_one_day_longer(world: World) -> None:
    world.officer("lan", "town_officer", "town-a")
    page = deputise(world, "su", username="lan", first=day(3).isoformat(), last=day(5).isoformat())
    assert "Who stands in for me" in page
    lan, beyond = world.user("lan"), world.union("town-b").pk
    reached = []
    for days in (0, 2, 3, 5, 6):
        with clock.frozen(day(days)):
            reached.append(scope_of(lan, READ).reaches_union(beyond))
    assert reached == [False, False, True, True, False]
    assert AuditRow.objects.filter(action="federation.grant:deputise", object_id=lan.pk).count() == 1


@pytest.mark.parametrize(
    ("who", "more", "said"),
    [
        ("su", {"username": "su"}, "your own role"),
        ("su", {"username": "nobody"}, "Only a colleague"),
        ("su", {"username": "far"}, "Only a colleague"),
        ("su", {"username": "lian"}, "two different people"),
        ("su", {"last": day(61).isoformat()}, "at most 60 days"),
        ("su", {"first": day(-1).isoformat()}, "begins today or later"),
        ("su", {"first": day(2).isoformat(), "last": day(1).isoformat()}, "ends after it begins"),
    ],
)
def test_a_deputy_who_cannot_be_is_said(world: World, who: str, more: dict[str, object], said: str) -> None:
    world.officer("far", "county_officer", "other-county")
    assert said in deputise(world, who, **more)
    assert not Grant.objects.filter(stands_in_for__isnull=False).exists()


def test_a_deputy_passes_nothing_on_and_goes_when_sent_home(world: World) -> None:
    world.officer("lan", "town_officer", "town-a")
    deputise(world, "su", username="lan")
    borrowed = Grant.objects.get(stands_in_for=world.user("su"))
    assert "cannot be passed on" in deputise(world, "lan", username="xun")
    assert client_of(world, "xun").post(reverse("deputy_end", args=[borrowed.pk])).status_code == 404
    client_of(world, "su").post(reverse("deputy_end", args=[borrowed.pk]))
    assert not scope_of(world.user("lan"), READ).reaches_union(world.union("town-b").pk)


def stand_in(world: World) -> User:
    """Lan of town A, who stands in for su of the county from today on."""
    lan = world.officer("lan", "viewer", "town-a")
    own = Grant.objects.get(user=world.user("su"))
    grants.name_deputy(grant_id=own.pk, username="lan", first=day(0), last=day(6), acting_user=world.user("su"))
    return lan


def test_a_deputy_does_the_work_and_neither_gives_nor_takes_a_role(world: World) -> None:
    lan, own = stand_in(world), Grant.objects.get(user=world.user("su"))
    assert scope_of(lan, READ).reaches_union(world.union("town-b").pk), "the work itself goes on"
    client = client_of(world, "lan")
    page = client.get(reverse("rights")).content.decode()
    assert reverse("right_new") not in page
    assert "/take/" not in page
    before = (Grant.objects.count(), AuditRow.objects.filter(action="federation.grant:revoke").count())
    assert client.post(reverse("right_new"), form(world)).status_code == 404
    for grant in (own, Grant.objects.get(user=world.user("jiang"))):
        assert client.post(reverse("right_take", args=[grant.pk]), {"reason": "x"}).status_code == 404
        with pytest.raises(RightMissing):
            grants.revoke_grant(grant=grant, acting_user=lan, reason="x")
    with pytest.raises(RightMissing):
        grants.grant_role(
            user=world.user("bai"), role="county_officer", union=world.union("county"),
            expires_at=grants.end_of(day(900)), acting_user=lan,
        )  # fmt: skip
    assert (Grant.objects.count(), AuditRow.objects.filter(action="federation.grant:revoke").count()) == before


def test_a_deputy_falls_with_the_role_and_a_new_one_does_not_bring_him_back(world: World) -> None:
    lan, own = stand_in(world), Grant.objects.get(user=world.user("su"))
    client = client_of(world, "lan")
    beyond = world.union("town-b").pk
    grants.revoke_grant(grant=own, acting_user=world.user("xun"), reason="调离")
    assert not scope_of(lan, READ).reaches_union(beyond)
    assert client.get(reverse("household_list")).status_code == 404
    gone = AuditRow.objects.filter(action="federation.grant:revoke").order_by("pk").values_list("object_id", "actor")
    assert list(gone) == [(world.user("su").pk, world.user("xun").pk), (lan.pk, world.user("xun").pk)]
    assert (
        "lan·葵</th>" not in client_of(world, "xun").get(reverse("rights"), {"role": "county_officer"}).content.decode()
    )
    grants.grant_role(
        user=world.user("su"), role="county_officer", union=world.union("county"), expires_at=grants.end_of(day(90)),
        acting_user=world.user("xun"),
    )  # fmt: skip
    assert not scope_of(lan, READ).reaches_union(beyond)


def test_a_deputy_counts_while_the_officer_does(world: World) -> None:
    lan, own = stand_in(world), Grant.objects.filter(user=world.user("su"))
    beyond = world.union("town-b").pk
    User.objects.filter(pk=world.user("su").pk).update(is_active=False)
    assert not scope_of(lan, READ).reaches_union(beyond)
    User.objects.filter(pk=world.user("su").pk).update(is_active=True)
    assert scope_of(lan, READ).reaches_union(beyond)
    own.update(expires_at=clock.now() + timedelta(days=1))
    with clock.frozen(day(2)):
        assert not scope_of(lan, READ).reaches_union(beyond)


def test_a_deputy_stays_where_the_role_was_given_once_more(world: World) -> None:
    lan, own = stand_in(world), Grant.objects.get(user=world.user("su"))
    grants.grant_role(
        user=world.user("su"), role="county_officer", union=world.union("county"), expires_at=grants.end_of(day(90)),
        acting_user=world.user("xun"),
    )  # fmt: skip
    grants.revoke_grant(grant=own, acting_user=world.user("xun"), reason="换成新的")
    assert scope_of(lan, READ).reaches_union(world.union("town-b").pk)


def test_a_worker_has_no_desk_account_page(world: World) -> None:
    nobody = User.objects.create(username="w", display_name="w", joined_at=clock.now())
    client = Client()
    client.force_login(nobody)
    for name in ("own_account", "password_change"):
        assert client.get(reverse(name)).status_code == 404


def test_a_changed_password_ends_every_other_session(world: World) -> None:
    world.officer("mei", "town_officer", "town-a", password=PASSWORD)
    here, there = reader(), reader()
    for client in (here, there):
        client.post(reverse("login_password"), {"username": "mei", "password": PASSWORD})
        assert client.get(reverse("own_account")).status_code == 200
    new = "another-plant-grows"
    for wrong, said in (
        ({"old": "x", "new": new, "again": new}, "does not fit"),
        ({"old": PASSWORD, "new": "short", "again": "short"}, "too short"),
        ({"old": PASSWORD, "new": new, "again": new + "x"}, "differ"),
        ({"old": PASSWORD, "new": PASSWORD, "again": PASSWORD}, "choose another"),
    ):
        assert said in here.post(reverse("password_change"), wrong).content.decode()
    assert there.get(reverse("own_account")).status_code == 200
    here.post(reverse("password_change"), {"old": PASSWORD, "new": new, "again": new})
    assert here.get(reverse("own_account")).status_code == 200
    assert there.get(reverse("own_account")).status_code == 302
    assert AuditRow.objects.filter(action="federation.account:password").count() == 1


@pytest.fixture
def asked(world: World, monkeypatch: pytest.MonkeyPatch) -> Approval:
    """A request that waits for a second person."""
    monkeypatch.setattr(approvals, "kinds", type(approvals.kinds)("approval kinds"))
    approvals.kinds.register(
        "test", approvals.ApprovalKind("test", "test", READ, lambda _: "d", lambda *_: None, lambda *_: None)
    )
    return approvals.ask(kind="test", object_id=1, union_id=world.union("county").pk, acting_user=world.user("su"))


def test_who_asked_takes_the_request_back_and_may_ask_again(world: World, asked: Approval) -> None:
    address = reverse("request_withdraw", args=[asked.public_id])
    assert client_of(world, "xun").post(address).status_code == 404
    assert client_of(world, "su").post(address, {"next": "/desk/rights/"}).headers["Location"] == "/desk/rights/"
    asked.refresh_from_db()
    assert (asked.verdict, asked.decided_by) == ("withdrawn", None)
    with pytest.raises(approvals.AlreadyDecided):
        approvals.decide(public_id=asked.public_id, verdict="confirmed", acting_user=world.user("xun"))
    again = approvals.ask(kind="test", object_id=1, union_id=world.union("county").pk, acting_user=world.user("su"))
    approvals.decide(public_id=again.public_id, verdict="confirmed", acting_user=world.user("xun"))
    with pytest.raises(approvals.AlreadyDecided):
        approvals.withdraw_request(public_id=again.public_id, acting_user=world.user("su"))


def test_nobody_answers_by_withdrawing(world: World, asked: Approval) -> None:
    with pytest.raises(approvals.AnswerMissing):
        approvals.decide(public_id=asked.public_id, verdict="withdrawn", acting_user=world.user("xun"))
