"""One subject of a folder of facts, explained."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from niangjia.cli.main import main
from niangjia.cli.tests.facts import NUMBERS, SHELF, TODAY, generate, sweep

NAME = "yantai-consolation"
MARKS = {1: {"yes"}, 0: {"no"}, -1: {"ask"}}


@pytest.fixture(scope="module")
def facts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = generate(tmp_path_factory.mktemp("facts") / "invented")
    (place.parent / "numbers.yaml").write_text(NUMBERS, encoding="utf-8")
    return place


def words(facts: Path, subject: str) -> list[str]:
    return [
        *("--language", "en", "explain", "--programme", str(SHELF / NAME), "--facts", str(facts)),
        *("--today", TODAY, "--subject", subject, "--amounts", str(facts.parent / "numbers.yaml")),
    ]


def test_the_reasons_of_one_agree_with_the_sweep_of_all(
    facts: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert sweep(facts, tmp_path / "out", "--rows", "all") == 0
    rows = pq.read_table(tmp_path / "out" / "rows" / f"{NAME}.parquet").to_pylist()
    some = {row["outcome"]: row for row in rows}
    assert some.keys() == {1, 0, -1}
    for outcome, row in some.items():
        capsys.readouterr()
        assert main(words(facts, row["subject_id"])) == 0
        told = capsys.readouterr().out
        marks = {line[1:].split("]")[0] for line in told.splitlines() if line.startswith("[")}
        answers = {1: row["c_in_file"], 2: row["c_worker"]}
        assert marks == {{True: "yes", False: "no", None: "ask"}[answer] for answer in answers.values()}
        assert MARKS[outcome] <= marks
        assert "household with an open hardship file" in told.lower()


def test_nobody_of_that_name_and_a_half_question_get_a_sentence(
    facts: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(words(facts, "p9999999999")) == 2
    assert "there is no person p9999999999" in capsys.readouterr().err
    assert main(["explain", "--facts", str(facts)]) == 2
    assert "Name a file, or --programme" in capsys.readouterr().err


def test_the_totals_are_plain_json(facts: Path, tmp_path: Path) -> None:
    assert sweep(facts, tmp_path / "out", "--no-conditions") == 0
    told = json.loads((tmp_path / "out" / "totals.json").read_text(encoding="utf-8"))
    assert told["today"] == TODAY
    assert told["programmes"][NAME]["conditions"] == {}
