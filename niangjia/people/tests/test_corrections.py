"""An officer puts right what stands in the register wrongly: with what it rests on, and what stood there is kept."""

from __future__ import annotations

import json
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from niangjia.core import clock, crypto
from niangjia.federation.models import AuditRow
from niangjia.federation.services.grants import grant_role, ten_years_from_now
from niangjia.files.tests.pictures import png
from niangjia.people.models import (
    Employer,
    EmploymentSpell,
    HardshipFile,
    Household,
    MembershipSpell,
    OwnRequest,
    Person,
)
from niangjia.people.services.corrections import correct_person
from niangjia.people.services.employers import register_employer, start_employment
from niangjia.people.services.firms import decide_pair, record_registration, record_size
from niangjia.people.services.households import open_hardship_file, register_household
from niangjia.people.services.own_matters import OwnMatter
from niangjia.people.services.persons import enter_with_phone, register_person
from niangjia.people.tests.world import World, credit_code, identity_number

BORN = date(1978, 5, 14)
NUMBER, OTHER = identity_number(BORN, 11), identity_number(BORN, 13)
CARD = "看过身份证"


@pytest.fixture
def mai(world: World) -> Person:
    """A woman of town A, with a slip in her name."""
    return register_person(
        union_id=world.union("town-a").pk, name="麦芒钟", id_number=NUMBER, phone="13800000001",
        acting_user=world.user("jiang"),
    )  # fmt: skip


@pytest.fixture
def home(world: World, mai: Person) -> Household:
    """Her household, in file."""
    found = register_household(
        union_id=mai.union_id, head_id=mai.pk, address="小满镇1号", registered_on=date(2020, 1, 1),
        acting_user=world.user("su"),
    )  # fmt: skip
    open_hardship_file(
        household_id=found.pk, grade="relative", cause="失业", entered_on=date(2026, 1, 5),
        review_due_on=date(2026, 12, 1), acting_user=world.user("su"),
    )  # fmt: skip
    return found


def desk(world: World, name: str = "jiang") -> Client:
    client = Client()
    client.force_login(world.user(name))
    return client


def send(client: Client, route: str, *args: object, **values: object) -> str:
    """Send a form; empty when it went through, else what the page says."""
    response = client.post(reverse(route, args=args), values)
    return "" if response.status_code == 302 else response.content.decode()


def kept(action: str) -> AuditRow:
    return AuditRow.objects.get(action=action)


def before(action: str) -> dict[str, object]:
    """What stood there, as the trail keeps it."""
    found: dict[str, object] = json.loads(kept(action).before)
    return found


def test_a_name_and_a_number_are_put_right_and_the_trail_keeps_both(world: World, mai: Person) -> None:
    page = desk(world).get(reverse("person_correct", args=[mai.public_id])).content.decode()
    assert 'value="麦芒钟"' in page
    assert NUMBER not in page, "a number is shown for a reason only"
    assert "13800000001" not in page
    told = {"name": "麦芒种", "id_number": OTHER, "source": CARD}
    assert send(desk(world), "person_correct", mai.public_id, **told) == ""
    mai.refresh_from_db()
    assert (mai.name, mai.name_key, mai.id_number, mai.phone) == ("麦芒种", "麦芒种", OTHER, "+8613800000001")
    row = kept("people.person:correct")
    key, place = bytes.fromhex(mai.data_key), f"audit:person:{mai.pk}"
    opened = {name: crypto.unseal(text, bound_to=place, key=key) for name, text in json.loads(row.before).items()}
    assert opened == {"name": "麦芒钟", "id_number": NUMBER}
    assert (row.reason, row.actor) == (CARD, world.user("jiang"))
    assert NUMBER not in str(row.before) + str(row.after)


