"""The restore drill: an archive brings everything back in another place, or is refused with a sentence."""

from __future__ import annotations

import fcntl
import hashlib
import io
import json
import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from niangjia.core import clock
from niangjia.federation.services import audit
from niangjia.files.services import contents
from niangjia.files.services.contents import path_of
from niangjia.files.services.store import store_upload
from niangjia.files.tests.pictures import jpeg
from niangjia.people.models import Person
from niangjia.people.services.persons import register_person
from niangjia.people.tests.world import build_world, identity_number
from niangjia.site.backup import archive, restore
from niangjia.site.backup.archive import ArchiveWriter, Contents
from niangjia.site.backup.refusals import ArchiveDamaged, SealedWithOtherKeys
from niangjia.site.backup.tables import Tally, all_tables, lines_of, tally_of
from tests.databases import beside, create, drop, working_in

if TYPE_CHECKING:
    from tests.demo_stage import DemoCounty

Tallies = dict[str, dict[str, Any]]


def tallies() -> Tallies:
    """Rows and digest of every table."""
    return {table.name: tally_of(connection, table) for table in all_tables()}


def run(*words: str) -> str:
    """A command of the installation, and what it says."""
    out = io.StringIO()
    call_command(*words, stdout=out)
    return out.getvalue()


@dataclass
class Place:
    """An empty machine: a home folder without keys, and a database without tables."""

    home: Path
    settings: LazySettings
    database: str

    @contextmanager
    def entered(self) -> Iterator[None]:
        """Everything inside happens there."""
        names = ("HOME", "KEY_FILE", "MEDIA_ROOT")
        before = {name: getattr(self.settings, name) for name in names}
        self.home.mkdir(exist_ok=True)
        self.settings.HOME, self.settings.MEDIA_ROOT = self.home, self.home / "files"
        self.settings.KEY_FILE = str(self.home / "keys.json")
        try:
            with working_in(self.database):
                yield
        finally:
            for name, value in before.items():
                setattr(self.settings, name, value)


@pytest.fixture
def elsewhere(tmp_path: Path, settings: LazySettings, django_db_blocker: Any) -> Iterator[Place]:
    """An empty machine."""
    with django_db_blocker.unblock():
        place = Place(tmp_path / "elsewhere", settings, beside("elsewhere"))
        create(place.database)
        yield place
        drop(place.database)


@pytest.fixture
def small(transactional_db: None, settings: LazySettings, tmp_path: Path) -> Path:
    """A small installation with one person and one photograph, and its archive."""
    settings.MEDIA_ROOT, settings.HOME, settings.DEMO_NUMBERS = tmp_path / "files", tmp_path, True
    world = build_world()
    officer, union_id = world.user("su"), world.union("county").pk
    register_person(
        union_id=union_id, name="麦芒种", phone="13800000001", id_number=identity_number(date(1980, 3, 4), 101),
        acting_user=officer,
    )  # fmt: skip
    store_upload(
        upload=SimpleUploadedFile("x.jpg", jpeg(), "image/jpeg"), purpose="evidence",
        object_kind="statement", union_id=union_id, acting_user=officer,
    )  # fmt: skip
    run("backup", "--to", str(tmp_path / "archives"))
    (found,) = (tmp_path / "archives").iterdir()
    assert found.stat().st_mode & 0o077 == 0
    return found


def _drill(path: Path, before: Tallies, head: str, keys: str, elsewhere: Place, top: str) -> None:
    """Restore on an empty machine, and find there what stood here, to the last digest."""
    with elsewhere.entered():
        with pytest.raises(CommandError, match=r"--keys(.|\n)*Nothing was touched"):
            run("restore", str(path))
        assert connection.introspection.table_names() == []
        assert top in run("restore", str(path), "--keys", keys)
        after = tallies()
        assert {name for name in before if before[name] != after[name]} == {
            "federation_auditrow", "federation_auditwaiting",
        }  # fmt: skip
        assert after["federation_auditrow"]["rows"] == before["federation_auditrow"]["rows"] + 1  # the restore itself
        audit.seal_all()
        state = audit.verify_chain(audit.parse_head(head))
        assert (state.broken, state.unsealed, state.links) == (None, 0, before["federation_auditseal"]["rows"] + 1)
        for words in ((), ("--replace", f"{top}的邻居")):
            with pytest.raises(CommandError, match=rf"{top}(.|\n)*Nothing was touched"):
                run("restore", str(path), *words)


