"""Sweeping folders and files, as somebody without a site does it."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq
import pytest

from niangjia.cli import generate as generate_verb
from niangjia.cli.main import main
from niangjia.cli.shelf import numbers_of, programme_of, programmes_in
from niangjia.cli.tests.facts import NUMBERS, SHELF, TODAY, generate, sweep
from niangjia.engines.rules import subjects_schema, sweep_duckdb
from niangjia.engines.rules.batch.sealed import SnapshotKey, write_key


@pytest.fixture(scope="module")
def facts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return generate(tmp_path_factory.mktemp("facts") / "invented")


def test_a_sweep_from_files_counts_what_each_programme_counts_alone(facts: Path, tmp_path: Path) -> None:
    assert sweep(facts, tmp_path / "out", "--rows", "all") == 0

    told = json.loads((tmp_path / "out" / "totals.json").read_text(encoding="utf-8"))["programmes"]
    numbers = tmp_path / "numbers.yaml"
    numbers.write_text(NUMBERS, encoding="utf-8")
    programmes = programmes_in(SHELF, numbers_of(numbers))
    assert told.keys() == programmes.keys()
    for name, programme in programmes.items():
        table = _filled(_whole(facts, programme.subject), subjects_schema(programme))
        alone = sweep_duckdb(programme, table, {}, dt.date.fromisoformat(TODAY)).to_pylist()
        found = pq.read_table(tmp_path / "out" / "rows" / f"{name}.parquet").to_pylist()
        assert [row["subject_id"] for row in found] == [row["subject_id"] for row in alone]
        assert found == [{key: row[key] for key in found[0]} for row in alone]
        outcomes = Counter(row["outcome"] for row in alone)
        assert (told[name]["yes"], told[name]["no"], told[name]["unknown"]) == (outcomes[1], outcomes[0], outcomes[-1])
        assert told[name]["fen"] == sum(row["amount_fen"] or 0 for row in alone if row["outcome"] == 1)
    assert sum(one["yes"] for one in told.values()) > 50
    assert sum(one["unknown"] > 0 for one in told.values()) >= 8


def _filled(table: pa.Table, schema: pa.Schema) -> pa.Table:
    there = set(table.column_names)
    return pa.table(
        [table[one.name] if one.name in there else pa.nulls(table.num_rows, one.type) for one in schema], schema=schema
    )


def _whole(facts: Path, subject: str) -> pa.Table:
    place = facts / subject
    return pq.read_table(place if place.is_dir() else facts / f"{subject}.parquet")


def test_a_spreadsheet_saved_as_csv_will_do(facts: Path, tmp_path: Path) -> None:
    table = pq.read_table(facts / "union.parquet")
    plain = {"subject_id": table["subject_id"]}
    plain |= {code: table[f"f_{code}"] for code in ("pilot_kind", "pilot_accepted_on")}
    (tmp_path / "few").mkdir()
    pacsv.write_csv(pa.table(plain), tmp_path / "few" / "union.csv")
    pq.write_table(pa.table(plain), tmp_path / "few" / "other.parquet")
    shelf = tmp_path / "shelf"
    shelf.mkdir()
    (shelf / "pilots").symlink_to(SHELF / "inner-mongolia-reform-pilots")
    words = ["sweep", "--programmes", str(shelf), "--today", TODAY, "--quiet", "--proof", "bureau"]

    assert main([*words, "--facts", str(tmp_path / "few"), "--out", str(tmp_path / "out")]) == 0

    told = json.loads((tmp_path / "out" / "totals.json").read_text(encoding="utf-8"))
    assert told["subjects"] == {"union": table.num_rows}
    assert sweep(facts, tmp_path / "all") == 0
    whole = json.loads((tmp_path / "all" / "totals.json").read_text(encoding="utf-8"))
    assert told["programmes"]["pilots"] == whole["programmes"]["inner-mongolia-reform-pilots"]


def test_the_same_seed_gives_the_same_people_in_whatever_pieces(
    facts: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(generate_verb, "PIECE", 600)
    again, other = generate(tmp_path / "again"), generate(tmp_path / "other", seed=2)

    assert len(list((again / "person").iterdir())) == 4
    for subject in ("person", "household", "person.jobs", "union", "employer"):
        assert _whole(again, subject).to_pylist() == _whole(facts, subject).to_pylist()
        assert _whole(other, subject).to_pylist() != _whole(facts, subject).to_pylist()


def test_who_lives_together_shares_what_is_known_of_the_household(facts: Path) -> None:
    homes = {row["subject_id"]: row for row in _whole(facts, "household").to_pylist()}
    people = _whole(facts, "person").to_pylist()

    assert {row["household_id"] for row in people} == homes.keys()
    for row in people:
        home = homes[row["household_id"]]
        for code in ("income_per_head", "hardship_in_file", "medical_bill"):
            assert [row[f"{edge}_household__{code}"] for edge in "fpo"] == [home[f"{edge}_{code}"] for edge in "fpo"]


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        (["--facts", "{tmp}/nowhere", "--out", "{tmp}/out"], 2, "there is no such folder"),
        (["--facts", "{tmp}", "--out", "{tmp}/out"], 2, "there is no employer.parquet"),
        (["--facts", "{facts}", "--out", "{facts}"], 4, "there is something already"),
        (["--facts", "{broken}", "--out", "{tmp}/out"], 2, "not a Parquet file that can be read"),
    ],
)
def test_what_cannot_be_done_gets_a_sentence_and_leaves_nothing(
    words: list[str], code: int, sentence: str, facts: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "broken").mkdir()
    for subject in ("person", "household", "employer", "union"):
        (tmp_path / "broken" / f"{subject}.parquet").write_bytes(b"PAR1 and then nothing")
    places = {"tmp": tmp_path, "facts": facts, "broken": tmp_path / "broken"}
    numbers = tmp_path / "numbers.yaml"
    numbers.write_text(NUMBERS, encoding="utf-8")
    filled = [word.format(**places) for word in words]
    before = sorted(tmp_path.rglob("*"))

    assert main(["sweep", "--programmes", str(SHELF), "--today", TODAY, "--amounts", str(numbers), *filled]) == code
    assert sentence in capsys.readouterr().err
    assert sorted(tmp_path.rglob("*")) == before


def test_open_numbers_are_named_or_left_out_by_wish(
    facts: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["sweep", "--programmes", str(SHELF), "--facts", str(facts), "--today", TODAY, "--quiet"]

    assert main([*words, "--out", str(tmp_path / "out")]) == 1
    assert "yantai-consolation: 还没有定: cut_off_day" in capsys.readouterr().err
    assert main(["--language", "en", *words, "--out", str(tmp_path / "out")]) == 1
    assert "yantai-consolation: not set yet: cut_off_day" in capsys.readouterr().err
    assert main([*words, "--out", str(tmp_path / "out"), "--skip-open"]) == 0
    told = json.loads((tmp_path / "out" / "totals.json").read_text(encoding="utf-8"))["programmes"]
    folders = [path.parent for path in SHELF.glob("*/programme.yaml")]
    assert "yantai-consolation" not in told
    assert told.keys() == {folder.name for folder in folders if not programme_of(folder).missing_amounts}


def test_a_number_beyond_the_range_stops_everything(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = {"subject_id": ["h1"], "medical_bill": [-(2**63)], "medical_insurance_paid": [1]}
    pq.write_table(pa.table(rows), tmp_path / "household.parquet")
    shelf = tmp_path / "shelf"
    shelf.mkdir()
    (shelf / "bills").symlink_to(SHELF / "yantai-second-reimbursement")
    words = ["--programmes", str(shelf), "--facts", str(tmp_path), "--today", TODAY]

    assert main(["sweep", *words, "--out", str(tmp_path / "out")]) == 3
    assert "overflow" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_a_sealed_folder_is_swept_with_its_key_and_not_without(
    facts: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    key, sealed = SnapshotKey.fresh("s1"), tmp_path / "sealed"
    sealed.mkdir()
    write_key(key, tmp_path / "key")
    for path in sorted(facts.iterdir()):
        table = _whole(facts, path.name.removesuffix(".parquet"))
        name = path.name if path.suffix else f"{path.name}.parquet"
        pq.write_table(table, sealed / name, encryption_properties=key.to_encrypt(name))
    assert sweep(facts, tmp_path / "open") == 0
    assert sweep(sealed, tmp_path / "out", "--key", str(tmp_path / "key")) == 0
    assert (tmp_path / "out" / "totals.json").read_bytes() == (tmp_path / "open" / "totals.json").read_bytes()
    write_key(SnapshotKey.fresh("s1"), tmp_path / "other")
    (tmp_path / "no-key").write_text("{}")
    for more in ([], ["--key", str(tmp_path / "other")], ["--key", str(tmp_path / "no-key")]):
        assert sweep(sealed, tmp_path / "not", *more) == 2
    said = capsys.readouterr().err
    assert said.count("sealed with another key") == 2
    assert "this is not the key of a snapshot" in said
    assert not (tmp_path / "not").exists()
