"""A valid folder broken at one node: the problem stands where it was broken, and nothing else is raised."""

from __future__ import annotations

import importlib
import itertools
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from unittest import mock

import pytest

from niangjia.engines.rules import Catalogue, RuleErrors, load, read_folder, yamltree
from niangjia.engines.rules.errors import SENTENCES, Problem
from niangjia.engines.rules.tests import kit
from niangjia.engines.rules.tests.catalogue import CATALOGUE
from niangjia.engines.rules.tests.mutations import RICH, A, E, Mutation, P, R, mutations
from niangjia.engines.rules.tests.test_parity import FOLDERS
from niangjia.engines.rules.yamltree import Tree

# The module, which the function of the same name hides.
loading = importlib.import_module("niangjia.engines.rules.load")

# At least so many different problems must be named at the very line that was broken.
CODES = 40
# Some files more than a folder has: each break reads one that nobody has read.
FILES_KEPT = 12


def refuse_no_fund(value: Any) -> list[tuple[str, str, str, str]]:
    """Stand for the room that checks the fund."""
    return [] if value == {"line": "none"} else [("没有。", "There is none.", "请改。", "Change it.")]


def codes_at(bundle: Mapping[str, str], mutation: Mutation, catalogue: Catalogue) -> set[str] | None:
    """Return the codes of the problems at the line that was broken; nothing where the folder still loads."""
    try:
        load({**bundle, mutation.file: mutation.text}, catalogue, {"fund": refuse_no_fund})
    except RuleErrors as error:
        return {item.code for item in error.problems if item.file == mutation.file and item.line in mutation.lines}
    return None


FIRST = RICH[E][RICH[E].index("  - name: 都符合") : RICH[E].index("  - name: 没有工作")]

# code, file, what is there (first occurrence), what is written instead; the problem is on that line.
TABLE = [
    ("yaml-syntax", P, "system: S00", "system: S00: 1"),
    ("yaml-feature", P, "system: S00", "system: &x S00"),
    ("key-repeated", P, "ask: apply", "ask: apply\nask: apply"),
    ("key-unknown", P, "owner_level: county", "owner_levle: county"),
    ("key-missing", P, "format: 1", "formt: 1"),
    ("shape", P, "  paper: none", "  - paper"),
    ("choice-unknown", P, "subject: person", "subject: persn"),
    ("date-invalid", P, "to: 2025-12-31", "to: 2025-12-32"),
    ("period-backwards", P, "to: 2025-12-31", "to: 2019-12-31"),
    ("as-of-amount", P, "as_of:\n  amount: lost_on", "as_of:\n  amount: first_day"),
    ("give-amount", P, "  - kind: cash\n    amount: grant", "  - kind: cash\n    amount: grnt"),
    ("section", P, "line: none", "line: nothing"),
    ("syntax", R, "months >= months_needed", "months >="),
    ("construct", R, "months >= months_needed", "months is null"),
    ("name-unknown", R, "months >= months_needed", "month >= months_needed"),
    ("name-ambiguous", R, "born_on < first_day", "lost_on < first_day"),
    ("type", R, "born_on < first_day", "born_on < 3"),
    ("unit", R, "months >= months_needed", "months >= years_needed"),
    ("code-unknown", R, "('a', 'b')", "('a', 'z')"),
    ("arguments", R, "least(band(steps, bill), limit_fen)", "least(limit_fen)"),
    ("not-yes-no", R, "months >= months_needed", "months"),
    ("number-not-whole", R, "wage > 0", "wage > 0.5"),
    ("number-too-large", R, "wage > 0", "wage > 99999999999999999999"),
    ("too-long", R, "wage > 0", "wage > 0" + " + 0" * 700),
    ("id-invalid", R, "id: grown", "id: Grown"),
    ("id-repeated", R, "id: grown", "id: months"),
    ("placeholder", R, "{months_needed}个月", "{months}个月里的{limit_fen}"),
    ("amount-origin", A, "  - from: 2020-01-01\n    value: 3\n    unit: month\n    stated: true",
     "  - from: 2020-01-01\n    value: 3\n    unit: month"),
    ("amount-derived", A, "months_needed:\n  - from: 2020-01-01\n    value: 3\n    unit: month\n    stated",
     "months_needed:\n  - from: 2020-01-01\n    value: 3\n    unit: month\n    derived"),
    ("amount-unit", A, "  - from: 2020-01-01\n    value: 2020-02-29\n    stated", "  - from: 2020-01-01\n    missing"),
    ("amount-mixed", A, "  - from: 2022-01-01\n    value: 18\n    unit: year",
     "  - from: 2022-01-01\n    value: 18\n    unit: month"),
    ("amount-gap", A, "  - from: 2022-01-01", "  - from: 2022-01-02"),
    ("amount-order", A, "  - from: 2022-01-01", "  - from: 2021-01-01"),
    ("amount-value", A, "    value: 3\n", "    value: three\n"),
    ("amount-unused", A, "first_day:", "idle: [{from: 2020-01-01, value: 1, stated: true}]\nfirst_day:"),
    ("bands", A, "      - upto: 5000", "      - upto: 50000"),
    ("notice-number", "notice.zh.md", "{limit_fen}", "{limit}"),
    ("example-failed", E, FIRST, FIRST.replace("amount_fen: 50", "amount_fen: 51")),
    ("example-broken", E, "  - name: 没有工作\n    facts:\n      months: 3",
     "  - name: 没有工作\n    facts:\n      months: 9223372036854775807"),
    ("examples-incomplete", E, FIRST, FIRST.replace("outcome: yes", "outcome: unknown")),
    ("conditions-empty", R, "conditions:", "conditions: []\nx:"),
]  # fmt: skip


