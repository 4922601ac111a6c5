"""Reads of this room: all start from a scope, or from a household that the caller found in one."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from niangjia.accounts.models import User
from niangjia.core import clock
from niangjia.core.errors import NotFoundHere
from niangjia.core.facts import facts
from niangjia.federation.queries import descendants
from niangjia.federation.scopes import Scope, scope_of
from niangjia.people import household_rows
from niangjia.people.queries import household_ids_of, subject_cards
from niangjia.people.shown import label_of, value_text
from niangjia.people.values import from_text
from niangjia.providers.queries import contracts_held
from niangjia.visits.models import (
    Assessor,
    Campaign,
    CampaignFile,
    Departure,
    FollowUp,
    Grading,
    Handover,
    HomeVisit,
    Paper,
    ReportedFigure,
    Sample,
    SampleRow,
    Standard,
    Stratum,
)
from niangjia.visits.permissions import ASSESS
from niangjia.visits.standards import MINIMUM, PaperNeed, Rules, read_rules

# Rows are found by the union that owns the household today: they move with it.
OF_UNION = "household__union_id"


def standard_for(union_id: int, on: date) -> tuple[Standard | None, Rules]:
    """The edition in force for a union on a day: its own, or the nearest one above it; else the house's minimum."""
    reaching = [
        row for row in editions_on(on) if descendants(row.union_id).filter(descendant_id=union_id).exists()
    ]  # fmt: skip
    if not reaching:
        return None, MINIMUM
    # Of two that reach it, the one that reaches fewer stands nearer.
    nearest = min(reaching, key=lambda row: descendants(row.union_id).count())
    return nearest, read_rules(nearest.body)


def rules_for(union_ids: Collection[int], on: date) -> dict[int, Rules]:
    """The rules in force on a day for many unions at once: of the editions that reach one, the nearest."""
    found: dict[int, tuple[int, Rules]] = {}
    for row in editions_on(on):
        below = set(descendants(row.union_id).values_list("descendant_id", flat=True))
        for pk in below.intersection(union_ids):
            if pk not in found or len(below) < found[pk][0]:
                found[pk] = (len(below), read_rules(row.body))
    return {pk: found[pk][1] if pk in found else MINIMUM for pk in union_ids}


def editions_on(on: date) -> list[Standard]:
    """The newest edition of each union that is in force on a day."""
    newest: dict[int, Standard] = {}
    for row in Standard.objects.filter(valid_from__lte=on).select_related("union").order_by("valid_from", "pk"):
        newest[row.union_id] = row
    return list(newest.values())


def standards_in(scope: Scope) -> QuerySet[Standard]:
    """All editions of unions in scope, the newest first."""
    return Standard.objects.filter(scope.unions()).select_related("union", "adopted_by").order_by("-valid_from", "-pk")


def is_of_household(household_id: int, subject_kind: str, subject_id: int) -> bool:
    """Whether a subject is this household or belongs to it today."""
    if subject_kind == "household":
        return subject_id == household_id
    return subject_kind == "person" and household_id in household_ids_of(subject_id, clock.today())


def visits_of(household_ids: Collection[int]) -> QuerySet[HomeVisit]:
    """Visits of households found in scope that count, the newest first."""
    return with_those_taken_back(household_ids).filter(taken_back__isnull=True)


def with_those_taken_back(household_ids: Collection[int]) -> QuerySet[HomeVisit]:
    """All visits ever recorded of households found in scope, the newest first: for reading, not for counting."""
    rows = HomeVisit.objects.filter(household_id__in=household_ids)
    rows = rows.select_related("recorded_by", "standard", "taken_back__taken_back_by")
    return rows.order_by("-visited_on", "-pk")


def newest_visit(household_id: int, on: date) -> HomeVisit | None:
    """The last visit on or before a day."""
    return visits_of([household_id]).filter(visited_on__lte=on).first()


