"""Writes `docs/reference/systems.md` from the scenario tests: `python -m tests.scenarios.reference`.

A system runs here when a scenario goes through it as its users do; the page lists what each
scenario checks, in the words of the tests themselves.
"""

from __future__ import annotations

import ast
import sys
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
PAGE = FOLDER.parent.parent / "docs" / "reference" / "systems.md"
ALL_SYSTEMS = 102
HEAD = """# Systems that run

Generated from `tests/scenarios/` by `python -m tests.scenarios.reference`; a test fails when it is stale.
A system is listed when a scenario goes through it as its users do; each line below it is one test.
What a test expects and the system does not do yet is marked so.
"""


@dataclass(frozen=True)
class Scenario:
    """One scenario file: the system, its title, and what each of its tests checks."""

    system: str
    title: str
    file: str
    checks: tuple[str, ...]


def scenarios() -> list[Scenario]:
    """Every scenario file, in the order of the systems."""
    return [_read(path) for path in sorted(FOLDER.glob("test_s[0-9][0-9]*_*.py"))]


def _read(path: Path) -> Scenario:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    title = (ast.get_docstring(tree) or "").splitlines()[0]
    tests = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")]
    return Scenario(path.name.split("_")[1].upper(), title, path.name, tuple(_sentence(node) for node in tests))


def _sentence(node: ast.FunctionDef) -> str:
    sentence = (ast.get_docstring(node) or node.name.removeprefix("test_").replace("_", " ")).splitlines()[0]
    is_open = any("xfail" in ast.unparse(decorator) for decorator in node.decorator_list)
    return f"Not yet: {sentence}" if is_open else sentence


def page() -> str:
    """The text of the page."""
    found = scenarios()
    systems = sorted({scenario.system for scenario in found})
    parts = [HEAD, f"{len(systems)} of {ALL_SYSTEMS} systems run: {', '.join(systems)}.\n"]
    for scenario in found:
        parts.append(f"\n## {scenario.title}\n\n`tests/scenarios/{scenario.file}`\n\n")
        parts.extend(f"- {check}\n" for check in scenario.checks)
    return "".join(parts)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    sys.stdout.write(f"{PAGE.name}: {len(scenarios())} scenarios\n")
