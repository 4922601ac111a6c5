"""Closures and SQL give the oracle's answers, on subjects from each programme's own thresholds."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
import yaml

from niangjia.engines.rules import Programme, compile_python, load_folder, with_amounts
from niangjia.engines.rules.tests.catalogue import CATALOGUE, SECTIONS
from niangjia.engines.rules.tests.parity import Subject, by_python, differences
from niangjia.engines.rules.tests.subjects import subjects

FOLDERS = sorted(p for p in (Path(__file__).parents[4] / "programmes").iterdir() if p.is_dir())
TODAY = dt.date(2023, 8, 3)


def ready(folder: Path) -> Programme:
    """Return the programme of a recipe; what is missing has the numbers that its examples assume."""
    programme = load_folder(folder, CATALOGUE, SECTIONS)
    assumed = yaml.safe_load((folder / "examples.yaml").read_text(encoding="utf-8")).get("assume", {})
    return with_amounts(programme, {code: assumed[code] for code in programme.missing_amounts})


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_both_back_ends_agree_with_the_oracle_on_the_edges_of_each_recipe(folder: Path) -> None:
    programme = ready(folder)
    people: list[Subject] = [(readings, {}) for readings in subjects(programme, 400, TODAY)]

    assert differences(programme, people, TODAY) == []


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_every_condition_of_each_recipe_reaches_yes_no_and_unknown(folder: Path) -> None:
    programme = ready(folder)
    decider = compile_python(programme)
    reached: dict[str, set[bool | None]] = {item.id: set() for item in programme.conditions}
    for readings in subjects(programme, 400, TODAY):
        row = by_python(decider, (readings, {}), TODAY)
        for name, answers in reached.items():
            answers.add(row[f"c_{name}"])

    assert {name: answers == {True, False, None} for name, answers in reached.items()} == dict.fromkeys(reached, True)
