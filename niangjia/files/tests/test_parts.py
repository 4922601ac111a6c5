"""Uploads in parts: broken anywhere, sent twice, across a restart, over HTTP; and the plain form beside them."""

from __future__ import annotations

import random
import tracemalloc
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict
from django.test import Client, RequestFactory
from django.urls import reverse

from niangjia.accounts.models import User
from niangjia.accounts.services.users import create_user
from niangjia.core import clock
from niangjia.federation.services.grants import grant_role, ten_years_from_now
from niangjia.files.arrived import files_of
from niangjia.files.models import Upload
from niangjia.files.services import partfile, uploads
from niangjia.files.services.store import MAX_BYTES, store_upload
from niangjia.files.tests.pictures import png

SIZE = 300_000


class Torn(AssertionError):
    """What arrived is not what was sent."""


@pytest.fixture
def sender(db: None, settings: LazySettings, tmp_path: Path) -> User:
    """Somebody with a telephone."""
    settings.MEDIA_ROOT = str(tmp_path)
    return person_of_the_house("sender", "车前草")


def person_of_the_house(username: str, name: str) -> User:
    """Somebody with a role: only such a one has anything to hand in."""
    user = create_user(username=username, display_name=name)
    grant_role(user=user, role="worker", person_id=user.pk, expires_at=ten_years_from_now(), acting_user=None)
    return user


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def begin(client: Client, key: str, size: int) -> dict[str, Any]:
    found: dict[str, Any] = client.post(reverse("upload_begin"), {"key": key, "size": size}).json()
    return found


def send(client: Client, upload_id: str, offset: int, content: bytes) -> Any:
    return client.generic(
        "POST", reverse("upload_part", args=[upload_id]), content, "application/octet-stream",
        headers={"x-offset": str(offset)},
    )  # fmt: skip


def through_breaks(user: User, content: bytes, dice: random.Random, key: str) -> str:
    """Send it over a connection that breaks anywhere: a lost request, a lost answer, a part cut short, a restart."""
    client, place = client_of(user), 0
    upload_id = ""
    while place < len(content):
        told = begin(client, key, len(content))
        upload_id, place = told["id"], told["received"]
        for _ in range(dice.randint(1, 4)):
            part = content[place : place + dice.randint(1, 70_000)]
            fate = dice.choice(("well", "well", "lost", "answer lost", "cut short", "late"))
            if fate == "cut short":
                part = part[: dice.randint(1, len(part))] if part else part
            if fate != "lost" and part:
                send(client, upload_id, place, part)
            if fate == "late":  # an old part arrives again after newer ones
                send(client, upload_id, max(0, place - 10), content[max(0, place - 10) : place + 5])
            if fate == "answer lost":  # nobody told the sender: it sends the same again, and a little more
                send(client, upload_id, place, content[place : place + len(part) + 900])
            if fate in {"lost", "answer lost", "cut short", "late"}:
                break
            place += len(part)
        client = client_of(user)  # a restart: nothing is kept in memory
    return upload_id


def whole(user: User, upload_id: str, content: bytes) -> None:
    """Held against what was sent."""
    if uploads.whole_upload(upload_id, user).read() != content:
        raise Torn


@pytest.mark.parametrize("seed", range(6))
def test_broken_at_any_place_it_arrives_whole_and_once(sender: User, seed: int) -> None:
    dice = random.Random(seed)
    content = dice.randbytes(SIZE)
    upload_id = through_breaks(sender, content, dice, f"k-{seed}")
    whole(sender, upload_id, content)
    assert Upload.objects.count() == 1


def six_broken_ones(sender: User) -> None:
    for seed in range(6):
        dice = random.Random(seed)
        content = dice.randbytes(SIZE)
        whole(sender, through_breaks(sender, content, dice, f"a-{seed}"), content)


def test_control_a_receiver_that_appends_tears_the_file(sender: User, monkeypatch: pytest.MonkeyPatch) -> None:
    def append(path: Path, offset: int, content: bytes, received: int) -> None:
        partfile.write_at(path, partfile.length_of(path), content)

    monkeypatch.setattr(uploads, "_write", append)
    with pytest.raises((Torn, uploads.NotWhole)):
        six_broken_ones(sender)


def test_a_crash_between_the_bytes_and_the_row_loses_nothing(sender: User, monkeypatch: pytest.MonkeyPatch) -> None:
    content = random.Random(1).randbytes(5_000)
    upload = uploads.begin_upload(key="c", size=len(content), acting_user=sender)
    uploads._write(uploads.part_path(upload), 0, content[:3_000], 0)  # the row was never told
    client = client_of(sender)
    assert begin(client, "c", len(content))["received"] == 0
    send(client, upload.public_id, 0, content)
    whole(sender, upload.public_id, content)


def test_of_a_write_nobody_was_told_of_nothing_stays(tmp_path: Path) -> None:
    whole, torn = tmp_path / "whole", tmp_path / "torn"
    for path, before in ((whole, b""), (torn, b"b" * 1_000)):
        partfile.write_at(path, 0, b"a" * 100)
        if before:
            partfile.write_at(path, 100, before)
        partfile.write_at(path, 100, b"c" * 10)
        assert b"".join(partfile.read_bits(path)) == b"a" * 100 + b"c" * 10
    assert torn.stat().st_size == whole.stat().st_size


