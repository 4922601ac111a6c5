"""Reading `rules.yaml`: the conditions, the named amounts, the group and the rank."""

from __future__ import annotations

import re
from dataclasses import dataclass

from niangjia.engines.rules.errors import Broken
from niangjia.engines.rules.facts import PROOFS
from niangjia.engines.rules.kinds import TYPE_WORDS
from niangjia.engines.rules.language import parse
from niangjia.engines.rules.model import Clause, Condition, Formula, Need, Text
from niangjia.engines.rules.names import Scope
from niangjia.engines.rules.reader import Reader
from niangjia.engines.rules.tree import Expression, amounts_of, facts_of
from niangjia.engines.rules.yamltree import Tree

CONDITION_KEYS = ("id", "when", "zh", "en", "proof", "fresh_days", "near", "clause")
PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True)
class Rules:
    """What `rules.yaml` holds."""

    conditions: tuple[Condition, ...] = ()
    formulas: tuple[Formula, ...] = ()
    group: Formula | None = None
    rank_key: Formula | None = None


def load_rules(reader: Reader, tree: Tree, scope: Scope) -> Rules:
    """Return the conditions and formulas, each parsed and typed."""
    parts = reader.entries(tree, "rules.yaml")
    reader.known(tree, ("conditions", "amounts", "group", "rank_key"))
    conditions: list[Condition] = []
    node = reader.need(tree, "conditions")
    nodes = reader.items(node, "conditions") if node is not None else []
    if node is not None and node.value == []:
        reader.report("conditions-empty", node)
    for item in nodes:
        condition = _condition(reader, item, scope)
        if condition is None:
            continue
        if any(condition.id == other.id for other in conditions):
            reader.report("id-repeated", item, name=condition.id)
        conditions.append(condition)
    formulas: list[Formula] = []
    if "amounts" in parts:
        for name, item in reader.entries(parts["amounts"], "amounts").items():
            reader.identifier(name, parts["amounts"].place_of(name))
            formula = _formula(reader, name, item, scope)
            if formula is not None:
                formulas.append(formula)
    extra = [_formula(reader, name, parts[name], scope) if name in parts else None for name in ("group", "rank_key")]
    return Rules(tuple(conditions), tuple(formulas), *extra)


def _condition(reader: Reader, tree: Tree, scope: Scope) -> Condition | None:
    parts = reader.entries(tree, "conditions")
    reader.known(tree, CONDITION_KEYS)
    name = reader.text(reader.need(tree, "id"), "id")
    if name:
        reader.identifier(name, parts["id"])
    zh, en = reader.need(tree, "zh"), reader.need(tree, "en")
    words = Text(reader.text(zh, "zh"), reader.text(en, "en"))
    text, when = expression(reader, reader.need(tree, "when"), "when", scope, yes_no=True)
    near_text, near = "", None
    if "near" in parts:
        near_text, near = expression(reader, parts["near"], "near", scope, yes_no=True)
    need = _need(reader, parts)
    clause = _clause(reader, parts["clause"]) if "clause" in parts else None
    if when is None or not name:
        return None
    for node, sentence in ((zh, words.zh), (en, words.en)):
        if node is not None:
            _placeholders(reader, node, sentence, when)
    return Condition(name, text, when, words, need, near, near_text, clause)


def _placeholders(reader: Reader, node: Tree, sentence: str, when: Expression) -> None:
    names = {*facts_of(when), *amounts_of(when)}
    for name in PLACEHOLDER.findall(sentence):
        if name not in names:
            reader.report("placeholder", node, name=name)


def _need(reader: Reader, parts: dict[str, Tree]) -> Need:
    proof = PROOFS[reader.pick(parts["proof"], "proof", tuple(PROOFS))] if "proof" in parts else 0
    fresh = reader.whole(parts["fresh_days"], "fresh_days", 1) if "fresh_days" in parts else None
    return Need(proof, fresh)


def _clause(reader: Reader, tree: Tree) -> Clause:
    parts = reader.entries(tree, "clause")
    reader.known(tree, ("title", "article", "date", "zh", "en"))
    title = reader.text(reader.need(tree, "title"), "title")
    rest = {key: str(parts[key].value) if key in parts else "" for key in ("article", "date", "zh", "en")}
    return Clause(title, rest["article"], rest["date"], rest["zh"], rest["en"])


def _formula(reader: Reader, name: str, tree: Tree, scope: Scope) -> Formula | None:
    need, node = Need(), tree
    if isinstance(tree.value, dict):
        reader.known(tree, ("value", "proof", "fresh_days"))
        need = _need(reader, tree.value)
        found = reader.need(tree, "value")
        if found is None:
            return None
        node = found
    text, value = expression(reader, node, name, scope, yes_no=False)
    return None if value is None else Formula(name, text, value, need)


def expression(
    reader: Reader, tree: Tree | None, name: str, scope: Scope, *, yes_no: bool
) -> tuple[str, Expression | None]:
    """Return the text and the typed expression of a scalar, reporting what is wrong in it."""
    if tree is None:
        return "", None
    value = tree.value
    if isinstance(value, bool):
        value = "true" if value else "false"
    elif isinstance(value, int):
        value = str(value)
    if not isinstance(value, str) or not value.strip():
        reader.report("shape", tree, name=name, want_zh="条件", want_en="an expression")
        return "", None
    try:
        found = parse(value, scope)
    except Broken as error:
        reader.broken(error, tree, value)
        return value, None
    if yes_no and found.kind.type != "bool":
        zh, en = TYPE_WORDS[found.kind.type]
        reader.report("not-yes-no", tree, got_zh=zh, got_en=en)
        return value, None
    return value, found