@pytest.mark.nightly
@pytest.mark.one_database
def test_the_drill_brings_every_table_the_chain_and_the_papers_back_on_an_empty_machine(
    small: Path, elsewhere: Place, settings: LazySettings
) -> None:
    before, head, keys = tallies(), audit.head_note(), settings.KEY_FILE
    (digest,) = archive.check(small).files
    photograph = contents.read(digest)
    Person.objects.update(name="麦改")
    assert {name for name in before if before[name] != tallies()[name]} == {"people_person"}, "tallies see no change"
    _drill(small, before, head, keys, elsewhere, "province工会")
    with elsewhere.entered():
        person = Person.objects.get()
        assert (person.name, person.id_number) == ("麦芒种", identity_number(date(1980, 3, 4), 101))
        assert contents.read(digest) == photograph
        assert Person.objects.create(name="新", union_id=person.union_id).pk > person.pk


@pytest.mark.nightly
@pytest.mark.one_database  # the small drill runs on both by day, and the restore drill on PostgreSQL
def test_the_drill_with_the_whole_demo_county(
    own_county: DemoCounty, elsewhere: Place, settings: LazySettings, tmp_path: Path
) -> None:
    settings.HOME = tmp_path
    run("backup")
    (path,) = (tmp_path / "backups").iterdir()
    before = tallies()
    assert before["people_person"]["rows"] >= 20_000
    _drill(path, before, audit.head_note(), settings.KEY_FILE, elsewhere, "示范省总工会")
    with elsewhere.entered():
        assert "backed up first" in run("restore", str(path), "--replace", "示范省总工会")
        assert tallies()["people_person"] == before["people_person"]
        assert archive.check(next((elsewhere.home / "backups").iterdir())).rows > 0
        papers = archive.check(path).files
        assert len(papers) > 5
        assert [one for one in papers if hashlib.sha256(contents.read(one)).hexdigest() != one] == []
    no_flipped_bit_is_believed(path, tmp_path / "bad.backup")


def no_flipped_bit_is_believed(path: Path, bad: Path) -> None:
    """One bit flipped (not set: setting may change nothing) at any of twenty places, and the archive is refused."""
    whole, dice = path.read_bytes(), random.Random(60)
    for place in dice.sample(range(len(whole)), 20):
        flipped = bytearray(whole)
        flipped[place] ^= 1 << dice.randrange(8)
        bad.write_bytes(flipped)
        with pytest.raises((ArchiveDamaged, SealedWithOtherKeys)):
            archive.check(bad)


def _sealed_contents(path: Path) -> dict[str, bytes]:
    return dict(archive._members(path))


def test_neither_keys_nor_log_ins_are_in_the_archive(small: Path, settings: LazySettings) -> None:
    keys = json.loads(Path(settings.KEY_FILE).read_text())
    members = _sealed_contents(small)
    everything = b"".join(members.values())
    assert "麦芒种".encode() in everything, "nothing was searched"
    assert "麦芒种".encode() not in small.read_bytes()
    for value in keys.values():
        assert value.encode() not in everything
    assert not [name for name in members if "session" in name]