def newest_check(household_id: int, since: date, on: date) -> HomeVisit | None:
    """The last visit from the day a file was entered to another day that ended with a finding.

    What was seen before the household entered the file, or came back to it, says nothing of this stay in it.
    Where a file was left upon that check already, there is none: one that is older counts no more either.
    """
    checks = visits_of([household_id]).filter(visited_on__gte=since, visited_on__lte=on)
    newest = checks.exclude(verdict=HomeVisit.Verdict.OPEN).first()
    return None if newest is None or Departure.objects.filter(visit=newest).exists() else newest


def visit_in(scope: Scope, public_id: str) -> HomeVisit:
    """One visit in scope, or `NotFoundHere`."""
    rows = HomeVisit.objects.filter(scope.unions(OF_UNION), public_id=public_id)
    found = rows.select_related("household", "recorded_by", "standard", "taken_back__taken_back_by").first()
    if found is None:
        raise NotFoundHere
    return found


def visit_with_place(scope: Scope, public_id: str) -> HomeVisit:
    """One visit in scope of which it is kept where it was recorded, or `NotFoundHere`."""
    found = visit_in(scope, public_id)
    if not found.place:
        raise NotFoundHere
    return found


def visit_with_photo(scope: Scope, file_id: str) -> HomeVisit:
    """The visit in scope at which a photograph was taken, or `NotFoundHere`."""
    found = HomeVisit.objects.filter(scope.unions(OF_UNION), photos__file__public_id=file_id).first()
    if found is None:
        raise NotFoundHere
    return found


def papers_of(household_id: int) -> list[Paper]:
    """The papers of a household found in scope that count, the newest of each kind first."""
    rows = Paper.objects.filter(household_id=household_id, taken_back__isnull=True)
    return list(rows.select_related("handed_in_by", "file").order_by("-dated_on", "-pk"))


def papers_taken_back(household_id: int) -> list[Paper]:
    """The papers of a household found in scope that were taken back, the last of them first."""
    rows = Paper.objects.filter(household_id=household_id, taken_back__isnull=False)
    return list(rows.select_related("taken_back__taken_back_by").order_by("-taken_back__pk"))


def paper_in(scope: Scope, public_id: str) -> Paper:
    """One paper in scope, or `NotFoundHere`."""
    rows = Paper.objects.filter(scope.unions(OF_UNION), public_id=public_id)
    found = rows.select_related("household", "handed_in_by", "taken_back__taken_back_by").first()
    if found is None:
        raise NotFoundHere
    return found


def calls_due(scope: Scope, until: date) -> QuerySet[FollowUp]:
    """Calls back in scope that nobody has made, due until a day, the oldest first."""
    rows = FollowUp.objects.filter(scope.unions(OF_UNION), done_on__isnull=True, due_on__lte=until)
    return rows.select_related("household", "departure").order_by("due_on", "pk")


def calls_of(household_id: int) -> QuerySet[FollowUp]:
    """Calls back of a household found in scope, in the order of their days."""
    rows = FollowUp.objects.filter(household_id=household_id).select_related("done_by")
    return rows.prefetch_related("taken_back__done_by", "taken_back__taken_back_by").order_by("due_on", "pk")


def call_in(scope: Scope, public_id: str) -> FollowUp:
    """One call back in scope, or `NotFoundHere`."""
    found = FollowUp.objects.filter(scope.unions(OF_UNION), public_id=public_id).select_related("household").first()
    if found is None:
        raise NotFoundHere
    return found


def gradings_of(household_id: int) -> QuerySet[Grading]:
    """How the grade of a household's files was decided, the newest first."""
    rows = Grading.objects.filter(household_id=household_id).select_related("decided_by", "standard", "visit")
    return rows.order_by("-pk")


def campaigns_in(scope: Scope) -> QuerySet[Campaign]:
    """Re-checks that reach a union in scope: its own, and those from above with files here; the newest first."""
    own = Campaign.objects.filter(scope.unions())
    here = Campaign.objects.filter(pk__in=CampaignFile.objects.filter(scope.unions(OF_UNION)).values("campaign_id"))
    return (own | here).distinct().select_related("union").order_by("-starts_on", "-pk")