def test_a_part_lies_sealed_and_what_was_torn_or_changed_is_not_taken_for_it(sender: User) -> None:
    content, word = random.Random(2).randbytes(3_000) + b"990123198003041016" * 200, b"990123198003041016"
    upload = uploads.begin_upload(key="s", size=len(content), acting_user=sender)
    client, path = client_of(sender), uploads.part_path(upload)
    for start in range(0, len(content), 1_500):
        assert word not in (path.read_bytes() if path.exists() else b"")
        send(client, upload.public_id, start, content[start : start + 1_500])
    lying = path.read_bytes()
    assert word not in lying
    whole(sender, upload.public_id, content)
    for changed in (lying[:-1], lying[:-9] + b"x" + lying[-8:], content):
        path.write_bytes(changed)
        with pytest.raises(uploads.NotWhole):
            uploads.whole_upload(upload.public_id, sender)
    # What lay in the clear before there was sealing is asked for once more, from the beginning.
    assert send(client, upload.public_id, len(content), b"").json()["received"] == 0
    send(client, upload.public_id, 0, content)
    whole(sender, upload.public_id, content)
    assert word not in path.read_bytes()


def test_sealing_and_opening_the_largest_upload_takes_little_more_than_its_size(sender: User) -> None:
    content = bytes(MAX_BYTES)
    upload = uploads.begin_upload(key="m", size=MAX_BYTES, acting_user=sender)
    tracemalloc.start()
    try:
        for start in range(0, MAX_BYTES, uploads.MOST_PART):
            part = content[start : start + uploads.MOST_PART]
            uploads.take_part(public_id=upload.public_id, offset=start, content=part, acting_user=sender)
        assert tracemalloc.get_traced_memory()[1] < 8 * uploads.MOST_PART, "taking a part knows no other part"
        tracemalloc.reset_peak()
        assert uploads.whole_upload(upload.public_id, sender).size == MAX_BYTES
        assert tracemalloc.get_traced_memory()[1] < MAX_BYTES + 6 * uploads.MOST_PART
    finally:
        tracemalloc.stop()


def test_a_gap_is_told_and_strangers_limits_and_time_are_kept(sender: User, settings: LazySettings) -> None:
    client = client_of(sender)
    told = begin(client, "g", 100)
    assert send(client, told["id"], 50, b"x" * 10).status_code == 409
    assert send(client, told["id"], 0, b"x" * 101).status_code == 409
    assert client.post(reverse("upload_begin"), {"key": "h", "size": MAX_BYTES + 1}).status_code == 422
    assert client.post(reverse("upload_begin"), {"key": "", "size": "９"}).status_code == 400
    stranger = person_of_the_house("other", "艾草青")
    assert send(client_of(stranger), told["id"], 0, b"x").status_code == 404
    send(client, told["id"], 0, b"x" * 40)
    path = uploads.part_path(Upload.objects.get())
    assert path.exists()
    with clock.frozen(clock.now() + timedelta(days=1, minutes=1)):
        assert client.get(reverse("upload_part", args=[told["id"]])).status_code == 404
        uploads.forget_parts()
    assert not path.exists()
    assert not Upload.objects.exists()


def test_a_form_gets_the_same_file_in_parts_or_whole_and_it_is_judged_alike(sender: User) -> None:
    content = png(40, 40)
    upload_id = through_breaks(sender, content, random.Random(3), "f")
    request = RequestFactory().post("/x/", {"photograph__upload": upload_id})
    request.user = sender
    plain = RequestFactory().post("/x/", {"photograph": SimpleUploadedFile("a.png", content, "image/png")})
    plain.user = sender
    stored = [
        store_upload(
            upload=files_of(one)["photograph"], purpose="x", object_kind="statement", union_id=None, acting_user=sender
        )
        for one in (request, plain)
    ]  # fmt: skip
    assert stored[0].digest == stored[1].digest
    assert stored[0].media_type == stored[1].media_type == "image/png"
    half = begin(client_of(sender), "half", 50)["id"]
    request = RequestFactory().post("/x/", {"photograph__upload": half})
    request.user = sender
    assert "photograph" not in files_of(request)
    assert isinstance(request.POST, QueryDict)


def test_a_form_of_many_brings_each_under_its_own_name_and_a_box_of_forms_fits_into_a_day(
    sender: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, ids = client_of(sender), []
    for at in range(4):
        ids.append(begin(client, f"m-{at}", 3)["id"])
        send(client, ids[-1], 0, b"abc")
    names = [f"照片{at}.jpg" for at in range(4)]
    request = RequestFactory().post("/x/", {"photographs__upload": ids, "photographs__name": names[:3]})
    request.user = sender
    found = files_of(request).getlist("photographs")
    assert [one.name for one in found] == [*names[:3], "upload"], "the last one was not named"
    monkeypatch.setattr(uploads, "MOST_OPEN_BYTES", 4 * 3 + 5)
    assert client.post(reverse("upload_begin"), {"key": "more", "size": 6}).status_code == 422
    assert client.post(reverse("upload_begin"), {"key": "less", "size": 5}).status_code == 201
    assert uploads.MOST_OPEN > 10 * 30, "ten boxes of thirty"
