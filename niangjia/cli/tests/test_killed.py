"""Killed at any moment, a verb leaves its whole output or none; writing in place is caught by the same test."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from niangjia.cli.tests.facts import NUMBERS, SHELF, TODAY, generate

ROOT = Path(__file__).resolve().parents[3]
# Counts what touches the disk under `place`, and ends the process as a power cut would before the n-th.
KILLED = """\
import os, signal, sys
from pathlib import Path
place, last, left = sys.argv[1], Path(sys.argv[2]), [int(sys.argv[3])]
def look(event, arguments):
    if event in {"open", "os.mkdir", "os.rename", "os.remove", "os.rmdir"} and place in str(arguments):
        left[0] -= 1
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)
sys.addaudithook(look)
"""
WHOLE = """\
from niangjia.core.whole import whole_folder
with whole_folder(last) as folder:
    for name in "abc":
        with open(folder / name, "w") as file:
            file.write(name * 3)
"""
IN_PLACE = """\
last.mkdir()
for name in "abc":
    with open(last / name, "w") as file:
        file.write(name * 3)
"""
MOMENTS = range(1, 40)
KILLS = 25


def moments(script: str, tmp_path: Path) -> list[dict[str, str] | None]:
    """Run the script again and again, each time killed one step later, until it ends by itself."""
    found: list[dict[str, str] | None] = []
    for moment in MOMENTS:
        place = tmp_path / f"at{moment}" / "out"
        place.parent.mkdir()
        words = [sys.executable, "-c", KILLED + script, str(place.parent), str(place), str(moment)]
        code = subprocess.run(words, cwd=ROOT, check=False, capture_output=True).returncode
        found.append({path.name: path.read_text() for path in place.iterdir()} if place.exists() else None)
        if code == 0:
            return found
        assert code == -signal.SIGKILL
    raise AssertionError("the script never ended by itself")


FULL = {name: name * 3 for name in "abc"}


def test_a_folder_appears_whole_or_not_at_all(tmp_path: Path) -> None:
    found = moments(WHOLE, tmp_path)

    assert len(found) > 8
    assert found[-1] == FULL
    assert [one for one in found if one not in (None, FULL)] == []


def test_the_control_that_writes_in_place_is_caught(tmp_path: Path) -> None:
    found = moments(IN_PLACE, tmp_path)

    assert found[-1] == FULL
    assert [one for one in found if one not in (None, FULL)] != []


def test_what_a_killed_run_left_is_cleared_by_the_next(tmp_path: Path) -> None:
    words = [sys.executable, "-c", KILLED + WHOLE, str(tmp_path), str(tmp_path / "out")]
    killed = subprocess.run([*words, "4"], cwd=ROOT, check=False)
    left = [path.name for path in tmp_path.iterdir()]
    subprocess.run([*words, "999"], cwd=ROOT, check=True)

    assert killed.returncode == -signal.SIGKILL
    assert len(left) == 1
    assert left[0].startswith(".out.unfinished-")
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


@pytest.mark.nightly
@pytest.mark.parametrize("verb", ["sweep", "generate"])
def test_a_verb_killed_at_any_moment_leaves_nothing_half_written(verb: str, tmp_path: Path) -> None:
    facts = generate(tmp_path / "facts", 20_000)
    numbers = tmp_path / "numbers.yaml"
    numbers.write_text(NUMBERS, encoding="utf-8")
    words = {
        "sweep": ["--programmes", SHELF, "--facts", facts, "--today", TODAY, "--amounts", numbers, "--rows", "all"],
        "generate": ["--people", "20000"],
    }[verb]
    outcomes, seconds, complete = set(), 0.0, set()
    # The first ends by itself and tells how long it takes; the others are killed at moments spread over that time.
    for moment in range(KILLS + 1):
        out = tmp_path / f"at{moment}" / "out"
        command = [sys.executable, "-m", "niangjia.cli", verb, *map(str, words), "--out", str(out)]
        began = time.monotonic()
        process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        if moment:
            with suppress(subprocess.TimeoutExpired):
                process.wait(seconds * moment / KILLS)
            process.kill()
        process.wait()
        seconds = seconds or time.monotonic() - began
        names = {str(path.relative_to(out)) for path in out.rglob("*")} if out.exists() else set()
        complete = complete or names
        outcomes.add(out.exists())
        assert names in (set(), complete)
    assert complete
    assert outcomes == {True, False}
