"""A sample in a provider's hands: registered, under contract, named, handed over, checked, and ended at once."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.db.models import F
from django.test import Client
from django.urls import reverse

from niangjia.accounts.models import User
from niangjia.core import clock
from niangjia.core.errors import NotFoundHere, RightMissing
from niangjia.federation.models import AuditRow, Grant
from niangjia.federation.scopes import scope_of
from niangjia.people.services.households import open_hardship_file, register_household
from niangjia.people.services.persons import register_person
from niangjia.people.tests.world import World, credit_code
from niangjia.providers.models import Contract
from niangjia.providers.queries import providers_of
from niangjia.providers.services import contracts
from niangjia.visits import queries
from niangjia.visits.models import Finding, Handover, HandoverEnd, Sample, SampleRow
from niangjia.visits.services import handovers, samples

TODAY = date(2026, 8, 3)
SEED_ON, ENDS_ON = TODAY + timedelta(days=2), date(2026, 8, 31)
PHONE, OTHER = "13800000091", "13800000092"


@pytest.fixture
def sample(world: World) -> Sample:
    """Four open files of two towns, two of them to be drawn."""
    su = world.user("su")
    for at, town in enumerate(["town-a"] * 2 + ["town-b"] * 2):
        union_id = world.union(town).pk
        head = register_person(union_id=union_id, name=f"榆树{at}", acting_user=su)
        home = register_household(
            union_id=union_id, head_id=head.pk, address=f"榆树巷{at}号", registered_on=date(2020, 1, 1), acting_user=su
        )
        open_hardship_file(
            household_id=home.pk, grade="deep", cause="病", entered_on=date(2026, 1, 1),
            review_due_on=date(2026, 9, 1), acting_user=su,
        )  # fmt: skip
    return samples.fix_sample(
        union_id=world.union("county").pk, title="八月核查", size=2, seed_source="彩票", seed_on=SEED_ON,
        ends_on=ENDS_ON, rectify_days=15, acting_user=su,
    )  # fmt: skip


def client_of(user: User) -> Client:
    client = Client()
    client.cookies["language"] = "en"
    client.force_login(user)
    return client


def text(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, address
    return answer.content.decode()


def send(client: Client, route: str, *ids: Any, **fields: Any) -> str:
    """Post a form that must be taken; where it leads to."""
    answer = client.post(reverse(route, args=ids), fields)
    assert answer.status_code == 302, answer.content.decode()
    return answer.headers["Location"]


def refused(client: Client, route: str, *ids: Any, **fields: Any) -> str:
    """Post a form that must come back with what is wrong."""
    answer = client.post(reverse(route, args=ids), fields)
    assert answer.status_code == 422
    return answer.content.decode()


def provider(desk: Client, world: World, name: str, code: int) -> str:
    """The page of a provider registered with the county."""
    county = world.union("county").public_id
    return send(desk, "provider_new", union=county, name=name, credit_code=credit_code(code), kind="social")


def id_in(page: str) -> str:
    return page.rstrip("/").rpartition("/")[2]


def concluded(desk: Client, world: World, page: str, **more: str) -> None:
    said = {"union": world.union("county").public_id, "document_number": "云工合〔2026〕1号",
            "valid_from": "2026-08-01", "valid_to": "2026-08-20", **more}  # fmt: skip
    assert send(desk, "contract_new", id_in(page), **said) == page


def named(desk: Client, page: str, name: str, phone: str, until: str = "2026-08-20") -> User:
    said = {"name": name, "phone": phone, "until": until, "reason": "委托书"}
    assert send(desk, "provider_agent_new", id_in(page), **said) == page
    return User.objects.with_phone(f"+86{phone}").get()


def contract_of(page: str) -> Contract:
    return Contract.objects.get(provider__public_id=id_in(page))


def drawn(world: World, sample: Sample) -> SampleRow:
    samples.enter_seed(public_id=sample.public_id, value="07 09", acting_user=world.user("su"))
    return SampleRow.objects.earliest("position")


def test_a_provider_is_registered_and_its_person_checks_until_the_contract_ends(world: World, sample: Sample) -> None:
    desk, listed = client_of(world.user("su")), reverse("provider_list")
    assert "No provider here yet." in text(desk, listed)
    county = world.union("county").public_id
    wrong = {"union": county, "name": "白榆社工", "credit_code": credit_code(7)[:17], "kind": "social"}
    assert "it should have 18" in refused(desk, "provider_new", **wrong)
    page = provider(desk, world, "白榆社工", 7)
    assert "registered here already" in refused(desk, "provider_new", **{**wrong, "credit_code": credit_code(7)})
    who = {"name": "桦一", "phone": PHONE, "until": "2026-08-20", "reason": "委托书"}
    assert "no contract in force" in refused(desk, "provider_agent_new", id_in(page), **who)
    concluded(desk, world, page)
    assert "2026-08-20" in refused(desk, "provider_agent_new", id_in(page), **{**who, "until": "2026-08-21"})
    birch = named(desk, page, "桦一", PHONE)
    for address in (page, reverse("rights")):
        shown = text(desk, address)
        assert ("桦一" in shown, "2026-08-20" in shown, PHONE in shown) == (True, True, False)
    his, contract = client_of(birch), contract_of(page)
    assert his.get(reverse("landing")).headers["Location"] == "/partner/"
    assert "No drawn file is open to you." in text(his, reverse("partner_home"))
    assert his.get(reverse("assess_index"))["Location"] == reverse("partner_home"), "his first page, not the desk's"
    send(desk, "sample_handover", sample.public_id, contract=contract.public_id)
    assert "白榆社工" in text(desk, reverse("sample_file", args=[sample.public_id]))
    assert "八月核查" in text(desk, page)
    with clock.frozen(SEED_ON):
        row = drawn(world, sample)
        mine = text(his, reverse("partner_home"))
        assert ["白榆社工" in mine, "八月核查" in mine, "云工合〔2026〕1号" in mine, "榆树" in mine] == [True] * 3 + [
            False
        ]
        assert "15 days left" in mine, "the contract ends before the sample"
        file, other = reverse("partner_file", args=[row.public_id]), sample.rows.exclude(pk=row.pk).get()
        assert mine.index(file) < mine.index(reverse("partner_file", args=[other.public_id]))
        assert "榆树" not in text(his, file)
        assert (
            "榆树巷" in his.post(reverse("partner_address", args=[row.public_id]), {"reason": "上门"}).content.decode()
        )
        assert send(his, "partner_file", row.public_id, agrees="no", said="多一口人") == reverse("partner_home")
        mine = text(his, reverse("partner_home"))
        assert mine.index(reverse("partner_file", args=[other.public_id])) < mine.index(file), "who waits comes first"
        assert "多一口人" in text(desk, reverse("sample_file", args=[sample.public_id]))
        send(desk, "contract_end", contract.public_id, reason="不再合作")
        assert providers_of([birch.pk, world.user("su").pk]) == {birch.pk: "白榆社工"}
        for gone in (file, reverse("partner_home")):
            text(his, gone, 404)
        assert Finding.objects.get().found_by == birch
        assert Grant.objects.get(user=birch).revoked_at is not None
    acts = AuditRow.objects.filter(action__startswith="providers.").order_by("pk").values_list("action", flat=True)
    assert list(acts) == [
        "providers.provider:register", "providers.contract:conclude", "providers.contract:end"
    ]  # fmt: skip


def test_only_this_providers_people_see_it_and_each_end_is_at_once(world: World, sample: Sample) -> None:
    desk = client_of(world.user("su"))
    page, other = provider(desk, world, "白榆社工", 7), provider(desk, world, "青杨律所", 8)
    for one in (page, other):
        concluded(desk, world, one)
    birch, poplar = named(desk, page, "桦一", PHONE), named(desk, other, "杨二", OTHER)
    send(desk, "sample_handover", sample.public_id, contract=contract_of(page).public_id)
    with clock.frozen(SEED_ON):
        row = drawn(world, sample)
        file = reverse("partner_file", args=[row.public_id])
        his, hers = client_of(birch), client_of(poplar)
        assert (his.get(file).status_code, hers.get(file).status_code) == (200, 404)
        assert "八月核查" not in text(hers, reverse("partner_home"))
        for client, address in ((desk, file), (desk, reverse("partner_home")), (his, reverse("desk"))):
            text(client, address, 404)
        assert scope_of(birch, "visits.sample:assess").roots == frozenset()
        assert not AuditRow.objects.filter(action="visits.sample:look", actor=poplar).exists()
        with pytest.raises(NotFoundHere):
            samples.record_finding(row_public_id=row.public_id, agrees=True, said="", acting_user=poplar)
        send(desk, "sample_handover_end", sample.public_id, contract=contract_of(page).public_id)
        assert his.get(file).status_code == 404
        send(desk, "sample_handover", sample.public_id, contract=contract_of(page).public_id)
        assert his.get(file).status_code == 200
        grant = Grant.objects.get(user=birch)
        send(desk, "provider_agent_take", id_in(page), grant.pk, reason="离职")
        assert his.get(file).status_code == 404
        named(desk, page, "桦一", PHONE)
        # He stays for another contract of his provider, and what was handed over under the one that ended is shut.
        first = contract_of(page)
        concluded(desk, world, page, document_number="另一份")
        send(desk, "contract_end", first.public_id, reason="换一份")
        assert (his.get(file).status_code, len(scope_of(birch, "visits.sample:assess").providers)) == (404, 1)
        send(desk, "sample_handover", sample.public_id, contract=Contract.objects.latest("pk").public_id)
        assert his.get(file).status_code == 200
    for day, status in ((date(2026, 8, 20), 200), (date(2026, 8, 21), 404), (ENDS_ON + timedelta(days=1), 404)):
        with clock.frozen(day):
            assert client_of(birch).get(file).status_code == status, day


WAYS = ("contract", "handover", "grant", "account")


def after_each_end(world: World, sample: Sample) -> dict[str, int]:
    """For each way of ending it: what somebody who had a drawn file open is answered at the next request."""
    desk = client_of(world.user("su"))
    page = provider(desk, world, "白榆社工", 7)
    file = reverse("partner_file", args=[drawn(world, sample).public_id])
    return {way: _after(way, desk, world, sample, page, file) for way in WAYS}


def _after(way: str, desk: Client, world: World, sample: Sample, page: str, file: str) -> int:
    su, at = world.user("su"), WAYS.index(way)
    concluded(desk, world, page, document_number=f"第{at}号")
    contract = Contract.objects.latest("pk")
    agent = named(desk, page, f"桦{at}", f"1380000010{at}")
    handed = {"public_id": sample.public_id, "contract_public_id": contract.public_id, "acting_user": su}
    handovers.hand_over(**handed)
    his = client_of(agent)
    assert his.get(file).status_code == 200
    if way == "handover":
        handovers.take_from(**handed)
    elif way == "grant":
        grant = Grant.objects.get(user=agent)
        contracts.revoke_agent(provider_id=contract.provider_id, grant_id=grant.pk, reason="x", acting_user=su)
    elif way == "account":
        User.objects.filter(pk=agent.pk).update(is_active=False)
    else:
        contracts.end_contract(public_id=contract.public_id, reason="x", acting_user=su)
    status = his.get(file).status_code
    if way != "contract":
        contracts.end_contract(public_id=contract.public_id, reason="x", acting_user=su)
    return status


@pytest.mark.nightly
def test_an_open_session_is_shut_by_the_next_request_however_it_ended(world: World, sample: Sample) -> None:
    with clock.frozen(SEED_ON):
        found = after_each_end(world, sample)
    assert found == {"contract": 404, "handover": 404, "grant": 404, "account": 302}


@pytest.mark.nightly
def test_control_files_that_were_found_once_and_kept_are_noticed(
    world: World, sample: Sample, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, kept = queries.rows_for_assessor, dict[int, list[int]]()

    def remembering(user: User) -> Any:
        ids = kept.setdefault(user.pk, list(asked(user).values_list("pk", flat=True)))
        return SampleRow.objects.filter(pk__in=ids).select_related("sample", "stratum__union", "finding")

    monkeypatch.setattr(queries, "rows_for_assessor", remembering)
    with clock.frozen(SEED_ON):
        found = after_each_end(world, sample)
    assert found["handover"] == 200


def test_a_sample_goes_to_nobody_without_a_contract_that_reaches_it(world: World, sample: Sample) -> None:
    desk, su = client_of(world.user("su")), world.user("su")
    page = provider(desk, world, "白榆社工", 7)
    concluded(desk, world, page, valid_from="2026-08-04")  # begins tomorrow
    contract = contract_of(page).public_id
    assert "白榆社工" not in text(desk, reverse("sample_file", args=[sample.public_id]))
    with pytest.raises(handovers.NotUnderContract):
        handovers.hand_over(public_id=sample.public_id, contract_public_id=contract, acting_user=su)
    town = provider(desk, world, "青杨律所", 8)
    concluded(desk, world, town, union=world.union("town-a").public_id)  # for one town of the county
    with pytest.raises(handovers.NotUnderContract):
        handovers.hand_over(public_id=sample.public_id, contract_public_id=contract_of(town).public_id, acting_user=su)
    with clock.frozen(SEED_ON):
        for who in ("jiang", "lian", "yun"):
            with pytest.raises((RightMissing, NotFoundHere)):
                handovers.hand_over(
                    public_id=sample.public_id, contract_public_id=contract, acting_user=world.user(who)
                )
        for _twice in range(2):
            handovers.hand_over(public_id=sample.public_id, contract_public_id=contract, acting_user=su)
        assert Handover.objects.count() == 1
        handovers.take_from(public_id=sample.public_id, contract_public_id=contract, acting_user=su)
        with pytest.raises(handovers.NotHandedOver):
            handovers.take_from(public_id=sample.public_id, contract_public_id=contract, acting_user=su)
    for model in (Handover, HandoverEnd):
        for change in (lambda rows: rows.update(id=F("id")), lambda rows: rows.delete()):
            with pytest.raises(DatabaseError), transaction.atomic():
                change(model.objects.all())
