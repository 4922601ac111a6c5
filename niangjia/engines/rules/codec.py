"""Decisions to and from canonical JSON, with a digest per part so that a change can be named.

The stored form carries the labels, units, codes and sentences it needs: it explains itself, and is
replayed, without a look at today's catalogue.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Any

from niangjia.engines.rules.evidence import (
    AmountUsed,
    Change,
    ConditionResult,
    ConditionSpec,
    FactUsed,
    RelationUsed,
)
from niangjia.engines.rules.facts import Fact, Partial, Reading, Relation, Value
from niangjia.engines.rules.model import AsOf, Clause, Give, Text
from niangjia.engines.rules.tree import Kind

# The number of the rules by which a stored decision is read; it grows when they change meaning.
# 2: bounds go through arithmetic, least, greatest, case, band and sums of what is known in part.
SEMANTICS = 2

Digest = Callable[[str], str]
Json = dict[str, Any]


def sha256_hex(text: str) -> str:
    """Return the SHA-256 of a text in hexadecimal; callers with a key pass their own function."""
    return hashlib.sha256(text.encode()).hexdigest()


def canonical(value: object) -> str:
    """Return the one spelling of a JSON value that digests are taken of."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def dump(value: Value | None) -> bool | int | str | None:
    """Return a value as JSON; a date becomes its ISO form."""
    return value.isoformat() if isinstance(value, dt.date) else value


def restore(value: Any, kind: str) -> Value | None:
    """Return the value of a JSON scalar by its type."""
    if value is None:
        return None
    found: Value = dt.date.fromisoformat(str(value)) if kind == "date" else value
    return found


def _day(value: Any) -> dt.date | None:
    return None if value is None else dt.date.fromisoformat(str(value))


def encode_fact(fact: Fact) -> Json:
    """Return the definition of a fact as JSON."""
    found: Json = {
        "type": fact.type,
        "zh": fact.zh,
        "en": fact.en,
        "unit": fact.unit,
        "changeable": fact.changeable,
        "supplier": fact.supplier,
        "cost": fact.cost,
    }
    if fact.codes:
        found["codes"] = {code: list(words) for code, words in fact.codes.items()}
    return found


def decode_fact(code: str, stored: Json) -> Fact:
    """Return the definition of a fact from JSON."""
    codes = {name: (words[0], words[1]) for name, words in stored.get("codes", {}).items()}
    plain = {key: value for key, value in stored.items() if key not in {"codes", "reading"}}
    return Fact(code, codes=codes, **plain)


def encode_reading(reading: Reading | None) -> Json | None:
    """Return a reading as JSON, leaving out what it does not have."""
    if reading is None:
        return None
    found: Json = {"value": dump(reading.value), "proof": reading.proof}
    if reading.on is not None:
        found["on"] = reading.on.isoformat()
    if reading.recorded_on is not None:
        found["recorded_on"] = reading.recorded_on.isoformat()
    if reading.next_change_on is not None:
        found["next_change_on"] = reading.next_change_on.isoformat()
    for name in ("source_zh", "source_en", "unknown"):
        if getattr(reading, name):
            found[name] = getattr(reading, name)
    for name in ("low", "high"):
        if getattr(reading, name) is not None:
            found[name] = getattr(reading, name)
    if reading.records:
        found["records"] = list(reading.records)
    return found


def decode_reading(stored: Json | None, kind: str) -> Reading | None:
    """Return a reading from JSON."""
    if stored is None:
        return None
    return Reading(
        value=restore(stored["value"], kind),
        proof=int(stored["proof"]),
        on=_day(stored.get("on")),
        source_zh=stored.get("source_zh", ""),
        source_en=stored.get("source_en", ""),
        unknown=stored.get("unknown", ""),
        next_change_on=_day(stored.get("next_change_on")),
        records=tuple(stored.get("records", ())),
        low=stored.get("low"),
        high=stored.get("high"),
        recorded_on=_day(stored.get("recorded_on")),
    )


def _kind(kind: Kind) -> Json:
    return {"type": kind.type, "unit": kind.unit}


def encode_amount(used: AmountUsed) -> Json:
    """Return a number used as JSON."""
    found: Json = {**_kind(used.kind), "value": dump(used.value), "from": dump(used.from_)}
    if used.over is not None:
        found["over"] = _kind(used.over)
        found["bands"] = [[upto, dump(value)] for upto, value in used.bands]
    return found


