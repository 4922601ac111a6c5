"""A photograph that was filed under a wrong code is filed where it belongs, or laid aside, with a reason on record."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from niangjia.core import clock
from niangjia.core.errors import NotFoundHere
from niangjia.federation.models import AuditRow
from niangjia.files import codes
from niangjia.files.models import PaperCode, PaperPhoto
from niangjia.files.services import papers
from niangjia.files.tests.pictures import jpeg
from niangjia.people.models import CheckAuthority, Person
from niangjia.people.services.persons import register_person
from niangjia.people.tests.test_pages import client_of
from niangjia.people.tests.world import World

pytestmark = pytest.mark.one_database
WHY = "看错了一行，是艾草青的"


@pytest.fixture(autouse=True)
def _kept_apart(settings: LazySettings, tmp_path: object) -> None:
    settings.MEDIA_ROOT = str(tmp_path)


@pytest.fixture
def two(world: World) -> tuple[Person, Person]:
    """Two of town A."""
    mai, ai = (
        register_person(union_id=world.union("town-a").pk, name=name, acting_user=world.user("su"))
        for name in ("麦芒种", "艾草青")
    )
    return mai, ai


def printed(world: World, person: Person, page: str = "consent_paper", *kind: str, by: str = "jiang") -> PaperCode:
    """The code of a form printed for somebody."""
    assert client_of(world, by).get(reverse(page, args=[*kind, person.public_id])).status_code == 200
    return PaperCode.objects.latest("pk")


def filed(world: World, code: PaperCode, by: str = "jiang") -> PaperPhoto:
    """A photograph filed under a code by its digits."""
    client = client_of(world, by)
    client.post(reverse("papers"), {"photographs": [SimpleUploadedFile("x.jpg", jpeg())]})
    photo = PaperPhoto.objects.latest("pk")
    client.post(reverse("paper_file", args=[photo.public_id]), {"code": code.code, "answer": "file"})
    photo.refresh_from_db()
    assert photo.code == code
    return photo


def answer(world: World, photo: PaperPhoto, by: str = "jiang", **values: str) -> tuple[int, str]:
    """Send the page of a filed photograph."""
    sent = {"answer": "anew", "reason": WHY, **values}
    told = client_of(world, by).post(reverse("paper_file", args=[photo.public_id]), sent)
    return told.status_code, told.content.decode()


def on_file(world: World, person: Person, photo: PaperPhoto) -> bool:
    """Whether somebody's page shows the photograph."""
    page = client_of(world, "jiang").get(reverse("person_file", args=[person.public_id])).content.decode()
    return reverse("paper_picture", args=[photo.public_id]) in page


def test_it_goes_where_it_belongs_and_both_files_tell_of_it(world: World, two: tuple[Person, Person]) -> None:
    mai, ai = two
    wrong, right = (printed(world, person) for person in two)
    photo = filed(world, wrong)
    page = client_of(world, "jiang").get(reverse("person_file", args=[mai.public_id])).content.decode()
    assert "归错了" in page
    assert reverse("paper_file", args=[photo.public_id]) in page
    shown = client_of(world, "jiang").get(reverse("paper_file", args=[photo.public_id])).content.decode()
    assert "麦芒种" in shown
    assert answer(world, photo, code=codes.spaced(right.code))[0] == 302
    assert (on_file(world, mai, photo), on_file(world, ai, photo)) == (False, True)
    out = AuditRow.objects.get(action="files.paper:take_out")
    assert (out.object_kind, out.object_id, out.reason) == ("person", mai.pk, WHY)
    told = {"paper": "consent", "photo": photo.public_id}
    assert json.loads(out.after) == told, "the file it left does not tell whose it is"
    again = AuditRow.objects.filter(action="files.paper:file").latest("pk")
    assert (again.object_id, again.actor) == (ai.pk, world.user("jiang"))


