"""A roster of 100,000 members handed in as .xlsx: read and checked, entered, handed in again, taken back.

The demo county stands beside it. The work is done where it is done on a server: in a process that built nothing,
with a child of its own that reads. Memory is the most each of the two had in use, told by itself: what the system
says of ended children counts the memory of the process they were forked from.
"""

from __future__ import annotations

import io
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from xlsxwriter import Workbook

from benchmarks.county import ROOT, county, somebody
from benchmarks.installation import DEMO_NOW, HOME
from benchmarks.million import invented_name
from niangjia.accounts.models import User
from niangjia.core import clock
from niangjia.core.ids import new_public_id
from niangjia.federation.queries import unions_in
from niangjia.federation.scopes import scope_of
from niangjia.files.services.store import XLSX
from niangjia.files.sheets import LIMITS
from niangjia.people.rosters.page import roster_of
from niangjia.people.services import rosters
from niangjia.people.tests.world import identity_number
from niangjia.site.processes import STARTED_VARIABLE

ROWS = 100_000
HEADINGS = ("姓名", "身份证号", "手机号", "性别", "所属工会", "入会日期")
BORN_FROM, DAYS = date(1966, 1, 1), 15_000  # members between 19 and 60, some seven of a birthday
MEGABYTE = 1024


def measure() -> dict[str, str]:
    """Seconds of each step by the clock and of the worker's own work, and the most memory."""
    started = time.time()
    county()
    user = somebody("苏木")
    towns = list(unions_in(scope_of(user, "people.registry:write")).filter(level="town").values_list("name", flat=True))
    began = time.perf_counter()
    content = _table(towns)
    found = {f"the table, {len(content) / 2**20:.1f} MB": f"written in {time.perf_counter() - began:.0f} s beforehand"}
    with _worker(started) as worker:
        first = _hand_in(content, user)
        found["read and checked"] = _timed(worker)
        rosters.approve_roster(public_id=first, acting_user=user)
        found["entered"] = _timed(worker)
        entered = roster_of(user, first)
        found["rows entered"] = f"{entered.counts['new']:,} of {entered.counts['read']:,} ({entered.state})"
        again = _hand_in(content, user)
        found["handed in again and checked"] = _timed(worker)
        found["of those nothing new"] = f"{roster_of(user, again).counts['same']:,}"
        rosters.undo_roster(public_id=first, acting_user=user)
        found["taken back"] = _timed(worker)
        found["rows taken back"] = f"{roster_of(user, first).counts['taken_back']:,}"
        told = _told(worker)
    found["most memory, the process that works"] = (
        f"{told['most']} MB ({told['before']} MB before the first row), at the end {told['mapped']} MB of it files of "
        "the disk, above all the database: the system takes them back when it needs room"
    )
    return {**found, "most memory, its child that reads": f"{_memory_of_child(content)} MB"}


_WORKER = """
import json, sys, time, django
django.setup()
from niangjia.people.services.roster_work import work_rosters
def memory(name):
    return int(next(line.split()[1] for line in open("/proc/self/status") if line.startswith(name))) // 1024
before = memory("VmHWM")
for line in sys.stdin:
    began, worked = time.perf_counter(), time.process_time()
    if line.strip() == "work":
        work_rosters()
    told = {"seconds": time.perf_counter() - began, "own": time.process_time() - worked}
    told |= {"before": before, "most": memory("VmHWM"), "mapped": memory("RssFile")}
    print(json.dumps(told), flush=True)
"""


@contextmanager
def _worker(started: float) -> Iterator[subprocess.Popen[str]]:
    """A process on the same installation and clock that works the rosters handed in, whenever it is told to."""
    environment = {
        **os.environ, "DJANGO_SETTINGS_MODULE": "niangjia.site.settings", "NIANGJIA_HOME": str(HOME),
        "NIANGJIA_DEMO_NOW": DEMO_NOW, STARTED_VARIABLE: str(started),
    }  # fmt: skip
    environment.pop("DATABASE_URL", None)
    if "NIANGJIA_BENCH_DATABASE" in os.environ:
        environment["DATABASE_URL"] = os.environ["NIANGJIA_BENCH_DATABASE"]
    command, pipe = [sys.executable, "-c", _WORKER], subprocess.PIPE
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdin=pipe, stdout=pipe, text=True) as worker:
        yield worker


def _told(worker: subprocess.Popen[str], word: str = "tell") -> dict[str, Any]:
    assert worker.stdin
    assert worker.stdout
    worker.stdin.write(f"{word}\n")
    worker.stdin.flush()
    told: dict[str, Any] = json.loads(worker.stdout.readline())
    return told


_CHILD = """
import sys
from niangjia.files import sheet_child
sheet_child.main(sys.argv[1:])
print(next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")))
"""


def _memory_of_child(content: bytes) -> int:
    """Megabytes that reading this table takes in a child like that of the import."""
    with tempfile.TemporaryDirectory(prefix="niangjia-bench-") as folder:
        table = Path(folder) / "table"
        table.write_bytes(content)
        words = (table, XLSX, Path(folder) / "out", LIMITS.rows, LIMITS.cells, LIMITS.unpacked)
        told = subprocess.run(
            [sys.executable, "-c", _CHILD, *map(str, words)], capture_output=True, check=True, text=True
        )
    return int(told.stdout) // MEGABYTE


def _table(towns: list[str]) -> bytes:
    buffer = io.BytesIO()
    book = Workbook(buffer, {"constant_memory": True})
    sheet, day = book.add_worksheet(), book.add_format({"num_format": "yyyy-mm-dd"})
    sheet.write_row(0, 0, HEADINGS)
    dice = random.Random(1)
    for number in range(ROWS):
        born, order = BORN_FROM + timedelta(days=number % DAYS), number // DAYS + 1
        row = (invented_name(dice), identity_number(born, order, "990777"), f"139{number:08d}",
               "男" if order % 2 else "女", towns[number % len(towns)])  # fmt: skip
        sheet.write_row(number + 1, 0, row)
        sheet.write_datetime(number + 1, 5, date(2020, 1, 1) + timedelta(days=number % 2000), day)
    book.close()
    return buffer.getvalue()


def _hand_in(content: bytes, user: User) -> str:
    union = unions_in(scope_of(user, "people.registry:write")).get(level="county")
    return rosters.receive_roster(
        upload=SimpleUploadedFile("名册.xlsx", content), kind="members", union_id=union.pk, source="",
        true_on=clock.today(), request_id=new_public_id(), acting_user=user,
    ).public_id  # fmt: skip


def _timed(worker: subprocess.Popen[str]) -> str:
    told = _told(worker, "work")
    return f"{told['seconds']:.1f} s, {ROWS / told['seconds']:,.0f} rows/s ({told['own']:.1f} s of its own work)"