def test_a_damaged_archive_is_refused_and_nothing_is_touched(
    small: Path, elsewhere: Place, settings: LazySettings, tmp_path: Path
) -> None:
    whole, keys, bad = small.read_bytes(), settings.KEY_FILE, tmp_path / "bad.backup"
    flipped = bytearray(whole)
    flipped[len(whole) // 2] ^= 1
    assert bytes(flipped) != whole
    with elsewhere.entered():
        restore.bring_keys(Path(keys))
        for content in (bytes(flipped), whole[: len(whole) // 2], whole[:-1], whole + b"x", b"", b"PK\x03\x04"):
            bad.write_bytes(content)
            with pytest.raises(CommandError, match="no data was touched"):
                run("restore", str(bad))
        assert connection.introspection.table_names() == []
        assert not (elsewhere.home / "files").exists()
        assert "nothing was restored" in run("restore", str(small), "--only-check")


def test_an_archive_whose_list_of_contents_says_otherwise_is_refused(small: Path, tmp_path: Path) -> None:
    """Sealed well, and still wrong: what was written is compared with what was counted."""
    contents, members = archive.check(small), _sealed_contents(small)
    person = contents.tables["people_person"]
    lies: list[Contents] = [
        replace(contents, tables={**contents.tables, "people_person": {**person, "rows": person["rows"] + 1}}),
        replace(contents, tables={**contents.tables, "people_person": {**person, "digest": "0" * 64}}),
        replace(contents, tables={name: said for name, said in contents.tables.items() if name != "people_person"}),
        replace(contents, files={}),
    ]
    for said, refused in [(contents, False), *((lie, True) for lie in lies)]:
        path = tmp_path / "lie.backup"
        with path.open("wb") as file:
            _write_again(ArchiveWriter(file), members, said)
        if refused:
            with pytest.raises(ArchiveDamaged):
                archive.check(path)
        else:
            assert archive.check(path) == contents


def _write_again(writer: ArchiveWriter, members: dict[str, bytes], contents: Contents) -> None:
    for name, content in members.items():
        if name != archive.CONTENTS:
            writer._add(name, content)
    writer.finish(contents)


def test_other_keys_a_newer_programme_and_the_wrong_stage_are_refused(
    small: Path, elsewhere: Place, settings: LazySettings, demo_keys: str
) -> None:
    contents = archive.check(small)
    newer = replace(contents, migrations=[*contents.migrations, ("people", "9999_from_the_future")])
    with elsewhere.entered():
        restore._refuse_what_does_not_fit(contents, "")
        with pytest.raises(restore.MadeByNewer):
            restore._refuse_what_does_not_fit(newer, "")
        with pytest.raises(restore.WrongStage):
            restore._refuse_what_does_not_fit(replace(contents, demo=True), "")
        Path(settings.KEY_FILE).write_text(demo_keys)
        with pytest.raises(SealedWithOtherKeys):
            archive.check(small)


@pytest.fixture
def demo_keys() -> str:
    """Keys of another installation."""
    return json.dumps({"k1": "00" * 16, "index": "11" * 32, "chain": "22" * 32})


def test_an_installation_that_is_being_served_is_not_restored_over(small: Path, tmp_path: Path) -> None:
    before = tallies()
    with open(tmp_path / "serving.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_SH)
        with pytest.raises(restore.BeingServed):
            restore.restore(small, replace="province工会")
    assert tallies() == before


def test_a_photograph_that_is_gone_is_told_and_the_rest_is_kept(small: Path, tmp_path: Path) -> None:
    (digest,) = archive.check(small).files
    path_of(digest).write_bytes(b"rotten")
    with pytest.raises(CommandError, match=digest[:12]):
        run("backup", "--to", str(tmp_path / "later"))
    (later,) = (tmp_path / "later").iterdir()
    assert archive.check(later).files == {}
    assert archive.check(later).tables["people_person"]["rows"] == 1


def test_only_as_many_archives_are_kept_as_are_wanted(small: Path) -> None:
    for minute in range(3):
        with clock.frozen(datetime(2026, 8, 3, 9, minute, tzinfo=clock.LOCAL)):
            run("backup", "--to", str(small.parent), "--keep", "2")
    assert sorted(path.name for path in small.parent.iterdir()) == [
        "niangjia-20260803-090100.backup", "niangjia-20260803-090200.backup",
    ]  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("change", ["record_unapplied", "record_applied"])
def test_tables_of_another_version_are_not_backed_up_by_halves(change: str, tmp_path: Path) -> None:
    """After `git pull`, before the restart, models name columns that are not there yet; or they know fewer."""
    recorder = MigrationRecorder(connection)
    app, name = max(recorder.applied_migrations()) if change == "record_unapplied" else ("people", "9999_newer")
    getattr(recorder, change)(app, name)
    with pytest.raises(CommandError, match="none was made"):
        run("backup", "--to", str(tmp_path))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.django_db
def test_a_row_has_one_text_on_every_database() -> None:
    """Literal, so that an archive of one kind of database is read by the other."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO accounts_user (id, password, public_id, username, display_name, phone, email, is_active, "
            "joined_at) VALUES (7, '', 'p7', 'n7', '葵\n', '', '', %s, %s)",
            [True, datetime(2026, 8, 3, 8, 30, 1, 250, tzinfo=clock.LOCAL).astimezone(UTC)],
        )
    (table,) = [table for table in all_tables() if table.name == "accounts_user"]
    (line,) = lines_of(connection, table)
    said = dict(zip(table.columns, json.loads(line), strict=True))
    assert said["joined_at"] == "2026-08-03 00:30:01.000250"
    assert (said["is_active"], said["phone_key"], said["display_name"], said["last_login"]) == (1, None, "葵\n", None)
    tally = Tally()
    tally.add(line)
    assert tally.told() == tally_of(connection, table)
