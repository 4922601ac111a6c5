"""The import contracts of pyproject.toml fail for a house built wrongly."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.sources import ROOT

ROOMS = (
    "site", "cli", "benefits", "visits", "cases", "providers", "policy", "people", "files", "federation", "accounts",
    "core", "engines",
)  # fmt: skip
ENGINES = ("engines/rules", "engines/allocation")
LINTER = Path(sys.executable).with_name("lint-imports")


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """An empty house with the same rooms, under the same contracts."""
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for folder in ["niangjia", *(f"niangjia/{room}" for room in (*ROOMS, *ENGINES))]:
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "__init__.py").touch()
    return tmp_path


def lint(house: Path) -> subprocess.CompletedProcess[str]:
    command = [str(LINTER), "--no-cache"]
    return subprocess.run(command, cwd=house, capture_output=True, text=True, env={"PYTHONPATH": "."})


def test_an_orderly_house_is_kept(house: Path) -> None:
    (house / "niangjia/policy/a.py").write_text("import niangjia.engines.rules\nimport niangjia.people\n")
    (house / "niangjia/benefits/a.py").write_text("import niangjia.policy.a\nimport niangjia.engines.allocation\n")
    done = lint(house)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("room", "statement", "contract"),
    [
        ("people", "import niangjia.policy", "Imports go down the house"),
        ("core", "import niangjia.accounts", "Imports go down the house"),
        ("site", "import niangjia.cli", "Imports go down the house"),
        ("benefits", "import niangjia.engines.rules", "Only policy"),
        ("policy", "import niangjia.engines.allocation", "Only benefits"),
        ("engines", "import django.db", "Engines think"),
        ("cli", "import django", "never import Django"),
    ],
)
def test_an_import_that_climbs_or_trespasses_breaks_a_contract(
    house: Path, room: str, statement: str, contract: str
) -> None:
    (house / f"niangjia/{room}/wrong.py").write_text(statement + "\n")
    done = lint(house)
    assert done.returncode != 0
    broken = [line for line in done.stdout.splitlines() if line.endswith("BROKEN")]
    assert any(contract in line for line in broken), done.stdout


def test_a_room_without_a_floor_breaks_the_contract(house: Path) -> None:
    (house / "niangjia/cellar").mkdir()
    (house / "niangjia/cellar/__init__.py").touch()
    done = lint(house)
    assert done.returncode != 0
    assert "cellar" in done.stdout + done.stderr