def campaign_in(scope: Scope, public_id: str) -> Campaign:
    """One re-check that reaches the scope, or `NotFoundHere`."""
    found = campaigns_in(scope).filter(public_id=public_id).first()
    if found is None:
        raise NotFoundHere
    return found


def campaign_files(scope: Scope, campaign: Campaign) -> QuerySet[CampaignFile]:
    """Those files of a re-check that lie in scope."""
    rows = CampaignFile.objects.filter(scope.unions(OF_UNION), campaign=campaign)
    return rows.select_related("household", "visit").order_by("pk")


def done_by(visit: HomeVisit) -> list[CampaignFile]:
    """The files of re-checks that a visit found in scope has done."""
    return list(CampaignFile.objects.filter(visit=visit).select_related("campaign").order_by("pk"))


def done_instead(row: CampaignFile) -> HomeVisit | None:
    """The visit that would have done a file of a re-check, had the one that did it never been recorded."""
    since = row.campaign
    rows = visits_of([row.household_id]).exclude(pk=row.visit_id).exclude(verdict=HomeVisit.Verdict.OPEN)
    return rows.filter(visited_on__gte=since.starts_on, recorded_at__gte=since.started_at).order_by("pk").first()


def samples_in(scope: Scope) -> QuerySet[Sample]:
    """Samples of unions in scope, the newest first."""
    return Sample.objects.filter(scope.unions()).select_related("union", "seed").order_by("-pk")


def sample_in(scope: Scope, public_id: str) -> Sample:
    """One sample in scope, or `NotFoundHere`."""
    found = samples_in(scope).filter(public_id=public_id).first()
    if found is None:
        raise NotFoundHere
    return found


def locked_sample(public_id: str) -> Sample:
    """A sample, locked for the transaction, or `NotFoundHere`."""
    found = Sample.objects.select_for_update().filter(public_id=public_id).first()
    if found is None:
        raise NotFoundHere
    return found


def stratum_in(scope: Scope, sample_id: str, stratum_id: int) -> Stratum:
    """One stratum of a sample in scope, or `NotFoundHere`."""
    rows = Stratum.objects.filter(sample=sample_in(scope, sample_id), pk=stratum_id)
    found = rows.select_related("sample", "sample__seed").first()
    if found is None:
        raise NotFoundHere
    return found


def household_ids(public_ids: Collection[str]) -> dict[str, int]:
    """Ids of households by their public ids; the caller has drawn them from a list in scope."""
    return household_rows.ids_by_public_id(public_ids)


def address_of(household_id: int) -> str:
    """Where a household lives; the caller has written the look down."""
    return household_rows.address_of(household_id)


def rows_for_assessor(user: User) -> QuerySet[SampleRow]:
    """The drawn files that somebody was named for, or whose provider has them, and may still see today.

    That is as long as the sample lasts, and the role; and for a provider its contract, asked at each question.
    """
    scope = scope_of(user, ASSESS)
    named = Sample.objects.filter(scope.unions(), assessors__user=user, assessors__ending__isnull=True)
    handed = Handover.objects.filter(ending__isnull=True, contract_id__in=contracts_held(scope).values("pk"))
    rows = SampleRow.objects.filter(
        Q(sample_id__in=named.values("pk")) | Q(sample_id__in=handed.values("sample_id")),
        sample__ends_on__gte=clock.today(),
    )
    return rows.select_related("sample", "stratum__union", "finding").order_by("sample_id", "position")


def row_for_assessor(user: User, public_id: str) -> SampleRow:
    """One drawn file an assessor was named for, or `NotFoundHere`."""
    found = rows_for_assessor(user).filter(public_id=public_id).first()
    if found is None:
        raise NotFoundHere
    return found


