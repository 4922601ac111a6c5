"""A snapshot: nothing in it that names somebody, nothing readable without the key, gone when its time is over."""

from __future__ import annotations

import json
import os
import signal
import stat
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from django.core.management import CommandError, call_command
from django.db import connections

from niangjia.core import clock
from niangjia.core.errors import NotFoundHere, RightMissing
from niangjia.engines.rules.batch.passes import sweep_all
from niangjia.engines.rules.batch.plan import Plan
from niangjia.engines.rules.batch.sealed import SnapshotKey, read_key
from niangjia.engines.rules.batch.snapshot import Snapshot as Facts, SnapshotUnusable
from niangjia.federation.models import AuditRow
from niangjia.people.models import Household, Person, RecordedFact
from niangjia.policy import bundles, pseudonyms
from niangjia.policy.models import Snapshot, Sweep
from niangjia.policy.services import snapshots
from niangjia.policy.services.snapshots import remove_expired, remove_snapshot, take_snapshot
from niangjia.policy.tests.world import MORNING, Place, build_place, by_force, know, published

pytestmark = pytest.mark.one_database


@pytest.fixture
def work(tmp_path: Path) -> Path:
    """A folder with nothing in it."""
    found = tmp_path / "work"
    found.mkdir()
    return found


SETS = {"person", "person.jobs", "household", "household.members", "employer", "employer.jobs", "union"}


def take(place: Place, folder: Path, **more: Any) -> Snapshot:
    """The county's officer takes one."""
    given = {"area_id": place.union("county"), "why": "试算", "acting_user": place.user("su"), **more}
    return take_snapshot(place=folder / "facts", key_file=folder / "facts.key", **given)


def opened(folder: Path) -> dict[str, pa.Table]:
    """Every table of a snapshot, by its name."""
    key = read_key(folder / "facts.key")
    return {
        path.stem: pq.ParquetFile(path, decryption_properties=key.to_decrypt(path.name)).read()
        for path in (folder / "facts").glob("*.parquet")
    }


def values(tables: dict[str, pa.Table], table: str, column: str) -> list[Any]:
    """One column as plain values."""
    return list(tables[table].column(column).to_pylist())


def canaries(place: Place) -> Iterator[str]:
    """What must not leave the database: names, numbers, addresses, texts, and keys of every kind."""
    yield from ("鹦鹉巷7号", "心脏病史", "密告", "普查", "Visit")
    for person in Person.objects.all():
        yield from (person.name, person.id_number, person.phone, person.public_id, person.data_key)
        yield from (person.id_key or "", person.phone_key or "")
    yield from Household.objects.values_list("public_id", flat=True)
    yield from (user.display_name for user in place.base.users.values())


def plant(place: Place) -> None:
    """Put what must not be seen where a careless export would find it."""
    Household.objects.filter(pk=place.homes["向日葵"]).update(address="鹦鹉巷7号")
    know(place, "向日葵", "school_stage", "junior")
    # A text where a code should stand, as an old import may have left it.
    RecordedFact.objects.filter(code="school_stage").update(value=json.dumps("密告"), source_zh="心脏病史")


def leaks(tables: dict[str, pa.Table], words: Iterator[str]) -> set[str]:
    """Which of the words stand in the tables: in a value, a name of a column, or what is said about the file."""
    rows = [json.dumps(table.to_pylist(), ensure_ascii=False, default=str) for table in tables.values()]
    text = "\n".join([*rows, *(str(table.schema) for table in tables.values())])
    return {word for word in words if word and word in text}


