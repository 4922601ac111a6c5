"""Photographs of printed forms file themselves by their code, however they were held and lit; strangers' never do."""

from __future__ import annotations

import io
import re
import struct
import zlib
from datetime import date

import pytest
import segno
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image, ImageEnhance, ImageFilter

from niangjia.accounts.models import User
from niangjia.core import clock
from niangjia.federation.models import AuditRow
from niangjia.files import code_child, codes
from niangjia.files.models import PaperCode, PaperPhoto
from niangjia.files.services import papers
from niangjia.people.looked import seen_in
from niangjia.people.models import CheckAuthority, Person
from niangjia.people.services.households import register_household
from niangjia.people.services.persons import register_person
from niangjia.people.tests.world import World, identity_number
from niangjia.people.views import papers as paper_views

pytestmark = pytest.mark.one_database

WHITE = 255
# A sheet seen straight: corners; the others pull them as a camera held badly does.
SKEWED = ((60, 40, 0, 1390, 980, 1330, 930, 90), (0, 120, 90, 1400, 900, 1380, 990, 0))


def sheet(code: str, prefix: str = codes.PREFIX) -> Image.Image:
    """A printed page of 990 by 1400 with a code of about 25 mm at its foot and lines of writing."""
    page = Image.new("L", (990, 1400), WHITE)
    for line in range(120, 1000, 44):
        page.paste(60, (110, line, 880, line + 6))
    buffer = io.BytesIO()
    segno.make(prefix + code, error="q", boost_error=False).save(buffer, kind="png", scale=5, border=4)
    page.paste(Image.open(buffer).convert("L"), (130, 1120))
    return page


def photo(page: Image.Image) -> SimpleUploadedFile:
    """As a telephone sends it."""
    buffer = io.BytesIO()
    page.save(buffer, "JPEG", quality=70)
    return SimpleUploadedFile("IMG_0001.jpg", buffer.getvalue(), "image/jpeg")


def ways(page: Image.Image) -> dict[str, Image.Image]:
    """Ten ways of holding the telephone badly."""
    dim = ImageEnhance.Brightness(ImageEnhance.Contrast(page).enhance(0.25)).enhance(0.4)
    return {
        "straight": page,
        "turned a quarter": page.rotate(90, expand=True),
        "upside down": page.rotate(180),
        "at an angle": page.rotate(17, expand=True, fillcolor=90),
        "far at an angle": page.rotate(-38, expand=True, fillcolor=120),
        "skewed": page.transform(page.size, Image.Transform.QUAD, SKEWED[0], fillcolor=100),
        "skewed the other way": page.transform(page.size, Image.Transform.QUAD, SKEWED[1], fillcolor=100),
        "dim": dim,
        "dim, turned, blurred": dim.rotate(25, expand=True, fillcolor=40).filter(ImageFilter.GaussianBlur(1.2)),
        "small": page.resize((700, 990)),
    }


@pytest.fixture
def mai(world: World) -> Person:
    """Somebody of town A."""
    return register_person(
        union_id=world.union("grid-a").pk, name="麦芒种", id_number=identity_number(date(1980, 1, 2), 3),
        acting_user=world.user("su"),
    )  # fmt: skip


@pytest.fixture
def code(world: World, mai: Person, settings: LazySettings, tmp_path: object) -> str:
    """The code of his printed form."""
    settings.MEDIA_ROOT = str(tmp_path)
    page = client_of(world.user("jiang")).get(reverse("consent_paper", args=[mai.public_id])).content.decode()
    printed = PaperCode.objects.get()
    assert "<svg" in page
    assert codes.spaced(printed.code) in page
    return printed.code


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_a_photograph_files_itself_and_its_look_is_written_down(world: World, mai: Person, code: str) -> None:
    client = client_of(world.user("jiang"))
    page = client.post(reverse("papers"), {"photographs": [photo(sheet(code).rotate(12, fillcolor=90, expand=True))]})
    assert "麦芒种" in page.content.decode()
    filed = PaperPhoto.objects.get()
    assert (filed.code.code if filed.code else "", filed.by_hand) == (code, False)
    file = client.get(reverse("person_file", args=[mai.public_id])).content.decode()
    assert reverse("paper_picture", args=[filed.public_id]) in file
    assert client_of(world.user("bai")).get(reverse("paper_picture", args=[filed.public_id])).status_code == 404
    answer = client.get(reverse("paper_picture", args=[filed.public_id]))
    for close in answer._resource_closers:  # the file only: closing the answer would close the database too
        close()
    look = AuditRow.objects.get(action="people.evidence:look", object_id=mai.pk)
    assert seen_in(look.action, look.after) == "个人信息使用同意书"


