"""What must hold before a change goes in: python3 run.py test [--nightly] [pytest's own arguments].

The night asks what the day leaves out, on both databases, and asks nothing again that a commit has shown already.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests import postgres

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
IN_CI = os.environ.get("CI", "").lower() == "true"
SUMMARY = re.compile(r"^=*\s*(?:no tests ran|.*\d+ (?:passed|failed|errors?|skipped|deselected)\b.*) in [\d.]+s")
NO_TESTS_RAN = 5
MOST_WORKERS = 4

CHECKS: tuple[tuple[str, list[str]], ...] = (
    ("mypy --strict", [sys.executable, "-m", "mypy"]),
    ("ruff", [str(BIN / "ruff"), "check", "."]),
    ("import contracts", [str(BIN / "lint-imports"), "--no-cache"]),
    ("djlint", [str(BIN / "djlint"), "--lint", "--quiet", "niangjia"]),
    ("messages", [sys.executable, "manage.py", "messages", "--check"]),
)


@dataclass
class Report:
    """What came of each stage, in order."""

    lines: list[str] = field(default_factory=list)
    summaries: list[str] = field(default_factory=list)
    failed: bool = False

    def add(self, name: str, outcome: str, seconds: float, *, failed: bool = False) -> None:
        """Note one stage."""
        self.lines.append(f"{outcome:<8} {name} ({seconds:.0f} s)")
        self.failed |= failed

    def show(self) -> None:
        """All stages, then pytest's own closing lines, which machines read."""
        print("\n" + "\n".join(self.lines))
        for summary in self.summaries:
            print(summary)
        sys.stdout.flush()


@contextmanager
def _heading(name: str) -> Iterator[None]:
    print(f"\n--- {name}", flush=True)
    yield


def check(report: Report, checks: Iterable[tuple[str, list[str]]]) -> None:
    """Run the checkers side by side, and show in their order what each has to say."""

    def run(command: list[str]) -> tuple[int, str, float]:
        start = time.monotonic()
        done = subprocess.run(
            command, cwd=ROOT, env=_environment(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            errors="replace",
        )  # fmt: skip
        return done.returncode, done.stdout, time.monotonic() - start

    with ThreadPoolExecutor(os.cpu_count() or 1) as side_by_side:
        running = [(name, side_by_side.submit(run, command)) for name, command in checks]
        for name, one in running:
            with _heading(name):
                code, said, seconds = one.result()
                print(said, end="", flush=True)
                report.add(name, "failed" if code else "passed", seconds, failed=bool(code))


# Where compiled modules are not kept, each of some hundreds of processes compiles the house and Django anew: 2 s of 3.
LEFT_BEHIND = {"DATABASE_URL", "NIANGJIA_HOME", "NIANGJIA_DEMO_NOW", "PYTHONDONTWRITEBYTECODE"}


def _environment(**more: str) -> dict[str, str]:
    plain = {name: value for name, value in os.environ.items() if name not in LEFT_BEHIND}
    # Checkers read the settings; what that writes goes where a test run's rubbish goes.
    return {**plain, "NIANGJIA_HOME": str(ROOT / "var" / "test"), "PYTHONUNBUFFERED": "1", **more}


def suite(report: Report, name: str, rest: list[str], **environment: str) -> None:
    """Run pytest, and keep its closing line."""
    with _heading(name):
        # By night much of what runs waits, for a server, a browser, a log: one more keeps the cores busy.
        workers = min(MOST_WORKERS, (os.cpu_count() or 1) + ("--nightly" in rest))
        spread = [] if workers < 2 or "-n" in rest else ["-n", str(workers), "--dist", "loadfile"]
        command = [sys.executable, "-m", "pytest", "-q", "--durations=10", *spread, *rest]
        start = time.monotonic()
        process = subprocess.Popen(
            command, cwd=ROOT, env=_environment(**environment), stdout=subprocess.PIPE, text=True, errors="replace"
        )
        summary = ""
        for line in process.stdout or ():
            print(line, end="", flush=True)
            if SUMMARY.match(line.strip()):
                summary = line.strip().strip("= ")
        code = process.wait()
        # A wish for one test may name none that runs here; everything else that runs nothing is a fault.
        failed = bool(code) and not (code == NO_TESTS_RAN and rest and environment)
        report.add(name, "failed" if failed else "passed", time.monotonic() - start, failed=failed)
        if summary:
            report.summaries.append(f"===== {summary} =====")


def postgres_suite(report: Report, rest: list[str]) -> None:
    """All again on PostgreSQL that asks a database something, but for the browser, which does not care which."""
    name = "pytest on PostgreSQL"
    try:
        with postgres.server() as url:
            suite(report, name, ["-m", "not browser", "--with-database", *rest], DATABASE_URL=url)
    except postgres.NoPostgres as reason:
        print(f"\n--- {name}: {reason}")
        report.add(f"{name}: {reason}", "failed" if IN_CI else "skipped", 0, failed=IN_CI)


def main(arguments: list[str]) -> int:
    """All stages, whatever fails; the answer is the exit code."""
    report = Report()
    (ROOT / "var" / "test").mkdir(parents=True, exist_ok=True)
    if not arguments:
        check(report, CHECKS)
    suite(report, "pytest on SQLite", arguments)
    postgres_suite(report, arguments)
    report.show()
    return int(report.failed)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
