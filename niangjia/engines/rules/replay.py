"""Replaying a stored decision against its version, and naming whatever does not agree.

Only the decision row and the version's texts are needed: the row carries the readings, the labels
and the registered types. Three things are compared: every part of the row with its own digest, the
numbers and conditions of the row with those of the version, and the stored result with the result
of deciding again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from niangjia.engines.rules.codec import SEMANTICS, Digest, canonical, digests_of, dump, result_of, sha256_hex
from niangjia.engines.rules.decide import compile_python
from niangjia.engines.rules.decision import Decision
from niangjia.engines.rules.errors import AmountMissing, ReadingInvalid, RuleErrors, RuleOverflow
from niangjia.engines.rules.facts import PROOFS, Catalogue, Reading
from niangjia.engines.rules.load import bundle_hash, load
from niangjia.engines.rules.yamltree import read

# What a stored row may fail on when somebody has changed it by hand.
DAMAGE = (KeyError, TypeError, ValueError, AttributeError, IndexError, AssertionError)


@dataclass(frozen=True)
class Difference:
    """One thing that does not agree; `kind` is what it is and `name` which one."""

    kind: str
    name: str
    zh: str
    en: str


WORDS: dict[str, tuple[str, str]] = {
    "fact": ("事实“{name}”在决定作出之后被改动过。", "The fact {name} was changed afterwards."),
    "relation": ("记录“{name}”在决定作出之后被改动过。", "The records {name} were changed afterwards."),
    "amount": (
        "数字“{name}”和当时用的不一样。{detail}",
        "The amount {name} is not the one that was used. {detail}",
    ),
    "condition": (
        "条件“{name}”和当时的不一样。",
        "The condition {name} is not the one that was used.",
    ),
    "formula": ("金额算法“{name}”算出的结果不一样。", "The formula {name} gives another result."),
    "outcome": (
        "重新计算的结果不一样：{name}。{detail}",
        "Deciding again gives another result for {name}. {detail}",
    ),
    "version": ("项目版本读不出来或被改动过：{detail}", "The version was changed: {detail}"),
    "semantics": (
        "当时按第{name}版读法读规则，现在是第{detail}版，所以结果可能不同。",
        "It was decided by reading {name} of the rule language; now it is {detail}, and results may differ.",
    ),
    "hash": (
        "决定里的“{name}”和封存时的指纹对不上。",
        "The part {name} of the decision does not match its digest.",
    ),
}


def difference(kind: str, name: str, detail: str = "") -> Difference:
    """Return a difference with its sentence in both languages."""
    zh, en = WORDS[kind]
    words = {"name": name, "detail": detail}
    return Difference(kind, name, zh.format(**words).strip(), en.format(**words).strip())


def replay(
    stored: Mapping[str, Any],
    bundle: Mapping[str, str],
    catalogue: Catalogue | None = None,
    digest: Digest = sha256_hex,
) -> list[Difference]:
    """Return what differs between a stored decision and its version; nothing when all agrees.

    The catalogue of the day is not needed; given one, the version is read with it instead of with
    the definitions stored in the row.
    """
    try:
        found = [*_row(stored, digest), *_version(stored, bundle)]
        found += _again(stored, bundle, catalogue, found)
    except DAMAGE as error:
        return [difference("hash", f"{type(error).__name__}: {error}")]
    return list(dict.fromkeys(found))


def _row(stored: Mapping[str, Any], digest: Digest) -> list[Difference]:
    """Compare each part of the row with its own digest."""
    kept, now = stored["digests"], digests_of(stored, digest)
    found: list[Difference] = []
    kinds = {
        "facts": "fact",
        "relations": "relation",
        "amounts": "amount",
        "conditions": "condition",
    }
    for part, kind in kinds.items():
        for name in dict.fromkeys([*kept[part], *now[part]]):
            if kept[part].get(name) != now[part].get(name):
                found.append(difference(kind, name))
    if kept["result"] != now["result"]:
        found.append(difference("outcome", "result"))
    for part in ("programme", "detail"):
        if kept[part] != now[part] and not found:
            found.append(difference("hash", part))
    root = digest(canonical({name: value for name, value in kept.items() if name != "root"}))
    if root != kept["root"]:
        found.append(difference("hash", "root"))
    return found


def _plain(bundle: Mapping[str, str], file: str) -> Any:
    tree = read(file, bundle.get(file, ""), [])
    return None if tree is None else tree.plain()


def _version(stored: Mapping[str, Any], bundle: Mapping[str, str]) -> list[Difference]:
    """Compare the numbers and conditions of the row with the version, without reading it whole.

    Done on the bare YAML, so that a version that no longer loads still gets its change named.
    """
    found: list[Difference] = []
    rules, amounts = _plain(bundle, "rules.yaml"), _plain(bundle, "amounts.yaml")
    if not isinstance(rules, dict) or not isinstance(amounts, dict):
        return [difference("version", "", "rules.yaml, amounts.yaml")]
    now = {str(item.get("id")): _spec(item) for item in rules.get("conditions") or [] if isinstance(item, dict)}
    then = {item["id"]: _stored_spec(item) for item in stored["conditions"]}
    for name in dict.fromkeys([*then, *now]):
        if then.get(name) != now.get(name):
            found.append(difference("condition", name))
    for code, used in stored["amounts_used"].items():
        value = _entry(amounts.get(code), used["from"])
        was = [used["value"], used.get("bands")]
        if value != was:
            found.append(difference("amount", code, f"{_shown(was)} → {_shown(value)}"))
    return found


def _shown(value: list[Any] | None) -> str:
    if value is None:
        return "–"
    return canonical(value[1]) if value[1] is not None else str(value[0])


def _spec(item: Mapping[str, Any]) -> Any:
    proof = PROOFS.get(str(item.get("proof")), 0) if "proof" in item else 0
    when = item.get("when")
    text = str(when).lower() if isinstance(when, bool) else str(when)
    near = str(item.get("near", ""))
    words = [str(item.get("zh", "")).strip(), str(item.get("en", "")).strip()]
    return [text, *words, proof, item.get("fresh_days"), near, _clause(item.get("clause"))]


def _stored_spec(item: Mapping[str, Any]) -> Any:
    clause = _clause(item.get("clause"))
    return [
        *(item[key] for key in ("when", "zh", "en", "proof", "fresh_days", "near")),
        clause,
    ]


def _clause(value: Any) -> Any:
    if not isinstance(value, dict):
        return None
    return [str(value.get(key, "")).strip() for key in ("title", "article", "date", "zh", "en")]


def _entry(rows: Any, from_: str | None) -> list[Any] | None:
    """Return the value and bands of the entry that began on a day, or of the sole entry."""
    if not isinstance(rows, list):
        return None
    entries = [row for row in rows if isinstance(row, dict)]
    wanted = [row for row in entries if from_ is not None and dump(row.get("from")) == from_]
    if not wanted:
        return None if from_ is not None else [None, None]
    row = wanted[0]
    bands = row.get("bands")
    if not isinstance(bands, list):
        return [dump(row.get("value")), None]
    return [None, [[band.get("upto"), dump(band.get("value"))] for band in bands]]


def stored_catalogue(decision: Decision) -> Catalogue:
    """Return the facts and relations as they were registered when the decision was made."""
    facts = tuple(used.fact for used in decision.facts.values())
    return Catalogue(facts, tuple(used.relation for used in decision.relations.values()))


def _again(
    stored: Mapping[str, Any],
    bundle: Mapping[str, str],
    catalogue: Catalogue | None,
    found: list[Difference],
) -> list[Difference]:
    """Decide again from the stored readings and compare what comes out."""
    more: list[Difference] = []
    if stored["bundle"] != bundle_hash(bundle):
        more.append(difference("version", "bundle", stored["bundle"][:12]))
    decision = Decision.from_json(stored)
    try:
        skip = _unknown_sections(bundle)
        known = catalogue or stored_catalogue(decision)
        programme = load(bundle, known, skip, check_examples=False)
        again = compile_python(programme).decide(_readings(decision), _records(decision), decision.today)
    except RuleErrors as error:
        return [*more, difference("version", error.problems[0].file, str(error.problems[0]))]
    except AmountMissing as error:
        return [*more, *(difference("amount", code) for code in error.codes)]
    except (RuleOverflow, ReadingInvalid) as error:
        return [*more, difference("outcome", "result", str(error))]
    was, now = result_of(stored), result_of(again.to_json())
    if was != now and stored["semantics"] != SEMANTICS:
        more.append(difference("semantics", str(stored["semantics"]), str(SEMANTICS)))
    for name in was:
        if was[name] == now[name]:
            continue
        if name in {"amounts", "answers"}:
            kind = "formula" if name == "amounts" else "outcome"
            keys = dict.fromkeys([*was[name], *now[name]])
            more += [difference(kind, key) for key in keys if was[name].get(key) != now[name].get(key)]
        else:
            more.append(difference("outcome", name, f"{was[name]} → {now[name]}"))
    return more


def _unknown_sections(bundle: Mapping[str, str]) -> dict[str, Any]:
    """Let the sections of other rooms pass: replay judges the rule alone."""
    plain = _plain(bundle, "programme.yaml")
    return {key: lambda _value: () for key in plain} if isinstance(plain, dict) else {}


def _readings(decision: Decision) -> dict[str, Reading]:
    return {c: used.reading for c, used in decision.facts.items() if used.reading is not None}


def _records(decision: Decision) -> dict[str, tuple[Mapping[str, Reading], ...]]:
    return {c: used.rows for c, used in decision.relations.items() if used.rows is not None}
