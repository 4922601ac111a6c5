"""Where the house's files are, and what a fault looks like."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PACKAGE = ROOT / "niangjia"


@dataclass(frozen=True)
class Source:
    """One file: its path from the root, and its text."""

    path: str
    text: str

    @property
    def parts(self) -> tuple[str, ...]:
        """The path, part by part."""
        return tuple(self.path.split("/"))

    @property
    def room(self) -> str:
        """The room it stands in, or nothing."""
        return self.parts[1] if self.parts[0] == "niangjia" and len(self.parts) > 2 else ""

    @property
    def is_test(self) -> bool:
        """Whether it is (part of) a test."""
        return "tests" in self.parts or self.parts[-1] == "conftest.py"

    @property
    def tree(self) -> ast.Module:
        """Its syntax tree."""
        return ast.parse(self.text)


Rule = Callable[[Source], Iterable[str]]


def read(pattern: str, base: Path = ROOT) -> Iterator[Source]:
    """The files of the house that match, without migrations, installed packages and what runs leave behind."""
    for path in sorted(base.glob(pattern)):
        parts = path.relative_to(ROOT).parts
        if path.is_file() and {"migrations", ".venv", "var", "__pycache__"}.isdisjoint(parts):
            yield Source("/".join(parts), path.read_text(encoding="utf-8"))


def python_files() -> list[Source]:
    """Every Python file of ours."""
    return [*read("*.py"), *read("niangjia/**/*.py"), *read("tests/**/*.py"), *read("benchmarks/**/*.py")]


def faults(rule: Rule, files: Iterable[Source]) -> list[str]:
    """What a rule finds, with the file's name before each."""
    return [f"{file.path}: {fault}" for file in files for fault in rule(file)]
