"""Each sentence a row of a roster is refused with ends with what to do: whoever made the table reads nothing else."""

from __future__ import annotations

import ast
import inspect
import pkgutil
from collections.abc import Iterator
from importlib import import_module
from types import ModuleType

import pytest
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from niangjia.people.rosters import cells, judging, parts
from niangjia.people.tests.test_malformed_rosters import ends_with_remedy

MODULES = [cells, *(import_module(f"{parts.__name__}.{one.name}") for one in pkgutil.iter_modules(parts.__path__))]


def sentences_of(module: ModuleType) -> Iterator[str | Promise]:
    """The sentences a module keeps for rows, and those of refusals it says in their words."""
    yield from (value for value in vars(module).values() if isinstance(value, Promise))
    for node in ast.walk(ast.parse(inspect.getsource(module))):
        if isinstance(node, ast.Attribute) and node.attr == "sentence" and isinstance(node.value, ast.Name):
            refusal = getattr(module, node.value.id, None)  # none: the variable of one that was caught
            if refusal is not None:
                yield refusal.sentence


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__.rpartition(".")[2])
def test_each_sentence_ends_with_what_to_do(module: ModuleType) -> None:
    with translation.override("zh-hans"):
        dead_ends = [str(sentence) for sentence in sentences_of(module) if not ends_with_remedy(str(sentence))]
    assert dead_ends == []


def test_an_empty_cell_says_what_to_do() -> None:
    assert ends_with_remedy(judging._empty()["zh"])


def test_control_the_sentences_are_found_and_a_dead_end_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    assert sum(1 for module in MODULES for _ in sentences_of(module)) > 35
    monkeypatch.setattr(cells, "_TOO_LONG", gettext_lazy("This file has reached you already. Nothing was changed."))
    with pytest.raises(AssertionError):
        test_each_sentence_ends_with_what_to_do(cells)
