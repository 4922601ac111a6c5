"""Firms: the credit code's wrong place, the official size class by its dated table, and related firms."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from niangjia.core import clock
from niangjia.core.facts import facts
from niangjia.federation.scopes import scope_of
from niangjia.people.firms.related import key_of, related_names, related_to
from niangjia.people.firms.sizes import FEN_PER_WAN, edition_on, editions, size_class
from niangjia.people.identity import CreditCodeWrong, parse_credit_code
from niangjia.people.models import Employer, EmployerPair, EmployerRegistration, EmployerSize
from niangjia.people.services import firms
from niangjia.people.services.employers import register_employer
from niangjia.people.tests.test_pages import client_of, send
from niangjia.people.tests.world import World, credit_code

pytestmark = pytest.mark.one_database

INDUSTRIES = editions()[-1].industries
YEAR_END = date(2025, 12, 31)


def firm(world: World, order: int, name: str, union: str = "town-a") -> Employer:
    """An employer."""
    return register_employer(
        union_id=world.union(union).pk, name=name, credit_code=credit_code(order), acting_user=world.user("su")
    )


@pytest.mark.parametrize(
    ("place", "sign", "said"),
    [(9, "O", "第9位是“O”"), (1, "I", "第1位是“I”"), (5, "A", "第5位是“A”"), (18, None, "第18位是")],
)
def test_a_mistyped_credit_code_is_told_by_its_place(place: int, sign: str | None, said: str) -> None:
    right = credit_code(7)
    wrong = sign or ("1" if right[-1] != "1" else "2")
    with pytest.raises(CreditCodeWrong) as refused:
        parse_credit_code(right[: place - 1] + wrong + right[place:])
    assert said in str(refused.value.sentence)
    assert parse_credit_code(f" {right[:9]} {right[9:].lower()}") == right


@pytest.mark.parametrize("at", range(17))
def test_every_single_mistyped_place_is_caught(at: int) -> None:
    right = credit_code(1234)
    for sign in "0123456789ABCDEFGHJKLMNPQRTUWXY":
        if sign != right[at]:
            with pytest.raises(CreditCodeWrong):
                parse_credit_code(right[:at] + sign + right[at + 1 :])


@pytest.mark.parametrize(
    ("industry", "staff", "wan", "found"),
    [
        ("industry", 1000, 40_000, "large"), ("industry", 999, 40_000, "medium"), ("industry", 1000, 39_999, "medium"),
        ("industry", 300, 2_000, "medium"), ("industry", 299, 2_000, "small"), ("industry", 20, 300, "small"),
        ("industry", 19, 300, "micro"), ("industry", 20, 299, "micro"), ("industry", 5_000, 299, "micro"),
        ("catering", 46, 480, "small"), ("retail", 50, 500, "medium"), ("wholesale", 5, 1_000, "small"),
        ("agriculture", 9_999, 49, "micro"), ("agriculture", 1, 20_000, "large"), ("other", 100, 0, "medium"),
    ],
)  # fmt: skip
def test_the_official_classes_at_their_bounds(industry: str, staff: int, wan: int, found: str) -> None:
    assert size_class(INDUSTRIES[industry], staff=staff, revenue_fen=wan * FEN_PER_WAN) == found


def test_a_missing_measure_leaves_the_class_open_only_where_it_could_change_it() -> None:
    industry = INDUSTRIES["industry"]
    assert size_class(industry, staff=500) == ""
    assert size_class(industry, staff=19) == "micro", "whatever the revenue is"
    assert size_class(INDUSTRIES["construction"], revenue_fen=299 * FEN_PER_WAN) == "micro"
    assert size_class(INDUSTRIES["construction"], staff=9, revenue_fen=80_000 * FEN_PER_WAN) == ""


def test_the_table_is_the_one_of_the_day() -> None:
    assert edition_on(date(2011, 6, 17)) is None
    assert "300号" in edition_on(date(2017, 12, 27)).source  # type: ignore[union-attr]
    assert "213号" in edition_on(date(2017, 12, 28)).source  # type: ignore[union-attr]


def test_a_size_is_a_dated_row_and_the_fact_follows_it(world: World) -> None:
    client, employer = client_of(world, "jiang"), firm(world, 1, "榴红食品")
    address = reverse("employer_size", args=[employer.public_id])
    values = {"industry": "industry", "staff": "46", "revenue": "480.50", "true_on": str(YEAR_END), "source": "年报"}
    undecided = client.post(address, {**values, "revenue": ""})
    assert undecided.status_code == 422
    assert "还定不下规模" in undecided.content.decode()
    shown = send(client, address, **values)
    assert "小型企业" in shown
    assert "国统字〔2017〕213号" in shown
    shown = send(client, address, **{**values, "staff": "15", "true_on": "2024-12-31"})
    assert shown.index("小型企业") < shown.index("微型企业"), "the newest day first"
    assert EmployerSize.objects.count() == 2
    read = facts.get("employer.firm_size").read
    assert read([employer.pk], clock.today())[employer.pk].value == "small"
    assert read([employer.pk], date(2025, 6, 30)) == {}, "what was entered today was not known then"


def test_firms_of_the_same_people_are_flagged_decided_and_never_merged(world: World) -> None:
    su = world.user("su")
    one, two, three = (firm(world, at, name) for at, name in enumerate(("榴红食品", "石榴食品", "槐花纺织"), start=1))
    far = firm(world, 9, "榴红分号", union="town-b")
    for employer, who, phone in (
        (one, "石榴红", "13900001111"),
        (two, "石 榴红", "139 0000 1111"),
        (three, "槐花", ""),
    ):
        firms.record_registration(
            employer=employer, representative=who, phone=phone, address="", source="执照", acting_user=su
        )
    firms.record_registration(
        employer=far, representative="石榴红", phone="", address="", source="执照", acting_user=su
    )
    scope = scope_of(world.user("jiang"), "people.registry:read")
    found = related_to(scope, one)
    assert [(other.employer, other.grounds, other.decided) for other in found] == [
        (two, ("phone", "representative"), None)
    ]
    assert related_names(scope, [one.pk]) == {}, "a likeness is no relation until somebody says so"
    client = client_of(world, "jiang")
    assert "石榴食品" in client.get(reverse("employer_file", args=[one.public_id])).content.decode()
    address = reverse("employer_pair", args=[two.public_id, one.public_id])
    assert client.post(address, {"related": "yes"}).status_code == 302
    assert related_names(scope, [one.pk, two.pk]) == {one.pk: ["石榴食品"], two.pk: ["榴红食品"]}
    assert client.post(address, {"related": "no"}).status_code == 302
    assert related_names(scope, [one.pk]) == {one.pk: []}
    assert Employer.objects.count() == 4
    assert (
        client.post(reverse("employer_pair", args=[one.public_id, far.public_id]), {"related": "yes"}).status_code
        == 404
    )
    with pytest.raises(firms.NotTwoFirms):
        firms.decide_pair(employer=one, other=one, is_related=True, acting_user=su)
    with pytest.raises(IntegrityError), transaction.atomic():
        EmployerPair.objects.update(first=two, second=one)


def test_what_stands_behind_a_firm_is_sealed_and_found_by_keys(world: World) -> None:
    employer = firm(world, 1, "榴红食品")
    firms.record_registration(
        employer=employer, representative="石榴红", phone="13900001111", address="青岚路1号", source="执照",
        acting_user=world.user("su"),
    )  # fmt: skip
    stored = EmployerRegistration.objects.filter(employer=employer)
    raw = stored.values("representative_key", "phone_key", "address_key").get()
    assert raw == {f"{name}_key": key_of(name, text) for name, text in
                   (("representative", "石榴红"), ("phone", "+8613900001111"), ("address", " 青岚路 1号"))}  # fmt: skip
    shown = client_of(world, "jiang").get(reverse("employer_file", args=[employer.public_id])).content.decode()
    assert "13900001111" not in shown
