"""What a person, household or employer can get: kept standings, and decisions made on the spot for the rest."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q

from niangjia.engines import rules
from niangjia.policy import bundles
from niangjia.policy.cards import VersionCard, card_of
from niangjia.policy.catalogue import full_code, label, supplier
from niangjia.policy.explaining import because, opened
from niangjia.policy.models import ProgrammeVersion
from niangjia.policy.next_change import next_change_on
from niangjia.policy.readiness import language_code
from niangjia.policy.readings import Knowledge, gather_for
from niangjia.policy.services.keeping import tab_of
from niangjia.policy.standings import StandingRow, about, rows_of
from niangjia.policy.versions import in_force


@dataclass(frozen=True)
class OwnStanding:
    """How one of my programmes stands for one of my subjects; without `standing` it was decided just now.

    `is_silent`: nothing this rule asks about is known of the subject at all.
    """

    card: VersionCard
    subject_kind: str
    subject_id: int
    standing: StandingRow | None
    tab: str
    outcome: str
    because: str
    explanation: rules.Explanation
    stored: Mapping[str, Any]
    ask: str
    ask_label: str
    supplier: str
    amount_fen: int | None
    next_change_on: date | None
    is_silent: bool


def own_standings(subjects: Mapping[str, Collection[int]], today: date) -> list[OwnStanding]:
    """Every version in force for every one of these subjects, best first; facts are read once for all versions."""
    versions = [version for version in in_force(today) if subjects.get(version.programme.subject)]
    kept = rows_of(Q(version__in=[version.pk for version in versions]) & about(subjects))
    stored = opened([row.decision_id for row in kept])
    by_place = {(row.version_id, row.subject_kind, row.subject_id): row for row in kept}
    known = _knowledge(versions, subjects, today)
    found: list[OwnStanding] = []
    for version in versions:
        card, kind = card_of(version), version.programme.subject
        area = _area(version, known[kind])
        for pk in known[kind].ids:
            row = by_place.get((version.pk, kind, pk))
            if row is not None:
                found.append(_kept(card, row, stored[row.decision_id]))
            elif known[kind].unions[pk] in area:
                found.append(_on_the_spot(card, version, known[kind], pk))
    return sorted(found, key=_rank)


def _knowledge(
    versions: Collection[ProgrammeVersion], subjects: Mapping[str, Collection[int]], today: date
) -> dict[str, Knowledge]:
    programmes: dict[str, list[rules.Programme]] = defaultdict(list)
    for version in versions:
        programmes[version.programme.subject].append(bundles.programme_of(version.bundle))
    return {kind: gather_for(some, subjects[kind], today) for kind, some in programmes.items()}


def _area(version: ProgrammeVersion, known: Knowledge) -> set[int]:
    rows = ProgrammeVersion.objects.filter(pk=version.pk, area__below__descendant_id__in=set(known.unions.values()))
    return set(rows.values_list("area__below__descendant_id", flat=True))


def _kept(card: VersionCard, row: StandingRow, stored: dict[str, Any]) -> OwnStanding:
    language = language_code()
    words = rules.explain(stored, language)
    return OwnStanding(
        card, row.subject_kind, row.subject_id, row, row.tab, row.outcome, because(words, language), words, stored,
        row.ask, row.ask_label, row.supplier, row.amount_fen, row.next_change_on, is_silent=False,
    )  # fmt: skip


def _on_the_spot(card: VersionCard, version: ProgrammeVersion, known: Knowledge, pk: int) -> OwnStanding:
    language = language_code()
    decider = bundles.decider_of(version.bundle)
    seen = known.about([pk], decider.programme)
    readings, records = seen.readings(pk), seen.records(pk)
    decision = decider.decide(readings, records, known.today)
    stored = decision.to_json()
    words = rules.explain(stored, language)
    ask = full_code(known.subject, decision.ask[0]) if decision.ask else ""
    return OwnStanding(
        card, known.subject, pk, None, tab_of(decision, was_yes=False), decision.outcome, because(words, language),
        words, stored, ask, label(ask, language) if ask else "", supplier(ask) if ask else "", decision.amount_fen,
        next_change_on(decider, readings, known.today, records),
        is_silent=decision.outcome == "unknown" and not readings and not records,
    )  # fmt: skip


_ORDER = ("yes", "confirm", "one_missing", "more_missing", "near", "no_longer", "no")


def _rank(found: OwnStanding) -> tuple[bool, int, int, str]:
    return found.is_silent, _ORDER.index(found.tab), -(found.amount_fen or 0), found.card.name