def read(page: Image.Image, code: str, tmp_path: object) -> bool:
    """Whether the reader itself finds the code."""
    path = f"{tmp_path}/photo.jpg"
    page.convert("L").save(path, "JPEG", quality=70)
    return code_child.codes_on(path) == {codes.PREFIX + code}


def test_however_it_was_held_and_lit_the_code_is_read(tmp_path: object) -> None:
    code = codes.new_code()
    assert [way for way, page in ways(sheet(code)).items() if not read(page, code, tmp_path)] == []
    blank = Image.new("L", (990, 1400), WHITE)
    assert not read(blank, code, tmp_path), "control: no code is read where none is printed"


def test_what_cannot_be_read_waits_and_is_filed_by_its_digits(world: World, mai: Person, code: str) -> None:
    client = client_of(world.user("jiang"))
    torn = sheet(code)
    torn.paste(WHITE, (130, 1180, 400, 1400))
    client.post(reverse("papers"), {"photographs": [photo(torn)]})
    waiting = PaperPhoto.objects.get()
    assert waiting.filed_at is None
    page = reverse("paper_file", args=[waiting.public_id])
    assert page in client.get(reverse("papers")).content.decode()
    mistyped = code[:3] + str((int(code[3]) + 1) % 10) + code[4:]
    assert "错了一位" in client.post(page, {"code": mistyped, "answer": "file"}).content.decode()
    assert client_of(world.user("bai")).post(page, {"code": code, "answer": "file"}).status_code == 404
    client.post(page, {"code": codes.spaced(code), "answer": "file"})
    waiting.refresh_from_db()
    assert waiting.by_hand
    assert waiting.filed_at is not None


def test_the_code_of_another_union_files_nothing_and_says_what_an_unknown_code_says(
    world: World, mai: Person, code: str
) -> None:
    bai = world.user("bai")
    told = papers.take_photo(
        upload=photo(sheet(code)), union_id=world.union("town-b").pk, request_id="r", acting_user=bai
    )
    assert told.code is None
    unknown = papers.take_photo(
        upload=photo(sheet(codes.new_code())), union_id=world.union("town-b").pk, request_id="r", acting_user=bai
    )
    assert unknown.code is None
    page = reverse("paper_file", args=[told.photo.public_id])
    answers = [client_of(bai).post(page, {"code": text}).content.decode() for text in (code, codes.new_code())]
    bodies = [re.sub(r'value="[^"]*"', "", answer) for answer in answers]
    assert bodies[0] == bodies[1]
    assert PaperPhoto.objects.filter(filed_at__isnull=False).count() == 0


def test_a_hostile_picture_ends_its_child_and_waits_for_a_hand(world: World, code: str, tmp_path: object) -> None:
    rows = zlib.compress(bytes(1 << 16))
    parts = ((b"IHDR", struct.pack(">IIBBBBB", 7_000, 7_000, 8, 0, 0, 0, 0)), (b"IDAT", rows), (b"IEND", b""))
    body = b"".join(struct.pack(">I", len(d)) + k + d + struct.pack(">I", zlib.crc32(k + d)) for k, d in parts)
    bomb = SimpleUploadedFile("x.png", b"\x89PNG\r\n\x1a\n" + body, "image/png")
    told = papers.take_photo(
        upload=bomb, union_id=world.union("town-a").pk, request_id="r", acting_user=world.user("jiang")
    )
    assert told.code is None


def test_control_a_reader_without_the_check_digit_takes_a_wrong_code(monkeypatch: pytest.MonkeyPatch) -> None:
    code = codes.new_code()
    wrong = [code[:at] + str((int(code[at]) + 1) % 10) + code[at + 1 :] for at in range(20)]
    assert [codes.typed_code(text) for text in wrong] == [""] * 20
    monkeypatch.setattr(codes, "serial_is_valid", lambda _serial: True)
    assert any(codes.typed_code(text) for text in wrong), "the check digit alone stood between"


