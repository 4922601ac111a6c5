"""A roster of 100,000 members handed in as .xlsx: read and checked, entered, handed in again, taken back.

The demo county stands beside it. Memory is the most this process and the child that reads had in use, each told
by itself: what the system says of ended children counts the memory of the process they were forked from.
"""

from __future__ import annotations

import io
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile
from xlsxwriter import Workbook

from benchmarks.county import county, somebody
from benchmarks.million import invented_name
from niangjia.core import clock
from niangjia.core.ids import new_public_id
from niangjia.federation.queries import unions_in
from niangjia.federation.scopes import scope_of
from niangjia.files.services.store import XLSX
from niangjia.files.sheets import LIMITS
from niangjia.people.rosters.page import roster_of
from niangjia.people.services import rosters
from niangjia.people.services.roster_work import work_rosters
from niangjia.people.tests.world import identity_number

ROWS = 100_000
HEADINGS = ("姓名", "身份证号", "手机号", "性别", "所属工会", "入会日期")
BORN_FROM, DAYS = date(1966, 1, 1), 15_000  # members between 19 and 60, some seven of a birthday
MEGABYTE = 1024


def measure() -> dict[str, str]:
    """Seconds of each step by the clock and of this process's own work, and the most memory."""
    county()
    user = somebody("苏木")
    towns = list(unions_in(scope_of(user, "people.registry:write")).filter(level="town").values_list("name", flat=True))
    began = time.perf_counter()
    content = _table(towns)
    found = {f"the table, {len(content) / 2**20:.1f} MB": f"written in {time.perf_counter() - began:.0f} s beforehand"}
    before = _most_memory()
    first = _hand_in(content, user)
    found["read and checked"] = _timed(work_rosters)
    rosters.approve_roster(public_id=first, acting_user=user)
    found["entered"] = _timed(work_rosters)
    entered = roster_of(user, first)
    found["rows entered"] = f"{entered.counts['new']:,} of {entered.counts['read']:,} ({entered.state})"
    again = _hand_in(content, user)
    found["handed in again and checked"] = _timed(work_rosters)
    found["of those nothing new"] = f"{roster_of(user, again).counts['same']:,}"
    rosters.undo_roster(public_id=first, acting_user=user)
    found["taken back"] = _timed(work_rosters)
    found["rows taken back"] = f"{roster_of(user, first).counts['taken_back']:,}"
    found["most memory, this process"] = f"{_most_memory()} MB ({before} MB before the first row)"
    return {**found, "most memory, the child": f"{_memory_of_child(content)} MB"}


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


def _hand_in(content: bytes, user: object) -> str:
    union = unions_in(scope_of(user, "people.registry:write")).get(level="county")
    return rosters.receive_roster(
        upload=SimpleUploadedFile("名册.xlsx", content), kind="members", union_id=union.pk, source="",
        true_on=clock.today(), request_id=new_public_id(), acting_user=user,
    ).public_id  # fmt: skip


def _timed(work: Callable[[], object]) -> str:
    began, worked = time.perf_counter(), time.process_time()
    work()
    seconds, own = time.perf_counter() - began, time.process_time() - worked
    return f"{seconds:.1f} s, {ROWS / seconds:,.0f} rows/s ({own:.1f} s of this process's own work)"


def _most_memory() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // MEGABYTE
