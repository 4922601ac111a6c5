"""Spark gives the answers of DuckDB and of the closures, on generated people for every recipe."""

from __future__ import annotations

import datetime as dt
import importlib
import os
import random
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq  # type: ignore[import-untyped]
import pytest

from niangjia.engines.rules import (
    Programme,
    Reading,
    RuleOverflow,
    compile_python,
    sweep_duckdb,
    tables_of,
)
from niangjia.engines.rules.batch.spark import ANSI, SparkTooLenient, sweep_spark
from niangjia.engines.rules.tests import kit
from niangjia.engines.rules.tests.parity import Subject, by_python
from niangjia.engines.rules.tests.subjects import subjects
from niangjia.engines.rules.tests.test_language_parity import AS_OF, CONDITIONS, FORMULAS
from niangjia.engines.rules.tests.test_parity import FOLDERS, TODAY, ready

pytestmark = [pytest.mark.nightly, pytest.mark.filterwarnings("default")]


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Spark on this machine, with a plan that is small enough to be made quickly."""
    if shutil.which("java") is None:
        pytest.skip("There is no Java on this machine (Debian's package openjdk-17-jre-headless).")
    pytest.importorskip("pyspark", reason="pyspark is not installed (requirements-nightly.lock).")
    builder = importlib.import_module("pyspark.sql").SparkSession.builder
    settings = {
        "spark.ui.enabled": "false",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.sql.shuffle.partitions": "2",
        "spark.sql.codegen.wholeStage": "false",
        "spark.sql.warehouse.dir": str(tmp_path_factory.mktemp("warehouse")),
        "spark.log.level": "OFF",
        ANSI: "true",
    }
    for name, value in settings.items():
        builder = builder.config(name, value)
    os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    found = builder.master("local[2]").getOrCreate()
    yield found
    found.stop()


def differences(session: Any, programme: Programme, people: list[Subject], today: dt.date, place: Path) -> list[str]:
    """Return every place where Spark, DuckDB and the closures do not say the same."""
    named = [(f"{at:06d}", *subject) for at, subject in enumerate(people)]
    table, records = tables_of(programme, named)
    show(session, place, {"subjects": table, **{f"rel_{code}": found for code, found in records.items()}})
    decider = compile_python(programme)
    spark = sweep_spark(programme, session, today)
    duck = sweep_duckdb(programme, table, records, today).to_pylist()
    assert len(spark) == len(duck) == len(people)
    wrong = []
    for at, (one, two) in enumerate(zip(spark, duck, strict=True)):
        wrong += [f"{at} {key}: Spark {one[key]}, DuckDB {two[key]}" for key in two if one[key] != two[key]]
        three = by_python(decider, people[at], today)
        wrong += [f"{at} {key}: Spark {one[key]}, Python {three[key]}" for key in three if one[key] != three[key]]
    return wrong


def show(session: Any, place: Path, tables: dict[str, Any]) -> None:
    """Make tables known to Spark under their names."""
    for name, table in tables.items():
        pq.write_table(table, place / f"{name}.parquet")
        session.read.parquet(str(place / f"{name}.parquet")).createOrReplaceTempView(name)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_three_back_ends_agree_on_the_edges_of_each_recipe(session: Any, folder: Path, tmp_path: Path) -> None:
    programme = ready(folder)
    people: list[Subject] = [(readings, {}) for readings in subjects(programme, 300, TODAY)]

    assert differences(session, programme, people, TODAY, tmp_path) == []


@pytest.mark.parametrize("head", [kit.HEAD, AS_OF], ids=["today", "by fact"])
@pytest.mark.parametrize("names", [tuple(CONDITIONS)[at::4] for at in range(4)], ids="abcd")
def test_three_back_ends_agree_on_every_construct(
    session: Any, names: tuple[str, ...], head: str, tmp_path: Path
) -> None:
    rng, today = random.Random(names[0]), dt.date(2020, 2, 29)
    programme = kit.programme(
        {name: CONDITIONS[name] for name in names}, FORMULAS, head=head, extra="proof: seal\n    fresh_days: 30"
    )
    people: list[Subject] = [kit.random_subject(rng, today) for _at in range(250)]

    assert differences(session, programme, people, today, tmp_path) == []


@pytest.mark.parametrize(
    ("text", "code", "value"),
    [
        ("bill * months > 0", "bill", 2**62),
        ("share(bill, part) + bill > 0", "bill", 2**63 - 1),
        ("plus_months(born_on, 12 * months) > first_day", "months", 9_000),
        ("plus_days(born_on, 3000000) > first_day", "months", 1),
    ],
)
def test_what_leaves_its_range_is_an_error_in_spark_too(
    session: Any, text: str, code: str, value: int, tmp_path: Path
) -> None:
    programme = kit.programme({"big": text})
    known = {"bill": Reading(1), "months": Reading(4), "born_on": Reading(dt.date(2000, 1, 1))}
    table, _records = tables_of(programme, [("1", {**known, code: Reading(value)}, {})])
    show(session, tmp_path, {"subjects": table})

    with pytest.raises(RuleOverflow):
        sweep_duckdb(programme, table, {}, TODAY)
    with pytest.raises(RuleOverflow):
        sweep_spark(programme, session, TODAY)


def test_a_session_that_lets_numbers_wrap_is_refused(session: Any) -> None:
    session.conf.set(ANSI, "false")
    try:
        with pytest.raises(SparkTooLenient):
            sweep_spark(kit.programme({"one": "age >= 1"}), session, TODAY)
    finally:
        session.conf.set(ANSI, "true")


def test_a_guard_that_is_left_out_is_caught(session: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: without the guard of `least`, SQL skips what is unknown, and the comparison must see it."""
    programme = kit.programme({"least": "least(bill, limit_fen) <= paid"})
    rng = random.Random(3)
    people: list[Subject] = [kit.random_subject(rng, TODAY) for _at in range(200)]
    assert differences(session, programme, people, TODAY, tmp_path) == []

    statements = importlib.import_module("niangjia.engines.rules.compile_duckdb")
    monkeypatch.setattr(statements, "least_sql", lambda items: f"LEAST({', '.join(items)})")

    (tmp_path / "again").mkdir()
    assert differences(session, programme, people, TODAY, tmp_path / "again") != []
