"""What lies on disk names nobody by number: identity numbers and telephones stand in no row, paper or archive."""

from __future__ import annotations

import base64
import contextlib
import gzip
import hashlib
import io
import json
import zipfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from unittest import mock

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from cryptography.hazmat.primitives import hashes
from django.conf import LazySettings
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import connection
from django.urls import reverse

from niangjia.accounts import texts
from niangjia.core import crypto, sealedfile
from niangjia.site.backup import archive
from niangjia.site.backup.tables import all_tables, lines_of

if TYPE_CHECKING:
    from niangjia.site.demo.world import Person
    from tests.demo_stage import DemoCounty


def _sm3(text: bytes) -> bytes:
    digest = hashes.Hash(hashes.SM3())
    digest.update(text)
    return digest.finalize()


DIGESTS: dict[str, Callable[[bytes], bytes]] = {
    "md5": lambda text: hashlib.md5(text).digest(),
    "sha1": lambda text: hashlib.sha1(text).digest(),
    "sha256": lambda text: hashlib.sha256(text).digest(),
    "sm3": _sm3,
}
PEOPLE = 10_000
FORMS = 1 + 3 + 4 * len(DIGESTS)
HEAD = 8


def forms(number: str) -> Iterator[tuple[str, bytes]]:
    """Each way a number may lie somewhere unsealed."""
    text = number.encode()
    yield "plain", text
    for before in range(3):  # of each three bytes the number may begin with any: what its neighbours change is left off
        coded = base64.b64encode(bytes(before) + text)
        yield f"base64 behind {before}", coded[-(-8 * before // 6) : 8 * (before + len(text)) // 6]
    for name, digest in DIGESTS.items():
        yield name, digest(text).hex().encode()
        yield f"{name} in capitals", digest(text).hex().upper().encode()
        yield f"{name} in bytes", digest(text)
        yield f"{name} in base64", base64.b64encode(digest(text)).rstrip(b"=")[:-1]


class Wanted:
    """Numbers, looked for in every form at every place: eight bytes at once, and whole where these are found."""

    def __init__(self, numbers: Iterable[str]) -> None:
        self.told = {text: f"{name} of {number}" for number in numbers for name, text in forms(number)}
        self._sizes = sorted({len(text) for text in self.told})
        heads = {int.from_bytes(text[:HEAD], "little") for text in self.told}
        self._heads = pa.array(sorted(heads), pa.uint64())

    def hits(self, data: bytes) -> set[str]:
        """Which numbers, in which form, stand in the data."""
        return {
            self.told[data[place : place + size]]
            for place in self._places(data) for size in self._sizes if data[place : place + size] in self.told
        }  # fmt: skip

    def _places(self, data: bytes) -> Iterator[int]:
        for shift in range(HEAD):
            piece = data[shift:]
            words = pa.Array.from_buffers(pa.uint64(), len(piece) // HEAD, [None, pa.py_buffer(piece)])
            found = pc.indices_nonzero(pc.is_in(words, value_set=self._heads)).to_pylist()
            yield from (shift + HEAD * at for at in found)


def _people(county: DemoCounty) -> list[Person]:
    """Ten thousand who have a number and a telephone each."""
    people = list({person.phone: person for person in county.stage.world.persons if person.phone}.values())[:PEOPLE]
    assert len({person.id_number for person in people}) == len({person.phone for person in people}) == PEOPLE
    return people


def _all_of(people: list[Person]) -> Wanted:
    wanted = Wanted(
        number for one in people for number in (one.id_number, one.phone, one.phone.removeprefix("+86"))
    )  # fmt: skip
    # In base64 two numbers that differ in the last digit alone may look alike.
    assert sum(name.startswith("plain of ") for name in wanted.told.values()) == 3 * PEOPLE
    assert len(wanted.told) > 0.9 * 3 * PEOPLE * FORMS
    return wanted


@pytest.mark.nightly
def test_no_number_of_ten_thousand_people_is_found_on_disk_in_any_plain_form(
    own_county: DemoCounty, settings: LazySettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.HOME = tmp_path
    people = _people(own_county)
    handed_in = [(person.name, person.id_number, person.phone.removeprefix("+86")) for person in people[:200]]
    tables = _rosters(handed_in)
    for name, content in tables.items():
        _hand_in(own_county, name, content)
        _begin_to_send(own_county, name, content)
    wanted = _all_of(people)
    assert wanted.hits(b"".join(line for table in all_tables() for line in lines_of(connection, table))) == set()
    stored = list(Path(settings.MEDIA_ROOT).glob("??/*"))
    assert {path.name for path in stored} >= {hashlib.sha256(content).hexdigest() for content in tables.values()}
    unfinished = list(Path(settings.MEDIA_ROOT).glob("parts/*"))
    assert len(unfinished) == len(tables)
    lying = {path: b"".join(_inside(path.read_bytes())) for path in (_archive(tmp_path), *stored, *unfinished)}
    # In one piece, for to begin a search takes as long as to end it; which it was is asked where there is something.
    assert wanted.hits(b"\0".join(lying.values())) == set(), [path for path in lying if wanted.hits(lying[path])]
    _forget_to_seal(monkeypatch)
    found = wanted.hits(b"".join(_inside(_archive(tmp_path).read_bytes())))
    assert found >= {f"plain of {number}" for one in handed_in for number in one[1:]}, "the control: archives are read"


def _archive(home: Path) -> Path:
    """A new one."""
    before = set((home / "backups").glob("*"))
    call_command("backup", stdout=io.StringIO())
    (path,) = set((home / "backups").iterdir()) - before
    return path


def _forget_to_seal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Archives keep their form, and in it everything is plain."""
    nonce, tag = bytes(crypto.NONCE_BYTES), bytes(crypto.TAG_BYTES)

    class Writer(archive.SealedWriter):
        def _seal(self, plain: bytes, *, last: bool) -> None:
            with mock.patch.object(crypto, "seal_block", lambda key, plain, place: nonce + plain + tag):
                super()._seal(plain, last=last)

    class Reader(archive.SealedReader):
        def _next_block(self) -> None:
            with mock.patch.object(crypto, "open_block", lambda key, block, place: _within(block)):
                super()._next_block()

    monkeypatch.setattr(archive, "SealedWriter", Writer)
    monkeypatch.setattr(archive, "SealedReader", Reader)


def _as_it_lies() -> Iterator[bytes]:
    """Every row of every table the database has, with or without a model, and what is packed in a session."""
    yield json.dumps([one.get_decoded() for one in Session.objects.all()]).encode()
    for table in connection.introspection.table_names():
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            rows = cursor.fetchall()
        yield repr(rows).encode()
        yield from (bytes(cell) for row in rows for cell in row if isinstance(cell, bytes | memoryview))


def _found_in_tables(wanted: Wanted) -> set[str]:
    return wanted.hits(b"\n".join(_as_it_lies()))


@pytest.mark.nightly
def test_no_number_lies_in_the_outbox_in_a_session_or_in_a_table_without_a_model(
    own_county: DemoCounty, settings: LazySettings, tmp_path: Path
) -> None:
    people = _people(own_county)
    wanted = _all_of(people)
    settings.TEXTS_FILE, settings.TEXTS_PER_DAY = str(tmp_path / "texts.log"), PEOPLE + 10
    settings.DEMO_NOW = None  # on a stage nothing is handed over
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
    desk = own_county.client("苏木")
    for person in people[:5]:
        assert desk.get(reverse("desk_search"), {"q": person.id_number}).status_code == 200
    for person in people:
        texts.hand_over(person.phone, "x")
    assert Path(settings.TEXTS_FILE).read_text().count("\tx\n") == PEOPLE
    assert wanted.hits(Path(settings.TEXTS_FILE).read_bytes()) == set()
    assert Session.objects.exists()
    assert _found_in_tables(wanted) == set()
    number = people[0].id_number
    kind = "bytea" if connection.vendor == "postgresql" else "blob"
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE planted (told varchar(40), packed {kind})")
        cursor.execute("INSERT INTO planted VALUES (%s, %s)", [number, hashlib.sha256(number.encode()).digest()])
    planted = {f"plain of {number}", f"sha256 in bytes of {number}"}
    assert _found_in_tables(wanted) == planted, "the control: a table of no model is searched"


def _rosters(people: list[tuple[str, str, str]]) -> dict[str, bytes]:
    """Tables as towns send them."""
    from niangjia.people.tests.tables import MEMBERS, text_table, workbook  # noqa: PLC0415  they import models

    rows = [MEMBERS[:3], *people]
    return {"a.csv": text_table(rows), "b.csv": text_table(rows, "gbk"), "c.xlsx": workbook(rows)}


def _hand_in(county: DemoCounty, name: str, content: bytes) -> None:
    from niangjia.federation.models import Grant  # noqa: PLC0415
    from niangjia.people.tests.tables import hand_in  # noqa: PLC0415

    officer = county.user("江篱")
    union_id = Grant.objects.filter(user=officer, union__isnull=False).values_list("union_id", flat=True)[0]
    hand_in(content, officer, union_id, name=name)


def _inside(data: bytes) -> Iterator[bytes]:
    """What a file says: as it lies, and unpacked where it is a package or has the form of a sealed file."""
    yield data
    with contextlib.suppress(zipfile.BadZipFile), zipfile.ZipFile(io.BytesIO(data)) as package:
        for name in package.namelist():
            yield package.read(name)
    if data.startswith(sealedfile.MAGIC):
        yield (blocks := b"".join(_blocks(data)))
        with contextlib.suppress(gzip.BadGzipFile):
            yield gzip.decompress(blocks)


def _blocks(data: bytes) -> Iterator[bytes]:
    """What stands in the blocks of a sealed file: unreadable, if they were sealed."""
    file = io.BytesIO(data.removeprefix(sealedfile.MAGIC))
    file.readline()
    while length := file.read(sealedfile._LENGTH.size):
        yield _within(file.read(*sealedfile._LENGTH.unpack(length)))


def _within(block: bytes) -> bytes:
    return block[crypto.NONCE_BYTES : -crypto.TAG_BYTES]


@pytest.mark.parametrize("name", ["a.csv", "b.csv", "c.xlsx"])
def test_control_a_table_that_lies_unsealed_is_found(name: str) -> None:
    number, phone = "990123198003041016", "13800000001"
    lying = _rosters([("车前草", number, phone)])[name]
    found = Wanted([number, phone]).hits(b"".join(_inside(lying)))
    assert found == {f"plain of {number}", f"plain of {phone}"}


@pytest.mark.parametrize("number", ["990123198003041016", "13800000001", "+8613800000001"])
def test_the_search_finds_every_form_it_looks_for(number: str) -> None:
    """The control: a number left in any of the forms is found, wherever it stands."""
    wanted = Wanted([number])
    assert len(wanted.told) == FORMS
    for text, name in wanted.told.items():
        for before in range(HEAD):
            assert wanted.hits(b"x" * before + text + b"y7\n") == {name}
    for before in range(6):
        packed = base64.b64encode(b"plant "[:before] + number.encode() + b" of the spring")
        assert wanted.hits(packed) == {f"base64 behind {before % 3} of {number}"}
    assert wanted.hits(b"a plant 990123198003041017, and 13800000002") == set()
    assert wanted.hits(b"") == set()


def _begin_to_send(county: DemoCounty, name: str, content: bytes) -> None:
    """All but the last byte of it arrives, in two parts; then the connection breaks for good."""
    from niangjia.files.services import uploads  # noqa: PLC0415

    officer, half = county.user("江篱"), len(content) // 2
    upload = uploads.begin_upload(key=f"broken-{name}", size=len(content), acting_user=officer)
    for start, part in ((0, content[:half]), (half, content[half:-1])):
        uploads.take_part(public_id=upload.public_id, offset=start, content=part, acting_user=officer)