def broken(code: str, file: str, old: str, new: str) -> list[tuple[str, str, int]]:
    """Return the problems of the folder with one thing written differently."""
    assert RICH[file].count(old) >= 1, (code, old)
    with pytest.raises(RuleErrors) as caught:
        load({**RICH, file: RICH[file].replace(old, new, 1)}, kit.CATALOGUE, {"fund": refuse_no_fund})
    return [(item.code, item.file, item.line) for item in caught.value.problems]


def test_the_folder_that_is_broken_here_is_whole() -> None:
    assert load(RICH, kit.CATALOGUE, {"fund": refuse_no_fund}).missing == ()


@pytest.mark.parametrize(("code", "file", "old", "new"), TABLE, ids=[row[0] for row in TABLE])
def test_a_problem_stands_in_the_file_and_on_the_line_that_was_broken(code: str, file: str, old: str, new: str) -> None:
    first = RICH[file][: RICH[file].index(old)].count("\n") + 1
    # What was written in place of several lines is one entry, which begins on the first of them.
    last = first + max(old.rstrip("\n").count("\n"), new.rstrip("\n").count("\n"))
    lines = [line for name, where, line in broken(code, file, old, new) if (name, where) == (code, file)]
    assert lines
    assert first <= lines[0] <= last


@pytest.mark.parametrize("file", sorted(RICH))
def test_a_file_that_is_not_there_or_without_end_is_named(file: str) -> None:
    rest = {name: text for name, text in RICH.items() if name != file}
    for code, bundle in (("file-missing", rest), ("file-too-large", {**rest, file: "#" * 300_000})):
        if file.endswith(".md") and code == "file-too-large":
            continue
        with pytest.raises(RuleErrors) as caught:
            load(bundle, kit.CATALOGUE)
        assert (code, file, 0) in {(item.code, item.file, item.line) for item in caught.value.problems}


def test_there_are_forty_kinds_of_problems_and_each_is_reached() -> None:
    reached = {row[0] for row in TABLE} | {"file-missing", "file-too-large"}
    assert len(reached) >= CODES
    assert reached | {"file-unknown"} == set(SENTENCES)


@contextmanager
def read_once() -> Iterator[None]:
    """Within it a file that is not broken is read once, and not again for each break of another."""
    known: dict[tuple[str, str], tuple[Tree | None, list[Problem]]] = {}

    def read(file: str, text: str, problems: list[Problem]) -> Tree | None:
        if (file, text) not in known:
            found: list[Problem] = []
            known[file, text] = (yamltree.read(file, text, found), found)
            while len(known) > FILES_KEPT:
                del known[next(iter(known))]
        else:
            known[file, text] = known.pop((file, text))  # what is asked again and again stays
        tree, found = known[file, text]
        problems.extend(found)
        return tree

    with mock.patch.object(loading, "read", read):
        yield


def sweep_of(folders: Iterable[tuple[Mapping[str, str], Catalogue]], step: int) -> dict[str, int]:
    """Break folders node by node, every so many nodes; anything but a list of problems is raised."""
    hits: dict[str, int] = {}
    with read_once():
        for bundle, catalogue in folders:
            for mutation in itertools.islice(mutations(bundle), 0, None, step):
                for code in codes_at(bundle, mutation, catalogue) or ():
                    hits[code] = hits.get(code, 0) + 1
    return hits


def test_a_folder_broken_here_and_there_names_the_place_and_never_fails_otherwise() -> None:
    assert len(sweep_of([(RICH, kit.CATALOGUE)], 23)) >= 20


@pytest.mark.nightly
def test_every_recipe_broken_at_every_node_names_forty_kinds_of_problems_at_the_place() -> None:
    recipes = [(read_folder(folder), CATALOGUE) for folder in FOLDERS]
    # In the folder made for it a node is broken in every way there is, two dozen of them. In the recipes, which are
    # built alike, each node gets a fifth of the ways, another fifth each.
    hits = sweep_of([(RICH, kit.CATALOGUE)], 1) | sweep_of(recipes, 5)
    assert len(hits) >= CODES, set(SENTENCES) - set(hits)
