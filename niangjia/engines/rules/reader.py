"""Reading the parts of a YAML tree, one problem per trouble and never a traceback."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from niangjia.engines.rules.errors import Broken, Problem, problem
from niangjia.engines.rules.kinds import advise
from niangjia.engines.rules.model import Text
from niangjia.engines.rules.yamltree import Tree

NAME = re.compile(r"[a-z][a-z0-9_]*\Z")
LONG_AGO = dt.date(1, 1, 1)


@dataclass(frozen=True)
class Reader:
    """One file being read and the list that its problems go to."""

    file: str
    problems: list[Problem]

    def report(self, code: str, place: Tree | tuple[int, int], **words: object) -> None:
        """Add a problem at a place."""
        line, column = (place.line, place.column) if isinstance(place, Tree) else place
        texts = {name: str(value) for name, value in words.items()}
        self.problems.append(problem(code, self.file, line, column, texts))

    def broken(self, error: Broken, tree: Tree, text: str) -> None:
        """Add the problem of an expression, at the place inside its scalar."""
        line, column = tree.line, tree.column
        plain = tree.inset is not None and tree.end - tree.start == len(text) + 2 * tree.inset
        if error.offset is not None and plain and "\n" not in text:
            column += tree.inset + error.offset if tree.inset is not None else 0
        self.report(error.code, (line, column), **error.words)

    def entries(self, tree: Tree, name: str) -> dict[str, Tree]:
        """Return the entries of a map, or none after reporting that it is not one."""
        if isinstance(tree.value, dict):
            return tree.value
        self.report("shape", tree, name=name, want_zh="名称: 内容 的表", want_en="a map")
        return {}

    def items(self, tree: Tree, name: str) -> list[Tree]:
        """Return the items of a list, or none after reporting that it is not one."""
        if isinstance(tree.value, list):
            return tree.value
        self.report("shape", tree, name=name, want_zh="列表", want_en="a list")
        return []

    def known(self, tree: Tree, keys: Collection[str]) -> None:
        """Report every key of a map that is not one of these."""
        if not isinstance(tree.value, dict):
            return
        for key in tree.value:
            if key not in keys:
                hint = advise(key, list(keys))
                allowed = ", ".join(keys)
                if "Did you mean" not in hint["hint_en"]:
                    hint = {"hint_zh": f"可以写：{allowed}。", "hint_en": f"Use one of: {allowed}."}
                self.report("key-unknown", tree.place_of(key), name=key, **hint)

    def need(self, tree: Tree, key: str) -> Tree | None:
        """Return the value of a key that must be there, or nothing after reporting it."""
        found = tree.value.get(key) if isinstance(tree.value, dict) else None
        if found is None or found.value is None:
            self.report("key-missing", tree, name=key)
            return None
        return found

    def text(self, tree: Tree | None, name: str) -> str:
        """Return a text that is not empty, or an empty one after reporting it."""
        if tree is None:
            return ""
        if isinstance(tree.value, str) and tree.value.strip():
            return tree.value.strip()
        self.report("shape", tree, name=name, want_zh="文字", want_en="text")
        return ""

    def pair(self, tree: Tree | None, name: str) -> Text:
        """Return a text in both languages."""
        if tree is None:
            return Text("", "")
        if not isinstance(tree.value, dict):
            want_zh, want_en = "{zh: 中文, en: 英文}", "{zh: …, en: …}"
            self.report("shape", tree, name=name, want_zh=want_zh, want_en=want_en)
            return Text("", "")
        self.known(tree, ("zh", "en"))
        return Text(self.text(self.need(tree, "zh"), "zh"), self.text(self.need(tree, "en"), "en"))

    def pick(self, tree: Tree | None, name: str, allowed: Sequence[str]) -> str:
        """Return one of the allowed words."""
        if tree is None:
            return allowed[0]
        if isinstance(tree.value, str) and tree.value in allowed:
            return tree.value
        hint = {"hint_zh": "", "hint_en": ""}
        shown = "、".join(allowed)
        value = tree.value if isinstance(tree.value, str | int | bool) else "…"
        self.report("choice-unknown", tree, name=name, value=value, allowed=shown, **hint)
        return allowed[0]

    def day(self, tree: Tree | None, name: str) -> dt.date:
        """Return a date."""
        if tree is None:
            return LONG_AGO
        if isinstance(tree.value, dt.date):
            return tree.value
        self.report("shape", tree, name=name, want_zh="日期（年-月-日）", want_en="a date")
        return LONG_AGO

    def whole(self, tree: Tree | None, name: str, least: int | None = None) -> int:
        """Return a whole number, of at least `least`."""
        if tree is None:
            return 0
        value = tree.value
        if isinstance(value, float):
            self.report("number-not-whole", tree, value=value)
            return 0
        if isinstance(value, bool) or not isinstance(value, int):
            self.report("shape", tree, name=name, want_zh="整数", want_en="a whole number")
            return 0
        if least is not None and value < least:
            want_zh, want_en = f"不小于{least}的整数", f"a whole number from {least} up"
            self.report("shape", tree, name=name, want_zh=want_zh, want_en=want_en)
            return least
        if abs(value) > 2**63 - 1:
            self.report("number-too-large", tree, value=value)
            return 0
        return value

    def identifier(self, value: str, place: Tree | tuple[int, int]) -> str:
        """Return a name that may be used in expressions and as a column."""
        if not NAME.match(value):
            self.report("id-invalid", place, value=value)
        return value
