"""Which tests the day runs and which the night, on the first database and on the second, and in what order."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from tests.architecture.sources import ROOT

ROOM, SCENARIO = "niangjia/people/tests/test_x.py", "tests/scenarios/test_s00_x.py"
ARGS, TEST_PATHS = pytest.Config.ArgsSource.ARGS, pytest.Config.ArgsSource.TESTPATHS
DAY, SECOND, NIGHT, SECOND_NIGHT = (
    frozenset(), frozenset({"--with-database"}), frozenset({"--nightly"}), frozenset({"--with-database", "--nightly"}),
)  # fmt: skip
ALL = {DAY, SECOND, NIGHT, SECOND_NIGHT}


@pytest.fixture
def tiers(request: pytest.FixtureRequest) -> Any:
    """The house's own conftest, as pytest has loaded it."""
    wanted = str(ROOT / "conftest.py")
    return next(one for one in request.config.pluginmanager.get_plugins() if getattr(one, "__file__", "") == wanted)


def item(path: str = SCENARIO, *marks: str, generated: bool = False) -> Any:
    return SimpleNamespace(
        path=ROOT / path, fixturenames=["db"] if "django_db" in marks else [],
        obj=SimpleNamespace(is_hypothesis_test=generated),
        get_closest_marker=lambda name: name if name in marks else None,
    )  # fmt: skip


def asking(options: frozenset[str], source: Any = TEST_PATHS) -> Any:
    return SimpleNamespace(getoption=lambda name: name in options, args_source=source)


@pytest.mark.parametrize(
    ("test", "runs"),
    [
        (item(), {DAY}),
        (item(SCENARIO, "django_db"), {DAY, SECOND}),
        (item(SCENARIO, "django_db", "one_database"), {DAY, SECOND_NIGHT}),
        (item(SCENARIO, "django_db", "nightly"), {NIGHT, SECOND_NIGHT}),
        (item(SCENARIO, "django_db", "nightly", "one_database"), {NIGHT}),
        (item(SCENARIO, "nightly"), {NIGHT}),
        (item(SCENARIO, "wider_by_night"), {DAY, NIGHT}),
        (item(generated=True), {DAY, NIGHT}),
        (item(ROOM), {DAY}),
        (item(ROOM, "django_db"), {DAY, SECOND}),
        (item(ROOM, "django_db", generated=True), ALL),
    ],
    ids=lambda value: "",
)
def test_the_night_asks_what_the_day_leaves_out_and_nothing_again(tiers: Any, test: Any, runs: set[Any]) -> None:
    assert {options for options in ALL if tiers._wanted(test, asking(options))} == runs


def test_who_names_a_file_gets_all_of_it_by_night_too(tiers: Any) -> None:
    assert tiers._wanted(item(), asking(NIGHT, ARGS))
    assert not tiers._wanted(item(SCENARIO, "nightly"), asking(DAY, ARGS))


def test_what_takes_long_begins_then_files_of_many_and_each_that_is_named_so_is_there(tiers: Any) -> None:
    long, many, few = (ROOT / name for name in ("tests/test_backup.py", "a/test_many.py", "a/test_few.py"))
    items = [SimpleNamespace(path=path) for path in (few, many, many, long)]
    tiers._handed_out_with, before = (lambda file: file), tiers._handed_out_with
    try:
        tiers._in_order(items)
    finally:
        tiers._handed_out_with = before
    assert [one.path for one in items] == [long, many, many, few]
    there = {path.name for folder in ("tests", "niangjia") for path in (ROOT / folder).rglob("test_*.py")}
    assert set(tiers.LONGEST) - there == {tiers.COUNTY}