def test_what_belongs_nowhere_is_laid_aside_and_forgotten(world: World, two: tuple[Person, Person]) -> None:
    photo = filed(world, printed(world, two[0]))
    assert answer(world, photo, answer="drop")[0] == 302
    photo.refresh_from_db()
    assert (photo.code, photo.filed_at) == (None, None)
    assert photo.dropped_at is not None
    assert not on_file(world, two[0], photo)
    assert AuditRow.objects.get(action="files.paper:take_out").reason == WHY
    assert AuditRow.objects.filter(action="files.paper:drop", object_id=photo.pk).exists()
    with clock.frozen(clock.now() + timedelta(days=31)):
        papers.forget_dropped()
    assert not PaperPhoto.objects.exists()
    forgotten = AuditRow.objects.get(action="files.paper:forget")
    assert (forgotten.object_id, forgotten.actor_id) == (photo.pk, None)


def test_it_stays_where_it_is_without_a_reason_or_with_digits_that_are_wrong(
    world: World, two: tuple[Person, Person]
) -> None:
    wrong, right = (printed(world, person) for person in two)
    photo = filed(world, wrong)
    mistyped = right.code[:3] + str((int(right.code[3]) + 1) % 10) + right.code[4:]
    for values, sentence in (
        ({"reason": " ", "code": right.code}, "请用一句话写明"), ({"code": mistyped}, "错了一位"),
        ({"code": " "}, "请输入它该归到的那张表"), ({}, "请输入它该归到的那张表"),
        ({"code": codes.new_code()}, "没有这个号码"), ({"code": wrong.code}, "已经归在这个号码下"),
    ):  # fmt: skip
        status, page = answer(world, photo, **values)
        assert (status, sentence in page) == (422, True), (values, page[-3000:])
    photo.refresh_from_db()
    assert (photo.code, photo.filed_at is None) == (wrong, False)
    assert not AuditRow.objects.filter(action="files.paper:take_out").exists()


def test_only_who_files_for_both_unions_moves_it(world: World, two: tuple[Person, Person]) -> None:
    elsewhere = register_person(union_id=world.union("town-b").pk, name="桑果红", acting_user=world.user("su"))
    photo, foreign = filed(world, printed(world, two[0])), printed(world, elsewhere, by="bai")
    assert answer(world, photo, by="bai", code=foreign.code)[0] == 404
    with pytest.raises(NotFoundHere):
        papers.drop_filed(public_id=photo.public_id, reason=WHY, acting_user=world.user("bai"))
    status, page = answer(world, photo, code=foreign.code)
    assert (status, "没有这个号码" in page) == (422, True), "what an unknown code says"
    assert answer(world, photo, by="su", code=foreign.code)[0] == 302, "the county files for both"
    photo.refresh_from_db()
    assert (photo.code, photo.union_id) == (foreign, world.union("town-b").pk)


def test_the_paper_of_an_authority_that_counts_stays(world: World, two: tuple[Person, Person]) -> None:
    mai, ai = two
    photo, right = filed(world, printed(world, mai, "authority_form", "person")), printed(world, ai)
    values = {
        "signers": [str(mai.pk)], "bureaus": ["民政局"], "purpose": "复核", "signed_on": str(clock.today()),
        "valid_until": str(clock.today()), "request_id": "p", "photographed": photo.public_id,
    }  # fmt: skip
    client = client_of(world, "jiang")
    assert client.post(reverse("authority_new", args=["person", mai.public_id]), values).status_code == 302
    status, page = answer(world, photo, code=right.code)
    assert (status, "据这张照片录了一份授权书" in page) == (422, True)
    client.post(reverse("authority_withdraw", args=[CheckAuthority.objects.get().public_id]))
    assert answer(world, photo, code=right.code)[0] == 302


def test_the_first_button_pressed_twice_says_where_it_is(world: World, two: tuple[Person, Person]) -> None:
    code = printed(world, two[0])
    photo = filed(world, code)
    told = client_of(world, "jiang").post(
        reverse("paper_file", args=[photo.public_id]), {"code": code.code, "answer": "file"}
    )
    assert (told.status_code, "麦芒种" in told.content.decode()) == (200, True)
    assert AuditRow.objects.filter(action="files.paper:file").count() == 1