def test_nothing_in_it_names_anybody(place: Place, work: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plant(place)
    take(place, work)
    tables = opened(work)
    assert set(tables) == SETS
    assert tables["person"].num_rows == 6
    assert leaks(tables, canaries(place)) == set()
    (manifest,) = (work / "facts").glob("*.json")
    assert not [word for word in canaries(place) if word in manifest.read_text()]
    # The control lets codes through as they stand, and is caught.
    monkeypatch.setattr(pseudonyms, "only_codes", lambda table, _facts: table)
    take(place, work / "again")
    assert leaks(opened(work / "again"), canaries(place)) == {"密告"}


def test_two_snapshots_cannot_be_joined_and_within_one_everything_hangs_together(place: Place, work: Path) -> None:
    take(place, work / "one")
    take(place, work / "two")
    one, two = opened(work / "one"), opened(work / "two")
    names = [set(values(table, "person", "subject_id")) for table in (one, two)]
    assert len(names[0]) == 6
    assert names[0].isdisjoint(names[1])
    homes = values(one, "household", "subject_id")
    assert (
        set(values(one, "person", "household_id")) == set(homes) == set(values(one, "household.members", "subject_id"))
    )
    ids = values(one, "person", "subject_id")
    assert ids == sorted(ids)
    units = {place.base.union(name).public_id for name in ("town-a", "town-b", "grid-a")}
    assert set(values(one, "person", "union_id")) == units
    assert set(values(one, "person", "town")) == units - {place.base.union("grid-a").public_id}


def test_without_its_key_nothing_of_it_can_be_read(place: Place, work: Path) -> None:
    take(place, work)
    folder, key = work / "facts", read_key(work / "facts.key")
    assert stat.S_IMODE((work / "facts.key").stat().st_mode) == 0o600
    everything = b"".join(path.read_bytes() for path in folder.glob("*.parquet"))
    assert b"f_born_on" not in everything
    for other in (None, SnapshotKey.fresh(key.snapshot), SnapshotKey("another", key.secret)):
        with pytest.raises(SnapshotUnusable, match="sealed with another key"):
            Facts(folder, key=other).columns("person")
    assert "f_born_on" in Facts(folder, key=key).columns("person")
    # One put in another's place, and one that somebody wrote himself.
    (folder / "person.parquet").replace(folder / "employer.parquet")
    pq.write_table(pa.table({"subject_id": ["x"]}), folder / "person.parquet")
    for name in ("employer", "person"):
        with pytest.raises(SnapshotUnusable):
            Facts(folder, key=key).columns(name)


def test_read_back_with_its_key_it_counts_what_the_site_counts(place: Place, work: Path) -> None:
    version = published(place)
    counts = Sweep.objects.get(version=version).counts
    key = work / "facts.key"
    call_command("snapshot", "--as", "su", "--why", "试算", "--out", str(work / "facts"), "--key", str(key))
    plan = Plan({"aid": bundles.programme_of(version.bundle)}, clock.today(), days=False)
    found = sweep_all(plan, Facts(work / "facts", key=read_key(key)).chunks("person", plan.schema()))["aid"]
    assert (found.yes, found.near_miss, found.unknown, found.fen) == (
        counts["yes"], counts["near"], counts["unknown"] + counts["silent"], counts["amount_fen"],
    )  # fmt: skip


def test_it_is_written_down_who_took_it_for_what_and_it_dies(place: Place, work: Path) -> None:
    row = take(place, work, hours=2)
    told = AuditRow.objects.get(action="policy.snapshot:take")
    assert (told.object_id, told.reason, json.loads(told.after)["digest"]) == (row.pk, "试算", row.digest)
    assert row.rows["person"] == 6
    with clock.frozen(MORNING + timedelta(minutes=119)):
        assert remove_expired() == "0 snapshots removed"
        assert (work / "facts").exists()
    with clock.frozen(MORNING + timedelta(hours=2)):
        assert remove_expired() == "1 snapshots removed"
        assert remove_expired() == "0 snapshots removed"
    assert not (work / "facts").exists()
    assert AuditRow.objects.filter(action="policy.snapshot:remove").count() == 1


def test_what_stands_in_its_place_since_is_not_deleted(place: Place, work: Path) -> None:
    row = take(place, work)
    other = work / "mine"
    other.mkdir()
    (other / "thesis.txt").write_text("x")
    by_force("policy_snapshot", "UPDATE policy_snapshot SET place = %s WHERE id = %s", [str(other), row.pk])
    with clock.frozen(MORNING + timedelta(hours=25)):
        assert remove_expired() == "0 snapshots removed"
    assert (other / "thesis.txt").exists()


def test_one_may_be_removed_before_its_time_by_whom_it_concerns(place: Place, work: Path) -> None:
    row = take(place, work)
    with pytest.raises(RightMissing):
        remove_snapshot(public_id=row.public_id, acting_user=place.user("jiang"))
    assert remove_snapshot(public_id=row.public_id, acting_user=place.user("su"))
    assert not (work / "facts").exists()


def _into_the_folder(path: Path) -> dict[str, Any]:
    return {"key_file": path / "facts" / "key", "place": path / "facts"}


REFUSED: dict[str, Callable[[Path], dict[str, Any]]] = {
    "WhyMissing": lambda _path: {"why": " "},
    "LivesTooLong": lambda _path: {"hours": 73},
    "KeyBesideData": _into_the_folder,
    "NoPlace": lambda path: {"key_file": path / "nowhere" / "key"},
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_done_is_refused_and_nothing_is_written(name: str, place: Place, work: Path) -> None:
    given = {
        "area_id": place.union("county"), "place": work / "facts", "key_file": work / "key", "why": "试算",
        "acting_user": place.user("su"), **REFUSED[name](work),
    }  # fmt: skip
    with pytest.raises(getattr(snapshots, name)):
        take_snapshot(**given)
    assert list(work.iterdir()) == []
    assert not Snapshot.objects.exists()


def test_a_key_that_stands_there_is_kept_and_nothing_is_written(place: Place, work: Path) -> None:
    (work / "facts.key").write_text("mine")
    with pytest.raises(snapshots.NoPlace, match=r"facts\.key"):
        take(place, work)
    assert [path.name for path in work.iterdir()] == ["facts.key"]
    assert not Snapshot.objects.exists()


def test_who_may_not_take_facts_gets_none(place: Place, work: Path) -> None:
    with pytest.raises(RightMissing):
        take(place, work, acting_user=place.user("jiang"))
    with pytest.raises(NotFoundHere):
        take(place, work, area_id=place.union("province"))
    with pytest.raises(CommandError):
        call_command("snapshot", "--as", "nobody", "--why", "x", "--key", str(work / "key"))
    assert list(work.iterdir()) == []


@pytest.mark.nightly
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("in_place", [False, True], ids=["", "control"])
def test_killed_at_any_moment_a_snapshot_is_whole_or_not_there(
    in_place: bool, work: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A child takes it and is killed before the n-th time it touches the disk; writing in place is caught."""
    with clock.frozen(MORNING):
        place = build_place()
        if in_place:
            monkeypatch.setattr(snapshots, "whole_folder", _in_place)
        halves = [moment for moment in range(1, 200, 3) if not _is_whole(work / str(moment), place, moment)]
    assert bool(halves) is in_place
    there = [(work / str(moment) / "facts").exists() for moment in range(1, 200, 3)]
    assert True in there
    assert False in there


@contextmanager
def _in_place(folder: Path) -> Iterator[Path]:
    folder.mkdir()
    yield folder


def _is_whole(work: Path, place: Place, moment: int) -> bool:
    """Whether a take that was killed there left a whole snapshot or none."""
    work.mkdir()
    connections.close_all()
    child = os.fork()
    if not child:
        left = [moment]

        def look(event: str, arguments: object) -> None:
            if event in {"open", "os.mkdir", "os.rename", "os.remove", "os.link"} and str(work) in str(arguments):
                left[0] -= 1
                if not left[0]:
                    os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(look)
        try:
            take(place, work)
        finally:
            os._exit(0)
    os.waitpid(child, 0)
    folder = work / "facts"
    if not folder.exists():
        return True
    manifest = folder / snapshots.MANIFEST
    # What is there is told of in the database, has its key, and is all that the manifest names.
    if not manifest.exists() or not Snapshot.objects.filter(place=str(folder)).exists():
        return False
    told = json.loads(manifest.read_text() or "{}").get("files", {})
    return set(told) == {f"{name}.parquet" for name in opened(work)}
