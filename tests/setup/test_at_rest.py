"""What lies on disk names nobody by number: identity numbers and telephones stand in no row, paper or archive."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import io
import json
import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from cryptography.hazmat.primitives import hashes
from django.conf import LazySettings
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import connection
from django.urls import reverse

from niangjia.accounts import texts
from niangjia.site.backup.tables import all_tables, lines_of

if TYPE_CHECKING:
    from tests.demo_stage import DemoCounty


def _sm3(text: bytes) -> str:
    digest = hashes.Hash(hashes.SM3())
    digest.update(text)
    return digest.finalize().hex()


FORMS: dict[str, Callable[[str], str]] = {
    "plain": str,
    "base64": lambda number: base64.b64encode(number.encode()).decode().rstrip("=")[:-1],
    "md5": lambda number: hashlib.md5(number.encode()).hexdigest(),
    "sha1": lambda number: hashlib.sha1(number.encode()).hexdigest(),
    "sha256": lambda number: hashlib.sha256(number.encode()).hexdigest(),
    "sm3": lambda number: _sm3(number.encode()),
}


_RUN = re.compile(rb"[A-Za-z0-9+/]{11,}")
_DIGITS = re.compile(rb"[0-9]{10,}[0-9Xx]")


def hits(data: bytes, wanted: dict[bytes, str]) -> set[str]:
    """Which numbers, in which form, stand in the data: digests where a run of letters begins, digits anywhere."""
    sizes, found = sorted({len(text) for text in wanted}), set()
    for run in _RUN.findall(data):
        found |= {run[:size] for size in sizes if len(run) >= size}
        for digits in _DIGITS.findall(run):
            found |= {digits[at : at + size] for size in (11, 18) for at in range(len(digits) - size + 1)}
    return {wanted[piece] for piece in found & wanted.keys()}


def _wanted(numbers: list[str]) -> dict[bytes, str]:
    return {form(number).encode(): f"{name} of {number}" for number in numbers for name, form in FORMS.items()}


@pytest.mark.nightly
def test_no_number_of_ten_thousand_people_is_found_on_disk_in_any_plain_form(
    own_county: DemoCounty, settings: LazySettings, tmp_path: Path
) -> None:
    settings.HOME = tmp_path
    people = own_county.stage.world.persons[:10_000]
    tables = _rosters([(person.name, person.id_number) for person in people[:200]])
    for name, content in tables.items():
        _hand_in(own_county, name, content)
        _begin_to_send(own_county, name, content)
    phones = [person.phone.removeprefix("+86") for person in people if person.phone]
    wanted = _wanted([person.id_number for person in people] + phones)
    assert len(wanted) > 60_000
    found: set[str] = set()
    for table in all_tables():
        found |= hits(b"".join(lines_of(connection, table)), wanted)
    call_command("backup", stdout=io.StringIO())
    stored = list(Path(settings.MEDIA_ROOT).glob("??/*"))
    assert {path.name for path in stored} >= {hashlib.sha256(content).hexdigest() for content in tables.values()}
    unfinished = list(Path(settings.MEDIA_ROOT).glob("parts/*"))
    assert len(unfinished) == len(tables)
    for path in (*(tmp_path / "backups").iterdir(), *stored, *unfinished):
        found |= hits(b"".join(_inside(path.read_bytes())), wanted)
    assert found == set()


def _as_it_lies() -> Iterator[bytes]:
    """Every row of every table the database has, with or without a model, and what is packed in a session."""
    yield json.dumps([one.get_decoded() for one in Session.objects.all()]).encode()
    for table in connection.introspection.table_names():
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            yield repr(cursor.fetchall()).encode()


def _found_in_tables(wanted: dict[bytes, str]) -> set[str]:
    return {one for content in _as_it_lies() for one in hits(content, wanted)}


@pytest.mark.nightly
def test_no_number_lies_in_the_outbox_in_a_session_or_in_a_table_without_a_model(
    own_county: DemoCounty, settings: LazySettings, tmp_path: Path
) -> None:
    people = own_county.stage.world.persons[:10_000]
    phones = [person.phone.removeprefix("+86") for person in people if person.phone]
    wanted = _wanted([person.id_number for person in people] + phones)
    settings.TEXTS_FILE, settings.TEXTS_PER_DAY = str(tmp_path / "texts.log"), len(phones) + 10
    settings.DEMO_NOW = None  # on a stage nothing is handed over
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
    desk = own_county.client("苏木")
    for person in people[:5]:
        assert desk.get(reverse("desk_search"), {"q": person.id_number}).status_code == 200
    for phone in phones:
        texts.hand_over(f"+86{phone}", "x")
    assert Path(settings.TEXTS_FILE).read_text().count("\tx\n") == len(phones)
    assert hits(Path(settings.TEXTS_FILE).read_bytes(), wanted) == set()
    assert Session.objects.exists()
    assert _found_in_tables(wanted) == set()
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE planted (told varchar(40))")
        cursor.execute("INSERT INTO planted VALUES (%s)", [phones[0]])
    assert _found_in_tables(wanted) == {f"plain of {phones[0]}"}, "the control: a table of no model is searched"


def _rosters(people: list[tuple[str, str]]) -> dict[str, bytes]:
    """Tables as towns send them."""
    from niangjia.people.tests.tables import MEMBERS, text_table, workbook  # noqa: PLC0415  they import models

    rows = [MEMBERS[:2], *people]
    return {"a.csv": text_table(rows), "b.csv": text_table(rows, "gbk"), "c.xlsx": workbook(rows)}


def _hand_in(county: DemoCounty, name: str, content: bytes) -> None:
    from niangjia.federation.models import Grant  # noqa: PLC0415
    from niangjia.people.tests.tables import hand_in  # noqa: PLC0415

    officer = county.user("江篱")
    union_id = Grant.objects.filter(user=officer, union__isnull=False).values_list("union_id", flat=True)[0]
    hand_in(content, officer, union_id, name=name)


def _inside(data: bytes) -> Iterator[bytes]:
    """What a file says: as it lies, and unpacked where it is a package."""
    yield data
    with contextlib.suppress(zipfile.BadZipFile), zipfile.ZipFile(io.BytesIO(data)) as package:
        for name in package.namelist():
            yield package.read(name)


@pytest.mark.parametrize("name", ["a.csv", "b.csv", "c.xlsx"])
def test_control_a_table_that_lies_unsealed_is_found(name: str) -> None:
    number = "990123198003041016"
    lying = _rosters([("车前草", number)])[name]
    assert hits(b"".join(_inside(lying)), _wanted([number])) == {f"plain of {number}"}


def test_the_search_finds_every_form_it_looks_for() -> None:
    """The control: a number left in any of the forms is found."""
    number = "990123198003041016"
    for name, form in FORMS.items():
        assert hits(f'["x:{form(number)}=",7]'.encode(), _wanted([number])) == {f"{name} of {number}"}
    assert hits(b"a plant 990123198003041017", _wanted([number])) == set()


def _begin_to_send(county: DemoCounty, name: str, content: bytes) -> None:
    """All but the last byte of it arrives, in two parts; then the connection breaks for good."""
    from niangjia.files.services import uploads  # noqa: PLC0415

    officer, half = county.user("江篱"), len(content) // 2
    upload = uploads.begin_upload(key=f"broken-{name}", size=len(content), acting_user=officer)
    for start, part in ((0, content[:half]), (half, content[half:-1])):
        uploads.take_part(public_id=upload.public_id, offset=start, content=part, acting_user=officer)
