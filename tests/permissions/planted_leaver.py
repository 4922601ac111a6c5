"""Somebody who asks to be forgotten: registered, employed, merged, in rosters, looked at, searched for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from niangjia.accounts.models import User
from niangjia.accounts.services.users import create_user
from niangjia.core import clock
from niangjia.federation.listing.pages import page_of
from niangjia.federation.models import Approval
from niangjia.federation.services import approvals, exports
from niangjia.federation.services.grants import grant_role, ten_years_from_now
from niangjia.federation.services.saved import save_list
from niangjia.files.tests.pictures import png
from niangjia.people.mine import ERASURE
from niangjia.people.models import OwnRequest, Person, SuspectedPair
from niangjia.people.services.corrections import correct_person
from niangjia.people.services.employers import register_employer, start_employment
from niangjia.people.services.facts import record_fact, state_fact
from niangjia.people.services.households import register_household
from niangjia.people.services.memberships import join_union
from niangjia.people.services.merges import merge_persons
from niangjia.people.services.persons import register_person
from niangjia.people.tests.tables import MEMBERS, enter, hand_in, text_table
from niangjia.people.tests.world import credit_code, identity_number
from niangjia.visits.services.visits import Table, record_visit
from tests.permissions.planted import Planted, Unit
from tests.permissions.planted_people import asked_of_a_bureau, asks, namesakes

NAME, FORMER, TOWN = "榧木生", "榧木身", "town-a"
NUMBER, PHONE, LATER = identity_number(date(1981, 5, 6), 700), "13800000901", "13800000903"
# What would tell of him: his name and the one before it, his number and telephone, what he said.
MARKS = (NAME, FORMER, NUMBER, PHONE, LATER, "榧木的话", "榧木巷9号")


@dataclass
class Leaver:
    """He, what his ids are for the routes, and his account."""

    person: Person
    unit: Unit
    account: User


def plant_leaver(planted: Planted, officer: User) -> Leaver:
    """Everything the registry can hold of somebody, but for what a law keeps."""
    town = planted.world.union(TOWN)
    person = register_person(union_id=town.pk, name=FORMER, id_number=NUMBER, phone=PHONE, acting_user=officer)
    correct_person(person_id=person.pk, name=NAME, source="户口簿", acting_user=officer)
    person.refresh_from_db()
    account = create_user(username="leaver", display_name=NAME, phone=f"+86{PHONE}")
    grant_role(user=account, role="worker", person_id=person.pk, expires_at=ten_years_from_now(), acting_user=None)
    home = register_household(
        union_id=town.pk, head_id=person.pk, address="榧木巷9号", registered_on=date(2020, 1, 1), acting_user=officer
    )
    firm = register_employer(union_id=town.pk, name="榧木行", credit_code=credit_code(777), acting_user=officer)
    start_employment(
        person_id=person.pk, employer_id=firm.pk, started_on=date(2020, 1, 1), source="劳动合同", acting_user=officer
    )
    join_union(person_id=person.pk, joined_on=date(2020, 1, 1), source="入会申请书", acting_user=officer)
    unit = Unit("leaver", person=person, household=home, worker=account)
    unit.ids |= planted.units[TOWN].ids | {
        "person": person.public_id, "household": home.public_id, "person_pk": str(person.pk),
        "household_pk": str(home.pk), "employer": firm.public_id,
    }  # fmt: skip
    _stated(unit, officer)
    _searched_for(unit, officer)
    asks(unit, person, town.pk, officer, "榧")
    return Leaver(person, unit, account)


def _stated(unit: Unit, officer: User) -> None:
    person, home, account = unit.person, unit.household, unit.worker
    assert person is not None
    assert home is not None
    assert account is not None
    about = {"subject_kind": "person", "subject_id": person.pk}
    record_fact(
        **about, code="hospital_own_cost", value=77_123, proof=2, true_on=clock.today(), source_zh="医保结算单",
        source_en="Settlement slip", acting_user=officer,
    )  # fmt: skip
    statement = state_fact(
        **about, code="admission_letter", value=True, request_id="leaver-s", acting_user=account,
        photograph=SimpleUploadedFile("x.png", png() + "榧木的信".encode(), "image/png"),
    )  # fmt: skip
    unit.ids["statement"] = statement.public_id
    table = text_table([MEMBERS, (NAME, NUMBER, PHONE, "2020-01-01"), ("榧二", "", "13800000904", "2020-01-01")])
    entered = text_table([MEMBERS, (NAME, NUMBER, PHONE, "2020-01-01"), ("榧三", "", "13800000902", "2020-01-01")])
    enter(hand_in(entered, officer, person.union_id, name="上年名册.csv"), officer)
    changed = text_table([("姓名", "身份证号", "手机号", "性别", "入会日期"), (NAME, NUMBER, LATER, "", "2020-01-01")])
    enter(hand_in(changed, officer, person.union_id, name="改号名册.csv"), officer)
    roster = hand_in(table, officer, person.union_id, name="名册.csv")
    unit.ids["roster"] = roster.public_id
    person.refresh_from_db()
    asked_of_a_bureau(unit, officer, person.union_id, NAME, title="榧巷核对")
    namesakes(unit, person, officer)
    # What his deletion would leave behind is one with his file first, as its plan says.
    twin = SuspectedPair.objects.get(public_id=unit.ids["pair"]).other_id
    merge_persons(survivor_id=person.pk, absorbed_id=twin, reason="同一人", acting_user=officer)
    record_visit(
        household_id=home.pk, table=Table("review", clock.today(), "better", clock.today(), note="榧木的话"),
        photos=[SimpleUploadedFile("x.png", png() + "榧木的家".encode(), "image/png")], request_id="leaver-v",
        acting_user=officer,
    )  # fmt: skip


def _searched_for(unit: Unit, officer: User) -> None:
    """Officers look at his number, save a list that asks for his name, and take him out of the desk."""
    desk = Client()
    desk.force_login(officer)
    assert unit.person is not None
    desk.post(reverse("person_reveal", args=[unit.person.public_id]), {"reason": "核对"})
    page = page_of(officer, "people.persons", {"name": NAME})
    unit.ids["saved"] = save_list(page=page, name="要找的人", shared=True, acting_user=officer).public_id
    taken = exports.take_list(page=page, columns=["name", "masked"], way="xlsx", purpose="送核", acting_user=officer)
    unit.ids["export"] = taken.export.public_id


def erase(leaver: Leaver, deputy: User) -> None:
    """The second person confirms that he is forgotten."""
    asked = OwnRequest.objects.get(public_id=leaver.unit.ids["erasure"])
    approval = Approval.objects.get(kind=ERASURE, object_id=asked.pk)
    approvals.decide(public_id=approval.public_id, verdict="confirmed", acting_user=deputy)
    leaver.person.refresh_from_db()
