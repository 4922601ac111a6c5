"""Reads of this room for rooms above: versions, standings, decisions in words; all start from a scope."""

from __future__ import annotations

from niangjia.engines.rules import Difference, Explanation, FactLine, Sentence
from niangjia.federation.queries import union_names, unions_in
from niangjia.federation.scopes import system_scope
from niangjia.policy.cards import (
    CapCard,
    VersionCard,
    cards_of,
    lock_programme,
    programme_slugs,
    published_versions,
    slugs_by_name,
    version_card,
    versions_in,
)
from niangjia.policy.explaining import Explained, OldestFact, Rank, Reason, explanation, paper, ranks, reasons, replay
from niangjia.policy.own import OwnStanding, own_standings
from niangjia.policy.standings import StandingRow, TabCount, counts_of, standing_counts, standings

__all__ = [
    "CapCard",
    "Difference",
    "Explained",
    "Explanation",
    "FactLine",
    "OldestFact",
    "OwnStanding",
    "Rank",
    "Reason",
    "Sentence",
    "StandingRow",
    "TabCount",
    "VersionCard",
    "cards_of",
    "counts_of",
    "explanation",
    "lock_programme",
    "own_standings",
    "paper",
    "programme_slugs",
    "published_versions",
    "ranks",
    "reasons",
    "replay",
    "slugs_by_name",
    "standing_counts",
    "standings",
    "union_name",
    "union_telephone",
    "version_card",
    "versions_in",
]


def union_name(union_id: int) -> str:
    """The name of one union already known to lie in scope."""
    return union_names([union_id])[union_id]


def union_telephone(union_id: int) -> str:
    """The telephone of one union, empty where none is known."""
    found = unions_in(system_scope()).filter(pk=union_id).values_list("telephone", flat=True).first()
    return found or ""
