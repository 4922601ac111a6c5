"""Simulating a version and comparing two, from folders and files."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from niangjia.cli.main import main
from niangjia.cli.tests.facts import NUMBERS, SHELF, TODAY, generate, sweep

NAME = "yantai-consolation"


@pytest.fixture(scope="module")
def facts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = generate(tmp_path_factory.mktemp("facts") / "invented", 5_000)
    (place.parent / "numbers.yaml").write_text(NUMBERS, encoding="utf-8")
    return place


def verb(name: str, facts: Path, out: Path, *more: str) -> int:
    words = ["--facts", str(facts), "--today", TODAY, "--quiet", "--out", str(out)]
    return main([name, *words, "--amounts", str(facts.parent / "numbers.yaml"), *more])


def result(out: Path) -> dict[str, object]:
    found: dict[str, object] = json.loads((out / "result.json").read_text(encoding="utf-8"))
    return found


def test_a_simulation_says_what_the_sweep_says(facts: Path, tmp_path: Path) -> None:
    folder = str(SHELF / NAME)
    assert verb("simulate", facts, tmp_path / "out", "--programme", folder, "--fund-fen", "1000000") == 0
    assert sweep(facts, tmp_path / "sweep") == 0

    told = result(tmp_path / "out")
    swept = json.loads((tmp_path / "sweep" / "totals.json").read_text(encoding="utf-8"))["programmes"][NAME]
    after = told["after"]
    assert after["subjects"] == swept["yes"] > 100
    assert after["fen"] == swept["fen"] == 200_000 * swept["yes"]
    assert after["fund_empty_on"] == "2026-06-01"
    assert 0 < after["households"] < after["subjects"]
    assert sum(cell["subjects_after"] or 0 for cell in told["by_town"]) <= after["subjects"]
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["result.json"]


def test_a_difference_names_who_gains_and_who_loses(facts: Path, tmp_path: Path) -> None:
    newer = tmp_path / NAME
    shutil.copytree(SHELF / NAME, newer)
    text = (newer / "amounts.yaml").read_text(encoding="utf-8")
    (newer / "amounts.yaml").write_text(text.replace("value: 200000", "value: 250000"), encoding="utf-8")
    rules = (newer / "rules.yaml").read_text(encoding="utf-8")
    (newer / "rules.yaml").write_text(rules.replace("when: is_worker", "when: is_worker or sex = 'female'"), "utf-8")
    (newer / "examples.yaml").write_text(_examples((newer / "examples.yaml").read_text("utf-8")), "utf-8")

    assert verb("diff", facts, tmp_path / "out", "--before", str(SHELF / NAME), "--after", str(newer), "--people") == 0

    told = result(tmp_path / "out")
    people = pq.read_table(tmp_path / "out" / "people.parquet").to_pylist()
    was = {row["subject_id"] for row in people if row["yes_before"]}
    now = {row["subject_id"] for row in people if row["yes_after"]}
    change = told["change"]
    assert (change["gain"], change["lose"]) == (len(now - was), len(was - now))
    assert change["gain"] > 0
    assert change["more"] == len(now & was)
    assert told["after"]["fen"] == 250_000 * len(now)
    assert change["first_time"] is None


def _examples(text: str) -> str:
    """The recipe's examples with the new number, about men: the new rule asks women less."""
    text = text.replace("200000", "250000").replace("is_worker: false}", "is_worker: false, sex: male}")
    return text.replace("{household.hardship_in_file: true}", "{household.hardship_in_file: true, sex: male}")


def test_a_version_with_open_numbers_is_refused(
    facts: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["--facts", str(facts), "--today", TODAY, "--out", str(tmp_path / "out")]

    assert main(["--language", "en", "simulate", "--programme", str(SHELF / NAME), *words]) == 1
    assert "not set yet: cut_off_day" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