@pytest.mark.parametrize(
    ("told", "says"),
    [
        ({"name": " "}, "请照身份证填姓名"),
        ({"name": "麦芒种", "source": " "}, "请写明依据"),
        ({}, "登记里本来就是这样"),
        ({"id_number": NUMBER[:-1]}, "18"),
        ({"born_on": "1979-01-01"}, "身份证号"),
        ({"sex": "male"}, "身份证号"),
        ({"id_number": OTHER, "born_on": "1979-01-01"}, "身份证号"),
        ({"phone": "12"}, "手机"),
    ],
)
def test_what_cannot_be_so_is_refused_and_nothing_is_written(
    world: World, mai: Person, told: dict[str, str], says: str
) -> None:
    stood = Person.objects.values().get(pk=mai.pk)
    sent = {"name": mai.name, "source": CARD, "sex": mai.sex, "born_on": BORN.isoformat(), **told}
    assert says in send(desk(world), "person_correct", mai.public_id, **sent)
    assert Person.objects.values().get(pk=mai.pk) == stood
    assert not AuditRow.objects.filter(action="people.person:correct").exists()


def test_a_number_that_stands_in_another_file_is_not_taken(world: World, mai: Person) -> None:
    register_person(union_id=mai.union_id, name="车前草", id_number=OTHER, acting_user=world.user("jiang"))
    told = {"name": mai.name, "id_number": OTHER, "source": CARD}
    assert "车前草" in send(desk(world), "person_correct", mai.public_id, **told)
    far = register_person(
        union_id=world.union("town-b").pk, name="白头翁", id_number=identity_number(BORN, 15),
        acting_user=world.user("bai"),
    )  # fmt: skip
    page = send(desk(world), "person_correct", mai.public_id, **told | {"id_number": far.id_number})
    assert "已在别处登记" in page
    assert "白头翁" not in page, "of a file elsewhere nothing is told"


def test_who_logs_in_with_the_telephone_goes_on_with_the_new_one(world: World, mai: Person) -> None:
    user = enter_with_phone("+8613800000001")
    assert user is not None
    told = {"name": mai.name, "source": "本人来电"}
    assert send(desk(world), "person_correct", mai.public_id, **told, phone="138 0000 0002") == ""
    user.refresh_from_db()
    assert user.phone == "+8613800000002"
    assert send(desk(world), "person_correct", mai.public_id, **told, drops_phone="on") == ""
    mai.refresh_from_db()
    user.refresh_from_db()
    assert (mai.phone, mai.phone_key, user.phone) == ("", None, "")


def test_nobody_corrects_himself_and_nobody_elsewhere_does(world: World, mai: Person, home: Household) -> None:
    for name in ("bai", "yuan"):
        assert desk(world, name).get(reverse("person_correct", args=[mai.public_id])).status_code == 404
    jiang = world.user("jiang")
    grant_role(user=jiang, role="worker", person_id=mai.pk, expires_at=ten_years_from_now(), acting_user=None)
    with pytest.raises(OwnMatter):
        correct_person(person_id=mai.pk, name="麦芒种", source=CARD, acting_user=jiang)
    assert "同事" in send(desk(world), "household_correct", home.public_id, address="x", cause="y", source=CARD)


def test_an_officer_is_known_by_the_telephone_of_his_account(world: World, mai: Person) -> None:
    jiang = world.user("jiang")
    jiang.phone = mai.phone
    jiang.save()
    with pytest.raises(OwnMatter):
        correct_person(person_id=mai.pk, name="麦芒种", source=CARD, acting_user=jiang)


def test_address_and_cause_of_a_household_are_put_right(world: World, home: Household) -> None:
    page = desk(world).get(reverse("household_correct", args=[home.public_id])).content.decode()
    assert "小满镇1号" in page
    assert kept("people.file:look").object_id == home.pk, "who sees address and cause is written down"
    told = {"address": "小满镇2号", "cause": "子女就学", "source": "上门看过"}
    assert send(desk(world), "household_correct", home.public_id, **told) == ""
    home.refresh_from_db()
    assert (home.address, HardshipFile.objects.get().cause) == ("小满镇2号", "子女就学")
    row = kept("people.household:correct")
    assert set(json.loads(row.before)) == set(json.loads(row.after)) == {"address", "cause"}
    assert "小满镇" not in str(row.before) + str(row.after)
    assert "本来就是这样" in send(desk(world), "household_correct", home.public_id, **told)


