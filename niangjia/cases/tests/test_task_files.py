"""What goes with a task or an answer arrives in parts that survive a broken network, or with the plain form."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from niangjia.cases.models import Assignment, DueReturn, ReturnAnswer
from niangjia.cases.tests.test_towns import DUE, handed_down, owed
from niangjia.files.models import StoredFile
from niangjia.files.services import contents
from niangjia.files.tests.pictures import jpeg, segment
from niangjia.people.tests.tables import MEMBERS, workbook
from niangjia.people.tests.test_pages import client_of
from niangjia.people.tests.test_rosters import rows
from niangjia.people.tests.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
PART = 64 * 1024


def arrived(client: Client, content: bytes, key: str = "k") -> str:
    """A file that was sent in parts, the second of them only after a break; its number."""
    told = client.post(reverse("upload_begin"), {"key": key, "size": len(content)}).json()
    for offset in range(0, len(content), PART):
        if offset:
            again = client.post(reverse("upload_begin"), {"key": key, "size": len(content)}).json()
            assert (again["id"], again["received"]) == (told["id"], offset), "it goes on where it was"
        client.generic(
            "POST", reverse("upload_part", args=[told["id"]]), content[offset : offset + PART],
            "application/octet-stream", headers={"x-offset": str(offset)},
        )  # fmt: skip
    return str(told["id"])


def give(client: Client, due: DueReturn, **values: object) -> int:
    """Send the form of a return."""
    sent = {"words": "新增1户，盖章的表见照片", **values}
    return client.post(reverse("town_return_give", args=[due.public_id]), sent).status_code


def content_of(file: StoredFile | None) -> bytes:
    """What was stored."""
    assert file is not None
    return contents.read(file.digest)


def photograph() -> bytes:
    """A photograph of more than one part: with a long comment after its first mark."""
    whole = jpeg(80, 64)
    return whole[:2] + segment(0xFE, b"x" * 60_000) * 2 + whole[2:]


@pytest.mark.parametrize("way", ["in parts", "with the form"])
@pytest.mark.parametrize("kind", ["photograph", "table"])
def test_the_paper_of_a_return_is_kept_however_it_came(world: World, way: str, kind: str) -> None:
    content = photograph() if kind == "photograph" else workbook([MEMBERS, *rows()])
    due, client = owed(handed_down(world), world, "town-a"), client_of(world, "jiang")
    if way == "in parts":
        sent: dict[str, object] = {"file__upload": arrived(client, content), "file__name": "盖章的表.jpg"}
    else:
        sent = {"file": SimpleUploadedFile("盖章的表.jpg", content)}
    assert give(client, due, **sent) == 302
    assert content_of(ReturnAnswer.objects.get().file) == content


@pytest.mark.parametrize("way", ["in parts", "with the form"])
def test_what_goes_down_with_a_task_is_kept_however_it_came(world: World, way: str) -> None:
    content, client = photograph(), client_of(world, "su")
    page = client.get(reverse("town_task_new")).context["form"].initial
    sent = {
        "title": "7月动态", "request": "见附件", "roster_kind": "words", "due_on": DUE.isoformat(),
        "hierarchy": page["hierarchy"], "request_id": page["request_id"],
    }  # fmt: skip
    if way == "in parts":
        sent |= {"attachment__upload": arrived(client, content), "attachment__name": "通知.jpg"}
    else:
        sent |= {"attachment": SimpleUploadedFile("通知.jpg", content)}
    assert client.post(reverse("town_task_new"), sent).status_code == 302
    assert content_of(Assignment.objects.get().attachment) == content


def test_both_forms_shrink_send_in_parts_and_bring_the_script(world: World) -> None:
    due = owed(handed_down(world), world, "town-a")
    pages = {
        "file": client_of(world, "jiang").get(reverse("town_return", args=[due.public_id])),
        "attachment": client_of(world, "su").get(reverse("town_task_new")),
    }
    for name, answer in pages.items():
        page = answer.content.decode()
        field = page[page.index(f'name="{name}"') :].split(">")[0]
        assert 'data-uploads="/uploads/"' in field
        assert 'data-shrink="2400"' in field
        assert ".xlsx" in field, "a table may be chosen too"
        assert "site/js/upload" in page
        assert f'id="id_{name}_note"' in page
        assert 'name="request_id"' in page, "the photograph chosen again goes on where it was"


def test_what_somebody_else_sent_is_not_there(world: World) -> None:
    due = owed(handed_down(world), world, "town-a")
    foreign = arrived(client_of(world, "bai"), photograph())
    assert give(client_of(world, "jiang"), due, file__upload=foreign) == 302
    assert ReturnAnswer.objects.get().file is None
