"""T31: 25 kinds of broken, hostile and odd tables. No crash, no half-import, every refused row with its reason."""

from __future__ import annotations

import hashlib
import random
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from xlsxwriter import Workbook

import niangjia
from niangjia.core.errors import Refusal
from niangjia.files.services import contents
from niangjia.files.services.store import roster_type_of
from niangjia.files.sheets import LIMITS, SheetLimits, SheetRefused, sheet_rows
from niangjia.people.models import Person, RosterImport
from niangjia.people.rosters import judging
from niangjia.people.tests.malformed import (
    KINDS,
    Case,
    bomb,
    endless_rows,
    entities,
    huge_strings,
    nested,
    wrong_checksum,
)
from niangjia.people.tests.tables import digests, enter, hand_in, rows_of
from niangjia.people.tests.world import World

pytestmark = pytest.mark.one_database

SEEDS = 20
# What a refused row says last: what to do, or what the cell should have been.
REMEDIES = ("请", "应为", "是18位", "是11位")


class HalfDone(AssertionError):
    """A promise about imports did not hold."""


def go_through(world: World, case: Case) -> RosterImport | None:
    """Hand it in, and hold every promise about what may come of it; None when refused at the door."""
    before = digests()
    if case.outcome == "door":
        with pytest.raises(Refusal) as refused:
            hand_in(case.content, world.user("su"), world.union("town-a").pk)
        assert len(str(refused.value.sentence)) > 10
        assert digests() == before
        return None
    roster = hand_in(case.content, world.user("su"), world.union("town-a").pk)
    if digests() != before:
        raise HalfDone("a check wrote into the registry")
    assert hashlib.sha256(contents.read(roster.file.digest)).hexdigest() == roster.file.digest
    assert contents.read(roster.file.digest) == case.content
    if case.outcome == "either":
        assert roster.state == "columns" or roster.fault in case.faults, (roster.state, roster.fault)
        return roster
    assert roster.state == case.outcome, (roster.state, roster.fault)
    if roster.state == "unreadable":
        assert roster.fault in case.faults, roster.fault
    if roster.state == "checked":
        rows_add_up(roster, case)
    return roster


def rows_add_up(roster: RosterImport, case: Case) -> None:
    """Accepted, refused and left out are all rows; each refused one says where and why, in Chinese."""
    counts = dict(roster.counts)
    counts.pop("new_by_union")
    if counts.pop("read") != sum(counts.values()):
        raise HalfDone("rows were lost")
    refused = rows_of(roster, "refused")
    assert {row["l"] for row in refused} == case.refused
    assert counts["new"] == case.new
    for row in refused:
        if case.content.startswith(b"PK") and not row["s"]:
            raise HalfDone(f"line {row['l']} has no sheet")
        if not row.get("p") or not all(p["column"] and p["zh"] and not p["zh"].isascii() for p in row["p"]):
            raise HalfDone(f"line {row['l']} has no reason")
        if dead_ends := [p["zh"] for p in row["p"] if not ends_with_remedy(p["zh"])]:
            raise HalfDone(f"line {row['l']} says what is wrong and not what to do: {dead_ends[0]}")


def ends_with_remedy(chinese: str) -> bool:
    """Whether the last sentence says what to do."""
    last = chinese.rstrip("。").rpartition("。")[2]
    return any(remedy in last for remedy in REMEDIES)


@pytest.mark.django_db
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_kind_is_answered_and_leaves_nothing_half_done(world: World, kind: Callable[..., Case]) -> None:
    roster = go_through(world, kind(random.Random(1)))
    if roster is not None and roster.counts.get("new"):
        assert enter(roster, world.user("su")).state == "done"
        assert Person.objects.count() == roster.counts["new"]


@pytest.mark.nightly
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("seed", range(2, SEEDS + 1))
def test_every_kind_with_every_seed(world: World, kind: Callable[..., Case], seed: int) -> None:
    roster = go_through(world, kind(random.Random(seed)))
    if roster is not None and roster.counts.get("new"):
        assert enter(roster, world.user("su")).state == "done"
        assert Person.objects.count() == roster.counts["new"]


def test_there_are_five_hundred() -> None:
    assert len(KINDS) * SEEDS == 500
    assert len({kind.__name__ for kind in KINDS}) == 25


