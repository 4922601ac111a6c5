"""The generated SQL of each recipe is read as text: a change in it shows in review."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from niangjia.engines.rules import compile_duckdb
from niangjia.engines.rules.tests.test_parity import FOLDERS, ready

GOLDEN = Path(__file__).parent / "golden"


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_the_statement_of_each_recipe_is_the_one_that_was_reviewed(folder: Path) -> None:
    """Write the files anew with `NIANGJIA_WRITE_GOLDEN=1` and read the difference."""
    path, statement = GOLDEN / f"{folder.name}.sql", compile_duckdb(ready(folder))
    if os.environ.get("NIANGJIA_WRITE_GOLDEN"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(statement, encoding="utf-8")

    assert path.read_text(encoding="utf-8") == statement


def test_no_golden_file_is_left_without_its_recipe() -> None:
    assert {path.stem for path in GOLDEN.iterdir()} == {folder.name for folder in FOLDERS}
