"""The audit trail at a million rows, on SQLite and on PostgreSQL: sealing, verifying, asking whether rows wait.

`NIANGJIA_BENCH_TRAIL` sets another number of rows. They are written in bulk and sealed as the ticker does it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from statistics import median
from typing import Any

ROWS = int(os.environ.get("NIANGJIA_BENCH_TRAIL", "1000000"))
AT_ONCE, ASKED = 50_000, 200


def measure() -> dict[str, str]:
    """Seconds on each of the two databases, each in a process of its own."""
    found: dict[str, str] = {}
    for database in ("sqlite", "postgresql"):
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.bench_trail", database], stdout=subprocess.PIPE, text=True, check=True
        )
        said = json.loads(done.stdout.splitlines()[-1])
        found |= {f"{database}, {what}": value for what, value in said.items()}
    return found


def _measured(database: str) -> dict[str, str]:
    if database == "postgresql":
        from benchmarks.million import own_database  # noqa: PLC0415  before Django starts

        own_database()
    from benchmarks import installation  # noqa: PLC0415

    assert installation.HOME
    from django.core.management import call_command  # noqa: PLC0415

    call_command("migrate", "-v0")
    from niangjia.federation.services import audit  # noqa: PLC0415  Django starts on the database named above

    _write()
    sealed = _seconds(audit.seal_all)
    state: list[Any] = []
    verified = _seconds(lambda: state.append(audit.verify_chain(audit.parse_head(audit.head_note()))))
    if state[0].broken is not None or state[0].unsealed or state[0].links < ROWS:
        raise RuntimeError(f"not the chain that was meant: {state[0]}")
    asked = [_seconds(audit.has_unsealed) for _ in range(ASKED)]
    return {
        f"{state[0].links:,} rows sealed": f"{sealed:.1f} s",
        "verified from the first to the last, against a noted head": f"{verified:.1f} s",
        "whether rows wait": f"median {median(asked) * 1000:.2f} ms",
        "one more act sealed": f"{_one_act() * 1000:.1f} ms",
    }


def _write() -> None:
    from django.db import transaction  # noqa: PLC0415

    from niangjia.federation.services import audit  # noqa: PLC0415

    for first in range(0, ROWS, AT_ONCE):
        rows = [
            audit.NewRow("person", pk, 1, {"telephone": f"p:{pk:030d}"}, {"telephone": f"p:{pk + 1:030d}"}, "更正")
            for pk in range(first, min(first + AT_ONCE, ROWS))
        ]
        with transaction.atomic():
            audit.record_many("federation.grant:give", acting_user=None, rows=rows)


def _one_act() -> float:
    from django.db import transaction  # noqa: PLC0415

    from niangjia.federation.services import audit  # noqa: PLC0415

    with transaction.atomic():
        audit.record("federation.grant:give", acting_user=None, object_kind="person", object_id=1)
    return _seconds(audit.seal_all)


def _seconds(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


if __name__ == "__main__":
    print(json.dumps(_measured(sys.argv[1])))
