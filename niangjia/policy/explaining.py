"""Stored decisions in words, and played again: from the row and its version alone."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from niangjia.core import crypto
from niangjia.core.errors import NotFoundHere
from niangjia.engines import rules
from niangjia.engines.rules.replay import difference
from niangjia.federation.scopes import Scope
from niangjia.people.queries import opening_keys
from niangjia.policy import bundles, sealing
from niangjia.policy.cards import VersionCard, card_of
from niangjia.policy.catalogue import record_set
from niangjia.policy.models import Decision
from niangjia.policy.standings import about

# Columns of the row that repeat what stands in the body.
# Ids asked for at once: databases bound the length of a list of parameters.
_PART = 5_000
REPEATED = ("outcome", "if_confirmed", "near_miss", "amount_fen")


@dataclass(frozen=True)
class Explained:
    """One decision, opened: its words, what it stands on, and the digest that binds it."""

    id: int
    public_id: str
    card: VersionCard
    subject_kind: str
    subject_id: int
    union_id: int
    decided_at: datetime
    explanation: rules.Explanation
    stored: Mapping[str, Any]
    digest: str


@dataclass(frozen=True)
class OldestFact:
    """The fact of a decision that was proved longest ago."""

    label: str
    source: str
    on: date | None


@dataclass(frozen=True)
class Reason:
    """Why, in one sentence, for a row of a list: by which facts it is met, or what is missing or in the way."""

    decision_public_id: str
    because: str
    oldest: OldestFact | None
    not_since: date | None = None  # the day of the facts that stand in the way
    tells_a_value: bool = False  # by how much it is missed: what somebody has stands in the sentence


def explanation(
    decision_public_id: str,
    scope: Scope | None = None,
    language: str = "zh",
    *,
    own_subjects: Mapping[str, Collection[int]] | None = None,
) -> Explained:
    """One decision in words, for an officer by scope or for a person by his own subjects; else `NotFoundHere`."""
    rows = Decision.objects.filter(public_id=decision_public_id)
    if own_subjects is not None:
        rows = rows.filter(about(own_subjects))
    row = rows.select_related("version__programme", "version__publication").first()
    if row is None or (own_subjects is None and not _reaches(scope, row)):
        raise NotFoundHere
    stored = _open([row])[row.pk]
    return Explained(
        row.pk, row.public_id, card_of(row.version), row.subject_kind, row.subject_id, row.union_id, row.decided_at,
        rules.explain(stored, language), stored, row.digest,
    )  # fmt: skip


def _reaches(scope: Scope | None, row: Decision) -> bool:
    """Whether who it is about belongs to the scope now: a file follows the person, also its older pages."""
    if scope is None:
        return False
    owner = record_set(row.subject_kind).unions([row.subject_id]).get(row.subject_id, row.union_id)
    return scope.reaches_union(owner)


def reasons(decision_ids: Collection[int], language: str = "zh") -> dict[int, Reason]:
    """One sentence and the oldest fact per decision already known to lie in scope; two queries and one per kind."""
    rows = list(Decision.objects.filter(pk__in=decision_ids))
    opened = _open(rows)
    return {row.pk: _reason(row.public_id, opened[row.pk], language) for row in rows}


@dataclass(frozen=True)
class Rank:
    """Where a decision puts its subject among those who want one of a few places; None is unknown."""

    group: int | None
    key: int | str | None


def ranks(decision_ids: Collection[int]) -> dict[int, Rank]:
    """Group and rank of decisions already known to lie in scope; no value is unsealed.

    Where a programme has no groups, or no ranks, everybody has the same.
    """
    ids = sorted(decision_ids)
    parts = (ids[at : at + _PART] for at in range(0, len(ids), _PART))
    rows = (row for part in parts for row in Decision.objects.filter(pk__in=part).select_related("version"))
    return {row.pk: _rank(row) for row in rows}


def _rank(row: Decision) -> Rank:
    programme, stored = bundles.programme_of(row.version.bundle), json.loads(row.body)
    return Rank(
        stored["group"] if programme.group is not None else 0,
        stored["rank_key"] if programme.rank_key is not None else 0,
    )


def opened(decision_ids: Collection[int]) -> dict[int, dict[str, Any]]:
    """Stored decisions with their values open, by id; the caller has checked that they are in scope."""
    return _open(list(Decision.objects.filter(pk__in=decision_ids)))


def _open(rows: Collection[Decision]) -> dict[int, dict[str, Any]]:
    by_kind: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        by_kind[row.subject_kind].append(row.subject_id)
    keys = {kind: opening_keys(kind, ids) for kind, ids in by_kind.items()}
    return {
        row.pk: sealing.open_decision(row.body, row.public_id, keys[row.subject_kind].get(row.subject_id, []))
        for row in rows
    }


def _reason(public_id: str, stored: Mapping[str, Any], language: str) -> Reason:
    found = rules.explain(stored, language)
    dated = [line for sentence in found.sentences for line in sentence.facts if line.on is not None]
    first = min(dated, key=lambda line: line.on or date.max, default=None)
    oldest = None if first is None else OldestFact(first.label, first.source, first.on)
    if found.outcome == "yes":
        why = _one_sentence(rules.met_by(stored, language), language)
    else:
        why = found.headline
    return Reason(public_id, why, oldest, not_since(found), bool(stored.get("smallest_change")))


def because(found: rules.Explanation, language: str) -> str:
    """Why, in one sentence for the person: what is met for a yes, what is missing or in the way for the others."""
    if found.outcome != "yes":
        return found.headline
    return _one_sentence([sentence.text for sentence in found.sentences], language)


def _one_sentence(parts: Sequence[str], language: str) -> str:
    return "；".join(parts) + "。" if language == "zh" else "; ".join(parts) + "."


def not_since(found: rules.Explanation) -> date | None:
    """The day from which the conditions that are not met have not been met, by the facts behind them."""
    days = [line.on for sentence in found.sentences if sentence.mark == "no" for line in sentence.facts if line.on]
    return max(days, default=None)


def replay(decision_id: int) -> list[rules.Difference]:
    """What differs when a decision is made again from its row and its version; nothing when all agrees."""
    row = Decision.objects.select_related("version").get(pk=decision_id)
    stored = _open([row])[row.pk]
    found = rules.replay(stored, bundles.from_text(row.version.bundle), digest=crypto.chain_digest)
    return [*found, *row_differences(paper_row(row), stored)]


def row_differences(row: Mapping[str, Any], stored: Mapping[str, Any]) -> list[rules.Difference]:
    """Where the columns of the row no longer say what its body says."""
    found = [difference("outcome", name) for name in REPEATED if row[name] != stored.get(name)]
    if row["digest"] != stored.get("digests", {}).get("root"):
        found.append(difference("hash", "digest"))
    return found


def paper_row(row: Decision) -> dict[str, Any]:
    """The columns of a row that its paper carries."""
    return {name: getattr(row, name) for name in (*REPEATED, "digest", "semantics", "public_id")}


def paper(decision_id: int) -> dict[str, Any]:
    """Everything needed to play a decision again elsewhere: the opened row and the version's text, nothing else."""
    row = Decision.objects.select_related("version").get(pk=decision_id)
    return {
        "format": 1, "row": paper_row(row), "decision": _open([row])[row.pk],
        "bundle": bundles.from_text(row.version.bundle),
    }  # fmt: skip