def test_a_household_without_a_file_has_no_cause_to_put_right(world: World, home: Household) -> None:
    HardshipFile.objects.update(exited_on=clock.today())
    page = desk(world).get(reverse("household_correct", args=[home.public_id])).content.decode()
    assert 'name="cause"' not in page
    told = {"address": "小满镇2号", "cause": "偷偷写的", "source": CARD}
    assert send(desk(world), "household_correct", home.public_id, **told) == ""
    assert HardshipFile.objects.get().cause == "失业"


@pytest.fixture
def firm(world: World) -> Employer:
    """A firm of town A."""
    return register_employer(
        union_id=world.union("town-a").pk, name="云禾竹器长", credit_code=credit_code(1), staff_count=12,
        acting_user=world.user("jiang"),
    )  # fmt: skip


def test_an_employer_is_put_right_and_a_code_is_never_anothers(world: World, firm: Employer) -> None:
    told = {"name": "云禾竹器厂", "credit_code": firm.credit_code, "staff_count": "14", "source": "营业执照"}
    assert send(desk(world), "employer_correct", firm.public_id, **told) == ""
    firm.refresh_from_db()
    assert (firm.name, firm.staff_count, firm.in_zone) == ("云禾竹器厂", 14, False)
    assert before("people.employer:correct") == {"name": "云禾竹器长", "staff_count": 12}
    other = register_employer(
        union_id=firm.union_id, name="云禾笋厂", credit_code=credit_code(2), acting_user=world.user("jiang")
    )
    taken = told | {"credit_code": other.credit_code}
    assert "已登记" in send(desk(world), "employer_correct", firm.public_id, **taken).replace("已经登记", "已登记")
    assert "代码" in send(desk(world), "employer_correct", firm.public_id, **told | {"credit_code": "123"})
    firm.refresh_from_db()
    assert firm.credit_code == credit_code(1)


def test_a_job_is_put_right_or_taken_out(world: World, mai: Person, firm: Employer) -> None:
    job = start_employment(
        person_id=mai.pk, employer_id=firm.pk, started_on=date(2024, 3, 1), monthly_wage_fen=300_000, source="合同",
        acting_user=world.user("jiang"),
    )  # fmt: skip
    page = desk(world).get(reverse("job_correct", args=[mai.public_id, job.pk])).content.decode()
    assert 'value="3000.00"' in page
    told = {"form": "platform", "started_on": "2023-03-01", "monthly_wage": "3100", "source": "社保记录"}
    assert "早于" in send(desk(world), "job_correct", mai.public_id, job.pk, **told, ended_on="2022-01-01")
    assert send(desk(world), "job_correct", mai.public_id, job.pk, **told) == ""
    job.refresh_from_db()
    assert (job.form, job.started_on, job.ended_on, job.monthly_wage_fen) == (
        "platform", date(2023, 3, 1), None, 310_000,
    )  # fmt: skip
    assert "300000" not in str(kept("people.employment:correct").before), "a wage is sealed"
    assert send(desk(world), "job_correct", mai.public_id, job.pk, **told, removes="on") == ""
    assert not EmploymentSpell.objects.exists()
    assert before("people.employment:remove")["on"] == "2023-03-01"