def decode_amount(code: str, stored: Json) -> AmountUsed:
    """Return a number used from JSON."""
    kind = Kind(stored["type"], stored["unit"])
    over = Kind(**stored["over"]) if "over" in stored else None
    bands = tuple((upto, restore(v, kind.type)) for upto, v in stored.get("bands", ()))
    value = restore(stored["value"], kind.type)
    return AmountUsed(code, kind, value, _day(stored["from"]), bands, over)  # type: ignore[arg-type]


def encode_relation(used: RelationUsed) -> Json:
    """Return the records looked at as JSON."""
    relation = used.relation
    rows = used.rows
    open_: Json = {"complete": False} if isinstance(rows, Partial) else {}
    return {
        **open_,
        "zh": relation.zh,
        "en": relation.en,
        "columns": {item.code: encode_fact(item) for item in relation.columns},
        "rows": None
        if rows is None
        else [{code: encode_reading(value) for code, value in row.items()} for row in rows],
    }


def decode_relation(code: str, stored: Json) -> RelationUsed:
    """Return the records looked at from JSON."""
    columns = tuple(decode_fact(name, item) for name, item in stored["columns"].items())
    kinds = {item.code: item.type for item in columns}
    relation = Relation(code, columns, stored["zh"], stored["en"])
    if stored["rows"] is None:
        return RelationUsed(relation, None)
    rows = []
    for row in stored["rows"]:
        read = {name: decode_reading(value, kinds[name]) for name, value in row.items()}
        rows.append({name: value for name, value in read.items() if value is not None})
    return RelationUsed(relation, tuple(rows) if stored.get("complete", True) else Partial(rows))


def encode_spec(spec: ConditionSpec) -> Json:
    """Return the text of a condition as JSON."""
    found: Json = {
        "when": spec.text,
        "zh": spec.words.zh,
        "en": spec.words.en,
        "proof": spec.proof,
        "fresh_days": spec.fresh_days,
        "near": spec.near_text,
    }
    if spec.clause is not None:
        found["clause"] = vars(spec.clause).copy()
    return found


def encode_condition(result: ConditionResult) -> Json:
    """Return a condition with its answer as JSON."""
    return {
        "id": result.id,
        "answer": result.answer,
        "answer_stated": result.answer_stated,
        "reason": result.reason,
        "facts": list(result.facts),
        "amounts": list(result.amounts),
        "relations": list(result.relations),
        "unknown_facts": list(result.unknown_facts),
        "near_answer": result.near,
        **encode_spec(result.spec),
    }


def decode_condition(stored: Json) -> ConditionResult:
    """Return a condition with its answer from JSON."""
    clause = Clause(**stored["clause"]) if "clause" in stored else None
    words = Text(stored["zh"], stored["en"])
    proof, fresh = stored["proof"], stored["fresh_days"]
    spec = ConditionSpec(stored["id"], stored["when"], words, proof, fresh, stored["near"], clause)
    return ConditionResult(
        stored["id"],
        stored["answer"],
        stored["answer_stated"],
        stored["reason"],
        tuple(stored["facts"]),
        tuple(stored["amounts"]),
        tuple(stored["relations"]),
        tuple(stored["unknown_facts"]),
        stored["near_answer"],
        spec,
    )


def _as_of(rule: AsOf) -> Json:
    return {**vars(rule), "day": dump(rule.day)}


def _give(give: Give) -> Json:
    words = None if give.words is None else vars(give.words).copy()
    return {"kind": give.kind, "amount": give.amount, "words": words}


RESULT = ("outcome", "if_confirmed", "near_miss", "amount_fen", "amounts", "group", "rank_key")


def result_of(stored: Mapping[str, Any]) -> Json:
    """Return the part of a stored decision that says what came out."""
    answers = {item["id"]: item["answer"] for item in stored["conditions"]}
    found = {name: stored[name] for name in RESULT}
    return {**found, "as_of": stored["as_of"], "today": stored["today"], "answers": answers}


