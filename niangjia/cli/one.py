"""One subject of a folder of facts, decided with reasons: what `niangjia explain` needs beside stored decisions."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from niangjia.cli.shelf import Unreadable, ready_version, snapshot_of
from niangjia.engines import rules
from niangjia.engines.rules.batch.plan import Plan


def decision_of(options: argparse.Namespace) -> Mapping[str, Any]:
    """The decision about the subject that the options name, as JSON values."""
    programme = ready_version(options.programme, options.amounts, options.language)
    snapshot = snapshot_of(options)
    plan = Plan({"one": programme}, options.today)
    rows = snapshot.about(programme.subject, plan.schema(), options.subject).to_pylist()
    if len(rows) != 1:
        many = "no" if not rows else "more than one"
        raise Unreadable(f"{options.facts}: there is {many} {programme.subject} {options.subject}.")
    records: dict[str, Sequence[rules.Row]] = {}
    for code, (relation, schema) in plan.relations.items():
        reader = snapshot.records(programme.subject, code, schema)
        found = [] if reader is None else reader(options.subject, options.subject).to_pylist()
        kept = [readings(relation.columns, row) for row in found]
        if rows[0].get(f"k_{code}"):
            records[code] = kept
        elif kept:
            records[code] = rules.Partial(kept)
    decider = rules.compile_python(programme)
    return decider.decide(readings(plan.facts.values(), rows[0]), records, options.today).to_json()


def readings(facts: Iterable[rules.Fact], row: Mapping[str, Any]) -> dict[str, rules.Reading]:
    """What a row says of each fact; a fact without value and bounds is not known."""
    found = {}
    for fact in facts:
        value, proof, on, *bounds = (row.get(name) for name in rules.column_names(fact))
        low, high = bounds or (None, None)
        if (value, low, high) != (None, None, None):
            found[fact.code] = rules.Reading(value, proof or 0, on, low=low, high=high)
    return found