def test_somebody_joins_the_union_leaves_it_and_a_slip_is_taken_out(world: World, mai: Person) -> None:
    file = reverse("person_file", args=[mai.public_id])
    assert "登记入会" in desk(world).get(file).content.decode()
    day = clock.today().isoformat()
    assert send(desk(world), "membership_new", mai.public_id, joined_on="2024-05-01", source="入会申请书") == ""
    spell = MembershipSpell.objects.get()
    assert "登记入会" not in desk(world).get(file).content.decode()
    assert "已经是会员" in send(desk(world), "membership_new", mai.public_id, joined_on=day, source=CARD)
    here = ("membership_correct", mai.public_id, spell.pk)
    assert "早于" in send(desk(world), *here, joined_on="2024-05-01", ended_on="2024-04-01", source=CARD)
    assert "还没到" in send(desk(world), *here, joined_on="2024-05-01", ended_on="2099-04-01", source=CARD)
    assert send(desk(world), *here, joined_on="2024-04-01", ended_on="2025-12-31", source="转出介绍信") == ""
    spell.refresh_from_db()
    assert (spell.joined_on, spell.ended_on) == (date(2024, 4, 1), date(2025, 12, 31))
    assert "已经是会员" in send(desk(world), "membership_new", mai.public_id, joined_on="2025-01-01", source=CARD)
    assert send(desk(world), "membership_new", mai.public_id, joined_on="2025-12-31", source="又入会") == ""
    assert "已经是会员" in send(desk(world), *here, joined_on="2024-04-01", source="还没退"), "one at a time"
    assert send(desk(world), *here, joined_on="2024-04-01", source="录错了", removes="on") == ""
    assert MembershipSpell.objects.get().joined_on == date(2025, 12, 31)
    actions = AuditRow.objects.filter(action__startswith="people.membership:").order_by("pk")
    assert [row.action.partition(":")[2] for row in actions] == ["join", "correct", "join", "remove"]


def test_who_stands_at_the_window_asks_for_deletion_with_his_signature(world: World, mai: Person) -> None:
    told = {"says": "不再参加了", "request_id": "window-1"}
    assert "签字" in send(desk(world), "person_erasure", mai.public_id, **told)
    assert not OwnRequest.objects.exists()
    signed = {"photograph": SimpleUploadedFile("x.png", png(), "image/png")}
    assert send(desk(world), "person_erasure", mai.public_id, **told, **signed) == ""
    row = OwnRequest.objects.get()
    assert (row.kind, row.asked_by, row.person) == ("erase", world.user("jiang"), mai)
    assert row.evidence is not None
    assert not Person.objects.get(pk=mai.pk).erased_at, "others look at it first"
    again = {"photograph": SimpleUploadedFile("x.png", png(), "image/png"), **told, "request_id": "window-2"}
    assert "已经" in send(desk(world), "person_erasure", mai.public_id, **again)
    assert desk(world, "bai").get(reverse("person_erasure", args=[mai.public_id])).status_code == 404


def test_the_list_of_employers_tells_size_and_firms_of_the_same_people(world: World, firm: Employer) -> None:
    jiang = world.user("jiang")
    other = register_employer(union_id=firm.union_id, name="云禾笋厂", credit_code=credit_code(2), acting_user=jiang)
    register_employer(union_id=firm.union_id, name="云禾茶厂", credit_code=credit_code(3), acting_user=jiang)
    for one in (firm, other):
        record_registration(
            employer=one, representative="竹叶青", phone="", address="", source="执照", acting_user=jiang
        )
    record_size(
        employer=firm, true_on=date(2026, 1, 1), industry="industry", staff=12, revenue_fen=100_000_000,
        assets_fen=None, source="年报", acting_user=jiang,
    )  # fmt: skip

    def named(**asked: str) -> list[str]:
        page = desk(world).get(reverse("employer_list"), asked).content.decode()
        return [name for name in ("云禾竹器长", "云禾笋厂", "云禾茶厂") if f">{name}</a>" in page]

    assert named(size="micro") == ["云禾竹器长"]
    assert named(size="unknown") == ["云禾笋厂", "云禾茶厂"]
    assert named(related="ask") == ["云禾竹器长", "云禾笋厂"]
    assert named(related="yes") == []
    decide_pair(employer=firm, other=other, is_related=True, acting_user=jiang)
    assert named(related="ask") == []
    assert named(related="yes") == ["云禾竹器长", "云禾笋厂"]
