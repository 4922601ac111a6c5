"""Two files of one person on pages: asked before entry, shown beside a statement, merged, parted, kept apart."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from niangjia.people.models import Person, PersonMerge, Statement, SuspectedPair
from niangjia.people.services.persons import register_person
from niangjia.people.tests.world import World, identity_number

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
BORN = date(1995, 4, 9)
NUMBER = identity_number(BORN, 31)


def client_of(world: World, name: str) -> Client:
    client = Client()
    client.force_login(world.user(name))
    return client


@pytest.fixture
def old(world: World) -> Person:
    """What a roster of 2023 left in town b: the same name and telephone, the number mistyped."""
    slip = NUMBER[:13] + ("8" if NUMBER[13] != "8" else "3") + NUMBER[14:]
    return Person.objects.create(
        union=world.union("town-b"), name="车前草", id_number=slip, born_on=BORN, phone="+8613800000001"
    )


def sent(world: World, **more: str) -> dict[str, str]:
    return {
        "union": world.union("town-a").public_id, "name": "车前草", "id_number": NUMBER, "phone": "13800000001", **more
    }  # fmt: skip


def test_before_entry_the_likely_file_is_shown_side_by_side_and_an_answer_is_kept(world: World, old: Person) -> None:
    su = client_of(world, "su")
    page = su.post(reverse("person_new"), sent(world))
    told = page.content.decode()
    assert page.status_code == 422
    for words in ("疑似同一人", "身份证号只差一处", "手机号相同", "town-b工会", "不一致", "改为转会"):
        assert words in told, words
    assert reverse("person_move", args=[old.public_id]) in told
    assert Person.objects.count() == 1, "nothing was saved"
    assert su.post(reverse("person_new"), sent(world, apart=old.public_id)).status_code == 422, "a reason is missing"
    answer = su.post(reverse("person_new"), sent(world, apart=old.public_id, apart_reason="双胞胎，都见过"))
    assert answer.status_code == 302
    assert SuspectedPair.objects.get().reason == "双胞胎，都见过"
    assert "疑似同一人" not in su.get(answer["Location"]).content.decode()


def test_who_may_not_see_the_other_file_is_asked_nothing_and_the_county_finds_the_pair(
    world: World, old: Person
) -> None:
    jiang = client_of(world, "jiang")
    answer = jiang.post(reverse("person_new"), sent(world))
    assert answer.status_code == 302
    assert "疑似同一人" not in jiang.get(answer["Location"]).content.decode()
    pair = SuspectedPair.objects.get()
    nowhere = jiang.get(reverse("duplicate_pair", args=["zzzzzzzzzzzzzz"]))
    for user in ("jiang", "bai"):
        client = client_of(world, user)
        half = client.get(reverse("duplicate_pair", args=[pair.public_id]))
        assert (half.status_code, half.content) == (404, nowhere.content)
        assert "车前草" not in client.get(reverse("duplicate_list")).content.decode()
    county = client_of(world, "su")
    assert reverse("duplicate_pair", args=[pair.public_id]) in county.get(reverse("duplicate_list")).content.decode()
    assert "身份证号只差一处" in county.get(answer["Location"]).content.decode()
    # The very same number is refused by the sentence of first contact, and by nothing else of that file.
    there = Person.objects.get(pk=pair.other_id)
    refused = client_of(world, "bai").post(
        reverse("person_new"), {"union": world.union("town-b").public_id, "name": "葵", "id_number": NUMBER}
    )
    told = refused.content.decode()
    assert "首问登记" in told
    for words in (there.public_id, "town-a", there.name, "疑似同一人"):
        assert words not in told, words


def test_two_files_become_one_the_old_address_leads_on_and_they_are_parted(world: World, old: Person) -> None:
    su = client_of(world, "su")
    kept = register_person(
        union_id=world.union("town-a").pk, name="车前草", id_number=NUMBER, phone="13800000001",
        acting_user=world.user("su"),
    )  # fmt: skip
    address = reverse("duplicate_pair", args=[SuspectedPair.objects.get().public_id])
    page = su.get(address).content.decode()
    assert f'name="keep" value="{kept.public_id}"' in page, "the file whose number holds stays"
    assert f"?keep={old.public_id}" in page
    values = {"answer": "one", "keep": kept.public_id}
    assert su.post(address, {**values, "reason": " "}).status_code == 422
    answer = su.post(address, {**values, "reason": "同名同号，厂里核过"})
    merge = PersonMerge.objects.get()
    assert answer["Location"] == reverse("merge_file", args=[merge.public_id])
    led = su.get(reverse("person_file", args=[old.public_id]), follow=True)
    assert led.redirect_chain == [(reverse("person_file", args=[kept.public_id]), 302)]
    assert "那份档案已并入这里" in led.content.decode()
    bai = client_of(world, "bai")
    gone, nowhere = (bai.get(reverse("person_file", args=[pk])) for pk in (old.public_id, "zzzzzzzzzzzzzz"))
    assert (gone.status_code, gone.content) == (404, nowhere.content), "who had it before follows it nowhere"
    far, none = (bai.get(reverse("merge_file", args=[pk])) for pk in (merge.public_id, "zzzzzzzzzzzzzz"))
    assert (far.status_code, far.content) == (404, none.content)
    parted = su.post(reverse("merge_file", args=[merge.public_id]), {"reason": "看错了"}, follow=True)
    assert "恢复原样" in parted.content.decode()
    assert bai.get(reverse("person_file", args=[old.public_id])).status_code == 200


def test_a_known_number_leads_to_its_file_and_the_desk_tells_what_waits(world: World, old: Person) -> None:
    su = client_of(world, "su")
    kept = register_person(
        union_id=world.union("town-a").pk, name="车前草", id_number=NUMBER, acting_user=world.user("su")
    )
    told = su.post(reverse("person_new"), sent(world)).content.decode()
    assert "请用那份档案" in told
    assert reverse("person_file", args=[kept.public_id]) in told
    assert 'name="apart"' not in told, "one number is one person"
    assert "疑似同一人" in su.get("/desk/").content.decode()


def test_the_pair_stands_beside_a_statement_only_for_who_may_see_both(world: World, old: Person) -> None:
    kept = register_person(
        union_id=world.union("town-a").pk, name="车前草", id_number=NUMBER, acting_user=world.user("su")
    )
    statement = Statement.objects.create(
        subject_kind="person", subject_id=kept.pk, union_id=kept.union_id, code="admission_letter", value="true",
        stated_by=world.user("su"), stated_at="2026-08-01T00:00Z", request_id="r",
    )  # fmt: skip
    address = reverse("verify_statement", args=[statement.public_id])
    assert "身份证号只差一处" in client_of(world, "su").get(address).content.decode()
    town = client_of(world, "jiang").get(address)
    assert town.status_code == 200
    assert "疑似同一人" not in town.content.decode()
