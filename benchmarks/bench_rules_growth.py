"""`niangjia sweep` of the recipes over invented people in Parquet, from 1 to 100 million: time and memory.

Five million people are made; the larger folders hold the same parts several times, which is all the
same to a sweep that walks through them once. Each sweep is a process of its own.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

MADE, PART = 5_000_000, 500_000
MILLIONS = (1, 2, 5, 10, 100)
TODAY = "2026-08-03"
SHELF = Path(__file__).resolve().parent.parent / "programmes"


def measure() -> dict[str, str]:
    """Seconds by the clock and of the processor, and the most memory, by how many people."""
    found = {}
    with tempfile.TemporaryDirectory(prefix="niangjia-bench-") as place:
        made = Path(place) / "made"
        generate(made, MADE)
        for millions in MILLIONS:
            facts = linked(made, Path(place) / f"{millions}m", millions)
            found[f"{millions} million people"] = told(swept(facts), millions)
    return found


def told(measured: tuple[float, float, int], millions: int) -> str:
    """One sweep in words."""
    seconds, processor, peak = measured
    return (
        f"{seconds:.1f} s, {processor:.1f} s of processor ({processor / millions:.2f} µs a person), "
        f"{peak / 2**30:.2f} GiB, load {os.getloadavg()[0]:.1f}"
    )


def generate(place: Path, people: int) -> None:
    """Invented people in a folder."""
    words = ["generate", "--people", str(people), "--out", str(place), "--quiet"]
    subprocess.run([sys.executable, "-m", "niangjia.cli", *words], check=True, stdout=subprocess.DEVNULL)


def linked(made: Path, place: Path, millions: int) -> Path:
    """A folder of so many millions: the parts that were made, again and again."""
    for subject in ("person", "household"):
        (place / subject).mkdir(parents=True)
        parts = sorted((made / subject).iterdir())[: MADE // PART]
        for at in range(millions * 1_000_000 // PART):
            os.link(parts[at % len(parts)], place / subject / f"part-{at:05d}.parquet")
    for name in ("employer.parquet", "union.parquet"):
        os.link(made / name, place / name)
    return place


def swept(facts: Path) -> tuple[float, float, int]:
    """Seconds, processor seconds and the most memory of one sweep of the recipes, in its own process."""
    out = facts.parent / f"{facts.name}-out"
    words = ["sweep", "--programmes", str(SHELF), "--facts", str(facts), "--out", str(out), "--today", TODAY]
    command = [sys.executable, "-m", "niangjia.cli", *words, "--skip-open", "--quiet"]
    began = time.perf_counter()
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _pid, status, usage = os.wait4(child.pid, 0)
    seconds = time.perf_counter() - began
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise RuntimeError("The sweep did not end well.")
    shutil.rmtree(out)
    return seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024
