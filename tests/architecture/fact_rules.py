"""Habits of the house about rows of facts: nobody reads one that was withdrawn, and one service withdraws."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tests.architecture.sources import Source

# Who takes rows of facts whether they stand or not, and why; everybody else asks `people.recorded`.
TAKES_ALL_ROWS = {
    "niangjia/people/recorded.py": "leaves out what is withdrawn, for everybody else",
    "niangjia/people/withdrawal.py": "the rows that are about to be withdrawn, by their keys",
    "niangjia/people/services/withdrawing.py": "withdraws them",
    "niangjia/people/services/facts.py": "records them",
    "niangjia/people/services/erasure.py": "forgets them with their person",
    "niangjia/people/services/persons.py": "moves them along with their person",
    "niangjia/people/services/load.py": "records them in bulk",
}
WITHDRAWS = "niangjia/people/services/withdrawing.py"
_MANAGERS = {"objects", "_default_manager", "_base_manager"}
_TABLE, _COLUMN = "people_recordedfact", "withdrawn_at"


def facts_are_read_as_they_stand(file: Source) -> Iterator[str]:
    """Rows of facts are read through `people.recorded`, which leaves out what was withdrawn."""
    if file.is_test or file.path in TAKES_ALL_ROWS or not file.path.startswith("niangjia/"):
        return
    for node in ast.walk(file.tree):
        if _takes_rows(node):
            yield f"line {node.lineno}: reads rows of facts without people.recorded"  # type: ignore[attr-defined]


def _takes_rows(node: ast.AST) -> bool:
    if isinstance(node, ast.Attribute) and node.attr in _MANAGERS:
        return isinstance(node.value, ast.Name) and node.value.id == "RecordedFact"
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and _TABLE in node.value.lower()


def takes_all_rows(file: Source) -> bool:
    """Whether a file that may take all rows does."""
    return any(_takes_rows(node) for node in ast.walk(file.tree))


def one_service_withdraws(file: Source) -> Iterator[str]:
    """Only the service that withdraws facts says since when one does not count."""
    # Tasks and programmes are withdrawn too; a room that never gets at rows of facts means something else.
    reaches = file.path.startswith("niangjia/people/") or "niangjia.people.recorded" in file.text
    if file.is_test or file.path == WITHDRAWS or not reaches:
        return
    for node in ast.walk(file.tree):
        if _says_when(node):
            yield f"line {node.lineno}: withdraws a fact"  # type: ignore[attr-defined]


def _says_when(node: ast.AST) -> bool:
    if isinstance(node, ast.Attribute):
        return node.attr == _COLUMN and isinstance(node.ctx, ast.Store)
    written = isinstance(node, ast.Call) and (
        node.func.attr in {"update", "create"} if isinstance(node.func, ast.Attribute) else True
    )
    return written and any(one.arg == _COLUMN for one in node.keywords)  # type: ignore[attr-defined]
