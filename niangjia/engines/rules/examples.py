"""Worked examples of a programme, which the engine runs whenever the folder is loaded."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from niangjia.engines.rules.decide import Decider, compile_python
from niangjia.engines.rules.decision import Decision
from niangjia.engines.rules.edit import with_amounts
from niangjia.engines.rules.errors import AmountMissing, ReadingInvalid, RuleOverflow
from niangjia.engines.rules.facts import BUREAU, PROOFS, Fact, Reading, Row, Value
from niangjia.engines.rules.kinds import advise
from niangjia.engines.rules.load_amounts import fits
from niangjia.engines.rules.model import Programme
from niangjia.engines.rules.reader import Reader
from niangjia.engines.rules.tree import Kind
from niangjia.engines.rules.yamltree import Tree

KEYS = ("name", "today", "facts", "relations", "expect", "assume")
EXPECT = (
    "outcome",
    "amount_fen",
    "ask",
    "if_confirmed",
    "near_miss",
    "conditions",
    "amounts",
    "group",
    "rank_key",
    "change",
)
READING = ("value", "proof", "on", "unknown", "next_change_on", "low", "high")
OUTCOMES = ("yes", "no", "unknown")


@dataclass(frozen=True)
class Example:
    """One worked example: what is known, and what must come out."""

    name: str
    today: dt.date
    readings: Mapping[str, Reading]
    relations: Mapping[str, tuple[Row, ...]]
    assume: Mapping[str, Value]
    expect: Mapping[str, object]
    tree: Tree


def load_examples(reader: Reader, tree: Tree, programme: Programme) -> tuple[Example, ...]:
    """Return the examples of a folder; there is at least one yes, one no and one unknown."""
    assume: dict[str, Value] = {}
    nodes: list[Tree] = []
    today, place = programme.valid_from, tree
    if isinstance(tree.value, dict):
        reader.known(tree, ("assume", "today", "examples"))
        if "assume" in tree.value:
            assume = _assume(reader, tree.value["assume"], programme)
        if "today" in tree.value:
            today = reader.day(tree.value["today"], "today")
        found = reader.need(tree, "examples")
        nodes = reader.items(found, "examples") if found is not None else []
        place = found or tree
    else:
        nodes = reader.items(tree, "examples.yaml")
    examples = tuple(_example(reader, node, programme, assume, today) for node in nodes)
    for answer in OUTCOMES:
        if not any(item.expect.get("outcome") == answer for item in examples):
            reader.report("examples-incomplete", place, answer=answer)
    return examples


def _assume(reader: Reader, tree: Tree, programme: Programme) -> dict[str, Value]:
    """Return invented numbers for an example; an entry that is not a plain number is reported."""
    found: dict[str, Value] = {}
    for code, node in reader.entries(tree, "assume").items():
        amount = programme.amounts.get(code)
        if amount is None:
            known = list(programme.amounts)
            reader.report("name-unknown", tree.place_of(code), name=code, **advise(code, known))
        elif amount.over is not None or not fits(node.value, amount.kind):
            reader.report("amount-value", node, name=code, unit=amount.kind.type)
        elif isinstance(node.value, bool | int | str | dt.date):
            found[code] = node.value
    return found


def _example(
    reader: Reader,
    tree: Tree,
    programme: Programme,
    assume: Mapping[str, Value],
    today: dt.date,
) -> Example:
    parts = reader.entries(tree, "examples")
    reader.known(tree, KEYS)
    name = parts["name"].value if "name" in parts else ""
    if isinstance(name, dict):
        name = reader.pair(parts["name"], "name").zh
    if "today" in parts:
        today = reader.day(parts["today"], "today")
    if "assume" in parts:
        assume = {**assume, **_assume(reader, parts["assume"], programme)}
    facts: dict[str, Fact] = {}
    for code in programme.fact_codes:
        fact = programme.catalogue.fact(code)
        if fact is not None:
            facts[code] = fact
    row = _row(reader, parts.get("facts"), facts, today)
    relations: dict[str, tuple[Row, ...]] = {}
    if "relations" in parts:
        for code, node in reader.entries(parts["relations"], "relations").items():
            relation = programme.catalogue.relation(code)
            if relation is None or code not in programme.relation_codes:
                known = list(programme.relation_codes)
                place = parts["relations"].place_of(code)
                reader.report("name-unknown", place, name=code, **advise(code, known))
                continue
            columns = {item.code: item for item in relation.columns}
            items = reader.items(node, code)
            relations[code] = tuple(_row(reader, item, columns, today) for item in items)
    return Example(str(name), today, row, relations, assume, _expect(reader, tree), tree)


def _expect(reader: Reader, tree: Tree) -> dict[str, object]:
    node = reader.need(tree, "expect")
    if node is None:
        return {}
    if isinstance(node.value, str):
        return {"outcome": reader.pick(node, "expect", OUTCOMES)}
    reader.entries(node, "expect")
    reader.known(node, EXPECT)
    reader.pick(reader.need(node, "outcome"), "outcome", OUTCOMES)
    plain = node.plain()
    return plain if isinstance(plain, dict) else {}


def _row(reader: Reader, tree: Tree | None, facts: Mapping[str, Fact], today: dt.date) -> dict[str, Reading]:
    found: dict[str, Reading] = {}
    if tree is None:
        return found
    for code, node in reader.entries(tree, "facts").items():
        fact = facts.get(code)
        if fact is None:
            reader.report("name-unknown", tree.place_of(code), name=code, **advise(code, [*facts]))
            continue
        found[code] = _reading(reader, node, fact, today)
    return found


def _reading(reader: Reader, tree: Tree, fact: Fact, today: dt.date) -> Reading:
    """Return a reading; a bare value counts as proved by a bureau on the day of the example."""
    if not isinstance(tree.value, dict):
        if tree.value is None or tree.value == "unknown":
            return Reading(unknown="never_asked")
        return Reading(_typed(reader, tree, fact), BUREAU, today)
    reader.known(tree, READING)
    parts = tree.value
    node = parts.get("value")
    value = _typed(reader, node, fact) if node is not None and node.value is not None else None
    proof = reader.pick(parts["proof"], "proof", tuple(PROOFS)) if "proof" in parts else "bureau"
    change = reader.day(parts["next_change_on"], "on") if "next_change_on" in parts else None
    low, high = (reader.whole(parts[n], n) if n in parts else None for n in ("low", "high"))
    why = reader.text(parts["unknown"], "unknown") if "unknown" in parts else ""
    on = reader.day(parts["on"], "on") if "on" in parts else today
    return Reading(value, PROOFS[proof], on, "", "", why, change, (), low, high)


def _typed(reader: Reader, tree: Tree, fact: Fact) -> Value | None:
    if not fits(tree.value, Kind(fact.type)):
        reader.report("amount-value", tree, name=fact.code, unit=fact.unit or fact.type)
        return None
    if fact.codes and tree.value not in fact.codes:
        words = {"fact": fact.code, "value": tree.value, "allowed": ", ".join(fact.codes)}
        reader.report("code-unknown", tree, **words)
    return tree.value if isinstance(tree.value, bool | int | str | dt.date) else None


def check_examples(reader: Reader, examples: tuple[Example, ...], programme: Programme) -> None:
    """Decide each example and report what differs from what it expects."""
    deciders: dict[tuple[tuple[str, Value], ...], Decider] = {}
    for place, example in enumerate(examples, 1):
        name = example.name or str(place)
        assumed = tuple(sorted(example.assume.items()))
        try:
            if assumed not in deciders:
                deciders[assumed] = compile_python(with_amounts(programme, example.assume))
            decision = deciders[assumed].decide(example.readings, example.relations, example.today)
        except (AmountMissing, ReadingInvalid, RuleOverflow) as error:
            reader.report("example-broken", example.tree, name=name, detail=error)
            continue
        for what, want, got in _differences(example, decision):
            words = {"name": name, "what": what, "want": want, "got": got}
            reader.report("example-failed", example.tree, **words)


def _differences(example: Example, decision: Decision) -> list[tuple[str, object, object]]:
    answers = {None: "unknown", True: "yes", False: "no"}
    found: list[tuple[str, object, object]] = []
    for key, want in example.expect.items():
        got: object = getattr(decision, key, None)
        if key == "ask":
            want = tuple(want) if isinstance(want, list) else (want,)
            got = decision.ask[: len(want)]
        elif key == "change":
            steps = decision.smallest_change or ()
            got = {step.fact: step.to for step in steps}
        elif key in {"conditions", "amounts"} and isinstance(want, dict):
            results: dict[str, object] = {r.id: answers[r.answer] for r in decision.conditions}
            all_of = results if key == "conditions" else dict(decision.amounts)
            got = {name: all_of.get(name) for name in want}
        if got != want:
            found.append((key, want, got))
    return found
