"""What the root conftest promises: no network, no skip that goes unseen, a home of its own."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(__file__).resolve().parent.parent.parent
SAMPLE = """
import pytest

def test_skips():
    pytest.skip("no reason to run")

@pytest.mark.browser
def test_needs_a_browser():
    pass

@pytest.mark.nightly
def test_is_for_the_night():
    assert False

def test_asks_a_database(db):
    pass

@pytest.mark.django_db
def test_is_marked_to_ask_one():
    pass

@pytest.mark.one_database
def test_is_wide(db):
    pass

@pytest.mark.nightly
@pytest.mark.one_database
def test_is_widest(db):
    pass

@pytest.mark.postgresql
def test_asks_postgresql(db):
    pass
"""


def test_a_connection_beyond_this_machine_is_refused() -> None:
    with socket.socket() as probe:
        for connect in (probe.connect, probe.connect_ex):
            with pytest.raises(AssertionError, match="beyond this machine"):
                connect(("192.0.2.1", 80))


def test_a_connection_on_this_machine_is_let_through() -> None:
    with socket.socket() as server, socket.socket() as client:
        server.bind(("127.0.0.1", 0))
        server.listen()
        client.connect(server.getsockname())


def test_tests_have_a_home_of_their_own() -> None:
    assert Path(settings.HOME).name.startswith("niangjia-test-")
    assert Path(settings.KEY_FILE).parent == Path(settings.HOME)
    assert settings.DEMO_NOW is None


def run_sample(tmp_path: Path, *words: str, **environment: str) -> str:
    folder = tmp_path / "sample"
    folder.mkdir(exist_ok=True)
    shutil.copy(ROOT / "conftest.py", folder)
    shutil.copy(ROOT / "pyproject.toml", folder)
    (folder / "test_sample.py").write_text(SAMPLE)
    for room in ("niangjia", "tests"):  # the root conftest stands on both
        if not (folder / room).exists():
            (folder / room).symlink_to(ROOT / room)
    plain = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "CI"))}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_sample.py", *words]
    return subprocess.run(command, cwd=folder, env={**plain, **environment}, capture_output=True, text=True).stdout


@pytest.mark.nightly
def test_a_skip_prints_why_and_with_ci_it_fails(tmp_path: Path) -> None:
    elsewhere = run_sample(tmp_path, "-k", "skips or browser", PATH="/nowhere")
    assert "no reason to run" in elsewhere
    assert " failed" not in elsewhere
    in_ci = run_sample(tmp_path, "-k", "skips or browser", CI="true")
    assert "With CI=true a skip is a failure. Skipped: no reason to run" in in_ci
    assert " skipped" not in in_ci


@pytest.mark.nightly
def test_on_the_second_database_only_those_run_that_ask_one(tmp_path: Path) -> None:
    listed = run_sample(tmp_path, "--with-database", "--collect-only")
    assert "test_asks_a_database" in listed
    assert "test_is_marked_to_ask_one" in listed
    assert "test_skips" not in listed
    assert "test_is_wide" not in listed
    by_night = run_sample(tmp_path, "--with-database", "--collect-only", "--nightly")
    assert "test_is_wide" in by_night
    assert "test_is_widest" not in by_night
    assert "test_is_widest" in run_sample(tmp_path, "--collect-only", "--nightly")


@pytest.mark.nightly
def test_what_asks_postgresql_is_not_among_the_tests_of_sqlite(tmp_path: Path) -> None:
    for words in ([], ["--nightly"], ["--with-database"]):
        assert "test_asks_postgresql" not in run_sample(tmp_path, "--collect-only", *words, DATABASE_URL="")
    listed = run_sample(tmp_path, "--collect-only", "--with-database", DATABASE_URL="postgresql://nobody@nowhere/x")
    assert "test_asks_postgresql" in listed


@pytest.mark.nightly
def test_what_is_for_the_night_runs_only_then(tmp_path: Path) -> None:
    assert "test_is_for_the_night" not in run_sample(tmp_path, "-k", "night or skips")
    assert "FAILED test_sample.py::test_is_for_the_night" in run_sample(tmp_path, "--nightly", "-k", "night")
