"""python3 run.py bench [NAME ...]: measure, and say on which machine."""

from __future__ import annotations

import importlib
import os
import platform
import sqlite3
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent


def machine() -> str:
    """What the figures were measured on."""
    model = next(
        (line.partition(":")[2].strip() for line in _cpu_lines() if line.startswith("model name")), platform.machine()
    )
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    load = os.getloadavg()[0]
    return (
        f"{model}, {os.cpu_count()} cores, {memory:.0f} GiB, {platform.system()}, "
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, load {load:.1f}"
    )


def _cpu_lines() -> list[str]:
    path = Path("/proc/cpuinfo")
    return path.read_text(encoding="utf-8").splitlines() if path.exists() else []


def names() -> list[str]:
    """The measurements there are."""
    return sorted(path.stem.removeprefix("bench_") for path in HERE.glob("bench_*.py"))


def main(wanted: list[str]) -> int:
    """Run those wanted, or all; the answer is the exit code."""
    unknown = set(wanted) - set(names())
    if unknown:
        print(f"There is no measurement named {', '.join(sorted(unknown))}. There are: {', '.join(names()) or 'none'}.")
        return 1
    print(machine())
    for name in wanted or names():
        try:
            module = importlib.import_module(f"benchmarks.bench_{name}")
        except ModuleNotFoundError as error:
            print(f"\n{name}: not measured: {error.name} is not installed; it stands in requirements-nightly.lock.")
            continue
        print(f"\n{name}: {(module.__doc__ or '').strip()}")
        for what, value in module.measure().items():
            print(f"  {what}: {value}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