def test_control_a_check_that_writes_is_found(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def judge(self: judging.Judge, rows: list[judging.Row]) -> None:
        Person.objects.create(union=world.union("town-a"), name="车前草", data_key="x")

    monkeypatch.setattr(judging.Judge, "judge", judge)
    with pytest.raises(HalfDone, match="wrote into the registry"):
        go_through(world, wrong_checksum(random.Random(1)))


def test_control_a_row_without_a_reason_is_found(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def read_cell(self: judging.RowReader, row: judging.Row, column: Any, cell: Any) -> None:
        try:
            row.values[column.code] = column.type.parse(cell)
        except Refusal:
            row.problems.append({"column": column.code, "zh": "", "en": ""})

    monkeypatch.setattr(judging.RowReader, "_read_cell", read_cell)
    with pytest.raises(HalfDone, match="no reason"):
        go_through(world, wrong_checksum(random.Random(1)))


def test_control_a_reason_that_says_only_what_is_wrong_is_found(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        judging, "refusal_in_both", lambda *words: {"zh": "请看：这个号码不对。没有录入。", "en": "Wrong."}
    )
    with pytest.raises(HalfDone, match="not what to do"):
        go_through(world, wrong_checksum(random.Random(1)))


def test_control_a_reader_that_stops_early_is_found(world: World) -> None:
    roster = go_through(world, wrong_checksum(random.Random(1)))
    assert roster is not None
    roster.counts = {**roster.counts, "read": roster.counts["read"] + 1}
    with pytest.raises(HalfDone, match="rows were lost"):
        rows_add_up(roster, wrong_checksum(random.Random(1)))


@pytest.mark.nightly
def test_control_without_the_limit_on_what_it_unpacks_a_bomb_is_read(world: World) -> None:
    roster = go_through(world, bomb(random.Random(1)))
    assert roster is not None
    with pytest.raises(SheetRefused) as refused, sheet_rows(roster.file):
        pass
    assert refused.value.code == "too_large"
    lifted = SheetLimits(unpacked=10**10, memory=8 * 10**9)
    with sheet_rows(roster.file, lifted) as rows:
        assert len(list(rows)) > 1, "only the limit stood between the bomb and the reader"


# The child's own process, under the limits it gets: what it used, told by itself before it ends.
MEASURED = """
import resource, sys, time
resource.setrlimit(resource.RLIMIT_AS, (int(sys.argv[1]),) * 2)
from niangjia.files import sheet_child
sheet_child.main(sys.argv[2:])
peak = next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(time.process_time(), peak)
"""
BOMBS = (bomb, nested, endless_rows, entities, huge_strings)
BOMB_SECONDS, PEAK_KB = 2.0, 512 * 1024


def cost_of(content: bytes, folder: Path, limits: SheetLimits = LIMITS) -> tuple[float, int]:
    """Seconds of a processor and the most kilobytes that reading this takes."""
    (folder / "table").write_bytes(content)
    words = [folder / "table", roster_type_of(content[:512]), folder / "out", limits.rows, limits.cells]
    told = subprocess.run(
        [sys.executable, "-c", MEASURED, *map(str, (limits.memory, *words, limits.unpacked))],
        capture_output=True, check=True, text=True, cwd=Path(niangjia.__file__).parent.parent,
    ).stdout.split()  # fmt: skip
    return float(told[0]), int(told[1])


@pytest.mark.nightly
@pytest.mark.parametrize("kind", BOMBS, ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("seed", range(1, 6))
def test_a_bomb_costs_at_most_two_seconds_and_512_megabytes(
    kind: Callable[..., Case], seed: int, tmp_path: Path
) -> None:
    seconds, peak = cost_of(kind(random.Random(seed)).content, tmp_path)
    assert seconds <= BOMB_SECONDS
    assert peak <= PEAK_KB


@pytest.mark.nightly
def test_the_largest_table_there_may_be_stays_under_512_megabytes(tmp_path: Path) -> None:
    """200,000 rows of eleven columns, the most that is read: nothing stands between it and the bar but the limit."""
    path = tmp_path / "large.xlsx"
    book = Workbook(str(path), {"constant_memory": True})
    sheet = book.add_worksheet()
    for line in range(LIMITS.rows):
        for column in range(11):
            sheet.write_string(line, column, f"{column}栏{line:09d}" if column < 7 else "柳絮飞")
    book.close()
    seconds, peak = cost_of(path.read_bytes(), tmp_path)
    assert (tmp_path / "out").read_text(encoding="utf-8").endswith('{"end":true}\n')
    assert peak <= PEAK_KB
    assert seconds <= LIMITS.seconds
    assert LIMITS.memory <= PEAK_KB * 1024


@pytest.mark.nightly
def test_control_a_bomb_that_is_read_costs_more(tmp_path: Path) -> None:
    """Without its limits the same content costs many times as much: the measure measures."""
    lifted = SheetLimits(rows=10**7, cells=10**10, unpacked=10**10, memory=8 * 10**9)
    content = endless_rows(random.Random(1)).content
    stopped, _ = cost_of(content, tmp_path)
    read, _ = cost_of(content, tmp_path, lifted)
    assert read > 5 * stopped