def test_a_signed_authority_files_itself_and_is_entered_without_another_scan(world: World, mai: Person) -> None:
    su = world.user("su")
    home = register_household(
        union_id=mai.union_id, head_id=mai.pk, address="", registered_on=date(2020, 1, 1), acting_user=su
    )
    desk = Client()
    desk.force_login(su)
    printed = desk.get(reverse("authority_form", args=["household", home.public_id])).content.decode()
    code = PaperCode.objects.get(kind="authority")
    assert codes.spaced(code.code) in printed
    page = desk.post(reverse("papers"), {"photographs": photo(ways(sheet(code.code))["skewed"])}).content.decode()
    assert "授权书" in page
    filed = PaperPhoto.objects.get(code=code)
    file_page = desk.get(reverse("household_file", args=[home.public_id])).content.decode()
    assert reverse("paper_picture", args=[filed.public_id]) in file_page
    entry = reverse("authority_new", args=["household", home.public_id])
    assert filed.public_id in desk.get(entry).content.decode()
    values = {
        "signers": [str(mai.pk)], "bureaus": ["民政局"], "purpose": "复核", "signed_on": str(clock.today()),
        "valid_until": str(clock.today()), "request_id": "p",
    }  # fmt: skip
    assert desk.post(entry, values).status_code == 422, "neither a scan nor a photograph"
    assert desk.post(entry, {**values, "photographed": "zzzzzzzzzzzzzz"}).status_code == 422
    assert desk.post(entry, {**values, "photographed": filed.public_id}).status_code == 302
    assert CheckAuthority.objects.get().file_id == filed.file_id
    assert filed.public_id not in desk.get(entry).content.decode(), "entered once"


def arrived(client: Client, content: bytes, key: str) -> str:
    """A photograph that was sent in parts, by its number."""
    told = client.post(reverse("upload_begin"), {"key": key, "size": len(content)}).json()
    client.generic(
        "POST", reverse("upload_part", args=[told["id"]]), content, "application/octet-stream",
        headers={"x-offset": "0"},
    )  # fmt: skip
    return str(told["id"])


def test_photographs_that_came_in_parts_are_told_by_name_and_the_31st_is_not_dropped_in_silence(
    world: World, mai: Person, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paper_views, "MOST_AT_ONCE", 1)
    client = client_of(world.user("jiang"))
    ids = [arrived(client, photo(sheet(code)).read(), "a"), arrived(client, photo(sheet(code)).read(), "b")]
    sent = {"photographs__upload": ids, "photographs__name": ["IMG_7.jpg", "IMG_8.jpg"]}
    page = client.post(reverse("papers"), sent).content.decode()
    assert "IMG_7.jpg" in page
    assert "一次超过30张" in page.split("IMG_8.jpg")[1]
    assert PaperPhoto.objects.get().code is not None
    # A signed authority takes its photograph by the same way.
    values = {
        "signers": [str(mai.pk)], "bureaus": ["民政局"], "purpose": "复核", "signed_on": str(clock.today()),
        "valid_until": str(clock.today()), "request_id": "p", "paper__upload": ids[0],
    }  # fmt: skip
    entry = reverse("authority_new", args=["person", mai.public_id])
    assert 'data-uploads="/uploads/"' in client.get(entry).content.decode()
    assert client.post(entry, values).status_code == 302
    assert CheckAuthority.objects.get().file_id is not None


def test_pressed_twice_after_a_lost_answer_it_is_filed_once(world: World, mai: Person, code: str) -> None:
    client = client_of(world.user("jiang"))
    key = re.findall(r'name="request_id" value="([^"]+)"', client.get(reverse("papers")).content.decode())
    torn = sheet(code)
    torn.paste(WHITE, (130, 1180, 400, 1400))

    def send(request_id: str) -> str:
        photos = [photo(sheet(code)), photo(torn)]
        return client.post(reverse("papers"), {"photographs": photos, "request_id": request_id}).content.decode()

    assert "麦芒种" in send(key[0])
    assert "麦芒种" in send(key[0]), "what became of it is told again"
    assert PaperPhoto.objects.count() == 2
    send(re.findall(r'name="request_id" value="([^"]+)"', client.get(reverse("papers")).content.decode())[0])
    assert PaperPhoto.objects.count() == 4, "of another form it is another one"