def digests_of(stored: Mapping[str, Any], digest: Digest) -> Json:
    """Return the digest of each part of a stored decision, and one over them all."""
    facts: Json = stored["facts"]
    conditions = stored["conditions"]
    spec = ("id", "when", "zh", "en", "proof", "fresh_days", "near", "clause")
    texts = {c["id"]: {key: c[key] for key in spec if key in c} for c in conditions}
    head = ("semantics", "system", "name", "bundle", "subject", "as_of_rule", "give")
    advice = ("ask", "smallest_change", "amount_kinds")
    found: Json = {
        "facts": {code: digest(canonical([code, item])) for code, item in facts.items()},
        "relations": {code: digest(canonical([code, item])) for code, item in stored["relations"].items()},
        "amounts": {code: digest(canonical([code, item])) for code, item in stored["amounts_used"].items()},
        "conditions": {code: digest(canonical(item)) for code, item in texts.items()},
        "programme": digest(canonical({key: stored[key] for key in head})),
        "result": digest(canonical(result_of(stored))),
        "detail": digest(canonical([conditions, {key: stored[key] for key in advice}])),
    }
    return {**found, "root": digest(canonical(found))}


def encode(decision: Mapping[str, Any], digest: Digest) -> Json:
    """Return the JSON of a decision's fields."""
    d = decision
    change = d["smallest_change"]
    steps = [{"fact": c.fact, "from": dump(c.from_), "to": dump(c.to)} for c in change or ()]
    stored: Json = {
        "semantics": SEMANTICS,
        "system": d["system"],
        "name": {"zh": d["name"].zh, "en": d["name"].en},
        "bundle": d["bundle_hash"],
        "subject": d["subject"],
        "today": d["today"].isoformat(),
        "as_of": dump(d["as_of"]),
        "as_of_rule": _as_of(d["as_of_rule"]),
        "outcome": d["outcome"],
        "if_confirmed": d["if_confirmed"],
        "near_miss": d["near_miss"],
        "conditions": [encode_condition(item) for item in d["conditions"]],
        "amount_fen": d["amount_fen"],
        "amounts": {name: dump(value) for name, value in d["amounts"].items()},
        "amount_kinds": {name: _kind(kind) for name, kind in d["amount_kinds"].items()},
        "give": [_give(item) for item in d["give"]],
        "group": dump(d["group"]),
        "rank_key": dump(d["rank_key"]),
        "ask": list(d["ask"]),
        "smallest_change": None if change is None else steps,
        "facts": {
            code: {**encode_fact(item.fact), "reading": encode_reading(item.reading)}
            for code, item in d["facts"].items()
        },
        "relations": {code: encode_relation(item) for code, item in d["relations"].items()},
        "amounts_used": {code: encode_amount(item) for code, item in d["amounts_used"].items()},
    }
    return {**stored, "digests": digests_of(stored, digest)}


def decode(stored: Mapping[str, Any]) -> Json:
    """Return the fields of the decision that a stored JSON row holds."""
    s = stored
    facts = {code: decode_fact(code, item) for code, item in s["facts"].items()}
    kinds = {name: Kind(**item) for name, item in s["amount_kinds"].items()}

    def change(item: Json) -> Change:
        kind = facts[item["fact"]].type
        to = dt.date.fromisoformat(item["to"]) if kind == "date" else item["to"]
        return Change(item["fact"], restore(item["from"], kind), to)

    def named(name: str, value: Any) -> Value | None:
        return restore(value, kinds[name].type) if name in kinds else value

    rule = {**s["as_of_rule"], "day": _day(s["as_of_rule"]["day"])}
    steps = s["smallest_change"]
    return {
        "system": s["system"],
        "name": Text(**s["name"]),
        "bundle_hash": s["bundle"],
        "subject": s["subject"],
        "today": _day(s["today"]),
        "as_of": _day(s["as_of"]),
        "as_of_rule": AsOf(**rule),
        "outcome": s["outcome"],
        "if_confirmed": s["if_confirmed"],
        "near_miss": s["near_miss"],
        "conditions": tuple(decode_condition(item) for item in s["conditions"]),
        "amount_fen": s["amount_fen"],
        "amounts": {name: named(name, value) for name, value in s["amounts"].items()},
        "amount_kinds": kinds,
        "give": tuple(
            Give(item["kind"], item["amount"], Text(**item["words"]) if item["words"] else None) for item in s["give"]
        ),
        "group": named("group", s["group"]),
        "rank_key": named("rank_key", s["rank_key"]),
        "ask": tuple(s["ask"]),
        "smallest_change": None if steps is None else tuple(change(item) for item in steps),
        "facts": {
            code: FactUsed(fact, decode_reading(s["facts"][code]["reading"], fact.type)) for code, fact in facts.items()
        },
        "relations": {code: decode_relation(code, item) for code, item in s["relations"].items()},
        "amounts_used": {code: decode_amount(code, v) for code, v in s["amounts_used"].items()},
    }
