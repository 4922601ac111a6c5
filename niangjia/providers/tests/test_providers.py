"""Providers and contracts: what the database keeps whole, who may do what, and no role longer than its contract."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import DatabaseError, IntegrityError, transaction
from django.db.models import F
from django.test import Client
from django.urls import reverse

from niangjia.accounts.entry import sees_others, works_at_desk
from niangjia.accounts.models import User
from niangjia.core import clock
from niangjia.core.errors import NotFoundHere, Refusal, RightMissing
from niangjia.federation.listing.pages import page_of
from niangjia.federation.models import AuditRow, Grant
from niangjia.federation.scopes import scope_of
from niangjia.federation.services.grants import RolesApart, ScopeDoesNotFit, grant_role, name_deputy
from niangjia.people.tests.world import World, build_world, credit_code
from niangjia.providers.models import Contract, ContractEnd, Provider
from niangjia.providers.services import contracts

TODAY, LAST = date(2026, 8, 3), date(2026, 12, 31)
ASSESS, PHONE = "visits.sample:assess", "13800000071"


@pytest.fixture
def world(db: None, settings: LazySettings) -> Iterator[World]:
    settings.DEMO_NUMBERS = True
    # The server of static files wants its folder to exist before it answers the first page.
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
    with clock.frozen(TODAY):
        yield build_world()


def registered(world: World, code: int = 7, union: str = "county", who: str = "su", **more: Any) -> Provider:
    said = {"name": "白榆社工", "credit_code": credit_code(code), "kind": "social", **more}
    return contracts.register_provider(union_id=world.union(union).pk, acting_user=world.user(who), **said)


def concluded(world: World, provider: Provider, who: str = "su", union: str = "county", **more: Any) -> Contract:
    said = {"document_number": "云工合1号", "valid_from": TODAY, "valid_to": LAST, **more}
    return contracts.conclude_contract(
        provider_id=provider.pk, union_id=world.union(union).pk, acting_user=world.user(who), **said
    )


def named(world: World, provider: Provider, who: str = "su", **more: Any) -> User:
    said = {"name": "桦一", "phone": PHONE, "until": LAST, "reason": "委托书", **more}
    return contracts.name_agent(provider_id=provider.pk, acting_user=world.user(who), **said)


def test_what_cannot_be_is_refused_and_nothing_is_written(world: World) -> None:
    provider = registered(world)
    contract = concluded(world, provider)
    before = AuditRow.objects.count()
    for act, refusal in (
        (lambda: registered(world), contracts.ProviderKnown), (lambda: registered(world, 8, name=" "), Refusal),
        (lambda: registered(world, 8, kind="bank"), contracts.KindUnknown),
        (lambda: registered(world, credit_code="91"), Refusal),
        (lambda: concluded(world, provider), contracts.NumberKnown),
        (lambda: concluded(world, provider, document_number=" "), contracts.NumberMissing),
        (lambda: concluded(world, provider, document_number="2", valid_to=TODAY - timedelta(days=1)), Refusal),
        (lambda: named(world, provider, until=LAST + timedelta(days=1)), contracts.BeyondTheContract),
        (lambda: contracts.end_contract(public_id=contract.public_id, reason=" ", acting_user=world.user("su")),
         contracts.ReasonMissing),
    ):  # fmt: skip
        with pytest.raises(refusal):
            act()
    town = registered(world, 9, "town-a")
    with pytest.raises(contracts.NotBelowIt):
        concluded(world, town, union="town-b")
    assert AuditRow.objects.count() == before + 1
    assert registered(world, union="town-a").name == provider.name, "each union registers whom it works with"


def test_the_database_holds_it_too(world: World) -> None:
    provider = registered(world)
    contract = concluded(world, provider)
    contracts.end_contract(public_id=contract.public_id, reason="到此为止", acting_user=world.user("su"))
    for change in ({"name": ""}, {"credit_code": "9" * 17}, {"kind": "bank"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Provider.objects.update(**change)
    bad = {"provider": provider, "union_id": provider.union_id, "concluded_by": world.user("su"),
           "concluded_at": clock.now()}  # fmt: skip
    for number, last in (("", LAST), ("2", TODAY - timedelta(days=1)), (contract.document_number, LAST)):
        with pytest.raises(IntegrityError), transaction.atomic():
            Contract.objects.create(document_number=number, valid_from=TODAY, valid_to=last, **bad)
    for model in (Contract, ContractEnd):
        for act in (lambda rows: rows.update(id=F("id")), lambda rows: rows.delete()):
            with pytest.raises(DatabaseError), transaction.atomic():
                act(model.objects.all())
    with pytest.raises(contracts.EndedAlready):
        contracts.end_contract(public_id=contract.public_id, reason="再来", acting_user=world.user("su"))


def test_only_who_holds_the_rights_there_concludes_names_and_ends(world: World) -> None:
    provider = registered(world)
    contract = concluded(world, provider)
    agent = named(world, provider)
    grant = Grant.objects.get(user=agent)
    world.officer("far", "county_officer", "other-county")
    for who in ("jiang", "lian", "yun", "yuan", "far"):
        for act in (
            lambda who=who: registered(world, 8, who=who), lambda who=who: concluded(world, provider, who),
            lambda who=who: contracts.end_contract(
                public_id=contract.public_id, reason="x", acting_user=world.user(who)
            ),
            lambda who=who: named(world, provider, who, name="杨二", phone="13800000072"),
            lambda who=who: contracts.revoke_agent(
                provider_id=provider.pk, grant_id=grant.pk, reason="x", acting_user=world.user(who)
            ),
        ):  # fmt: skip
            with pytest.raises((RightMissing, NotFoundHere)):
                act()
    # Whoever stands in for a colleague ends a contract, and its people go with it; he names nobody.
    world.officer("lan", "viewer", "county")
    own = Grant.objects.get(user=world.user("su"))
    name_deputy(grant_id=own.pk, username="lan", first=TODAY, last=TODAY, acting_user=world.user("su"))
    with pytest.raises(RightMissing):
        named(world, provider, "lan", name="杨二", phone="13800000072")
    contracts.end_contract(public_id=contract.public_id, reason="到此为止", acting_user=world.user("lan"))
    assert scope_of(agent, ASSESS).is_empty


def test_a_role_for_a_provider_is_one_of_its_own_kind(world: World) -> None:
    provider = registered(world)
    concluded(world, provider)
    agent = named(world, provider)
    assert (scope_of(agent, ASSESS).providers, scope_of(agent, ASSESS).roots) == ({provider.pk}, frozenset())
    assert (works_at_desk(agent), sees_others(agent)) == (False, True)
    until = clock.now() + timedelta(days=9)
    for role, over in (("assessor", {"provider_id": provider.pk}), ("provider_assessor", {"employer_id": 3}),
                       ("provider_assessor", {"union": world.union("county")}),
                       ("provider_assessor", {"provider_id": provider.pk, "employer_id": 3})):  # fmt: skip
        with pytest.raises(ScopeDoesNotFit):
            grant_role(user=agent, role=role, expires_at=until, acting_user=None, **over)
    with pytest.raises(RolesApart):
        grant_role(user=agent, role="town_officer", union=world.union("town-a"), expires_at=until, acting_user=None)
    # Nobody puts into a provider's hands what he does not hold himself.
    giver = world.user("su")
    Grant.objects.filter(user=giver).update(role="auditor")
    with pytest.raises(RightMissing):
        grant_role(
            user=agent, role="provider_assessor", provider_id=provider.pk, owner_union_id=provider.union_id,
            expires_at=until, acting_user=giver,
        )  # fmt: skip


def test_who_acts_under_another_contract_stays_no_longer_than_it_lasts(world: World) -> None:
    provider = registered(world)
    long, short = concluded(world, provider), concluded(world, provider, document_number="2", valid_to=TODAY)
    stays, goes = named(world, provider, until=TODAY), named(world, provider, name="杨二", phone="13800000072")
    contracts.end_contract(public_id=long.public_id, reason="缩短", acting_user=world.user("su"))
    assert (scope_of(stays, ASSESS).providers, scope_of(goes, ASSESS).providers) == ({provider.pk}, frozenset())
    contracts.end_contract(public_id=short.public_id, reason="全部结束", acting_user=world.user("su"))
    assert scope_of(stays, ASSESS).providers == frozenset()


def test_the_list_tells_whose_contract_runs(world: World) -> None:
    for code, name, first, last in ((1, "甲槐律所", TODAY, LAST), (2, "乙槐诊所", TODAY, TODAY + timedelta(days=9)),
                                    (3, "丙槐学校", None, None)):  # fmt: skip
        provider = registered(world, code, name=name, kind="law" if code == 1 else "clinic")
        if first:
            concluded(world, provider, valid_from=first, valid_to=last)
    with clock.frozen(TODAY + timedelta(days=10)):
        assert _names(world, contract="expired") == ["乙槐诊所"]
    assert _names(world, contract="running", sort="-last") == ["甲槐律所", "乙槐诊所"]
    assert (_names(world, contract="soon"), _names(world, contract="none")) == (["乙槐诊所"], ["丙槐学校"])
    assert (_names(world, kind="law"), _names(world, name="丙")) == (["甲槐律所"], ["丙槐学校"])
    far = world.officer("far", "county_officer", "other-county")
    assert page_of(far, "providers.providers", {}).total.number == 0
    client = Client()
    client.force_login(world.user("lian"))
    page = client.get(reverse("provider_list")).content.decode()
    assert ("甲槐律所" in page, reverse("provider_new") in page) == (True, False)


def _names(world: World, **asked: str) -> list[Any]:
    found = page_of(world.user("su"), "providers.providers", asked)
    return [line.values["name"] for line in found.lines]