def assessors_of(sample: Sample) -> QuerySet[Assessor]:
    """Who is named for a sample found in scope, as long as he is."""
    return sample.assessors.filter(ending__isnull=True).select_related("user").order_by("pk")


def handovers_of(sample: Sample) -> QuerySet[Handover]:
    """In whose hands a sample found in scope is, until it was taken from them."""
    return (
        sample.handovers.filter(ending__isnull=True)
        .select_related("contract__provider", "contract__ending")
        .order_by("pk")
    )


def seen_under(sample_ids: Collection[int], contract_ids: Collection[int]) -> dict[int, list[int]]:
    """For samples somebody may see: under which of his contracts each is in his provider's hands."""
    rows = Handover.objects.filter(sample_id__in=sample_ids, contract_id__in=contract_ids, ending__isnull=True)
    found: dict[int, list[int]] = {}
    for sample_id, contract_id in rows.order_by("pk").values_list("sample_id", "contract_id"):
        found.setdefault(sample_id, []).append(contract_id)
    return found


def handed_to(scope: Scope, provider_id: int) -> QuerySet[Handover]:
    """What a provider has in its hands of samples in scope, the newest first; also under a contract that is over."""
    rows = Handover.objects.filter(scope.unions("sample__union_id"), contract__provider_id=provider_id)
    return rows.filter(ending__isnull=True).select_related("sample", "contract__ending").order_by("-pk")


def drawn_rows(sample: Sample) -> QuerySet[SampleRow]:
    """All drawn files of a sample found in scope."""
    rows = sample.rows.select_related("stratum", "household", "finding", "finding__rectification")
    return rows.order_by("position")


def row_in(scope: Scope, public_id: str) -> SampleRow:
    """One drawn file of a household in scope, or `NotFoundHere`."""
    rows = SampleRow.objects.filter(scope.unions(OF_UNION), public_id=public_id)
    found = rows.select_related("sample", "household", "finding").first()
    if found is None:
        raise NotFoundHere
    return found


def reported_in(scope: Scope) -> QuerySet[ReportedFigure]:
    """Reported figures of unions in scope, by label and cut-off date."""
    return ReportedFigure.objects.filter(scope.unions()).select_related("union").order_by("label", "cut_off_on", "pk")


def open_file(household_id: int) -> Any:
    """The open file of difficulty of a household that the caller may see, or None."""
    return household_rows.open_file_of(household_id)


def needed_papers(household_id: int, union_id: int, on: date) -> list[PaperNeed]:
    """The papers that the open file of a household found in scope needs."""
    file = household_rows.open_file_of(household_id)
    return [] if file is None else standard_for(union_id, on)[1].needed(file.grade, file.cause)


@dataclass(frozen=True)
class AnswerLine:
    """One answer given at a visit, as people read it."""

    whom: str
    label: str
    value: str
    fact_id: int


def answers_of(visit: HomeVisit, scope: Scope) -> list[AnswerLine]:
    """The answers of a visit found in scope; those about somebody whose file lies outside it now are left out."""
    rows = list(visit.answers.select_related("fact").order_by("pk"))
    ids = [row.subject_id for row in rows if row.subject_kind == "person"]
    people = subject_cards("person", ids, today=clock.today())
    found = []
    for row in rows:
        fact = facts.get(f"{row.subject_kind}.{row.code}")
        card = people.get(row.subject_id) if row.subject_kind == "person" else None
        if card is not None and not scope.reaches_union(card.union_id):
            continue
        value = value_text(fact, from_text(fact.type, row.fact.value))
        found.append(AnswerLine(card.name if card else "", label_of(fact), value, row.fact_id))
    return found


def photos_of(visit: HomeVisit) -> list[str]:
    """Public ids of the photographs of a visit found in scope."""
    return list(visit.photos.order_by("pk").values_list("file__public_id", flat=True))


def recheck_waits(household_id: int) -> bool:
    """Whether a re-check waits for a household found in scope."""
    return CampaignFile.objects.filter(household_id=household_id, visit__isnull=True).exists()
