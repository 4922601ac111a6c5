"""Recording a visit: its answers become facts that a visit proves, its photographs stay private."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from niangjia.accounts.models import User
from niangjia.core import clock
from niangjia.core.errors import NotFoundHere, Refusal
from niangjia.core.facts import VISIT
from niangjia.federation.scopes import require
from niangjia.federation.services import audit
from niangjia.files.services.store import store_upload
from niangjia.people import queries as people
from niangjia.people.services.facts import record_fact
from niangjia.people.services.own_matters import not_his_own
from niangjia.people.values import Value
from niangjia.visits import queries
from niangjia.visits.models import CampaignFile, HomeVisit, VisitAnswer, VisitPhoto
from niangjia.visits.permissions import RECORD


class VisitFromTomorrow(Refusal):
    """A visit has been."""

    sentence = _("The visit cannot lie after today. Nothing was recorded; what you filled in is kept.")


class BetterSinceWhen(Refusal):
    """Better says since when."""

    sentence = _("Since when is it better? Give the day, not after the visit: one good month is not enough to leave.")


class VerdictMissing(Refusal):
    """A re-check ends with a finding."""

    sentence = _("A re-check and a check before leaving end with a finding: still in hardship, or better.")


@dataclass(frozen=True)
class Answer:
    """One answer given at the table."""

    subject_kind: str
    subject_id: int
    code: str
    value: Value


@dataclass(frozen=True)
class Table:
    """What was brought from one visit."""

    purpose: str
    visited_on: date
    verdict: str = "open"
    better_since: date | None = None
    note: str = ""
    answers: tuple[Answer, ...] = ()
    place: str = ""


@transaction.atomic
def record_visit(
    *, household_id: int, table: Table, photos: Collection[UploadedFile], request_id: str, acting_user: User
) -> HomeVisit:
    """Record a visit with its answers and photographs, all or nothing; sent twice, it is one visit."""
    # Held against whoever takes a visit of this household back: a re-check is done by one of those that count.
    union_id = people.owner_of("household", household_id, hold=True)
    require(acting_user, RECORD, union_id)
    earlier = HomeVisit.objects.filter(request_id=request_id, recorded_by=acting_user).first()
    if earlier is not None:
        return earlier
    not_his_own(acting_user, "household", household_id)
    _check(table)
    standard, _rules = queries.standard_for(union_id, table.visited_on)
    visit = HomeVisit.objects.create(
        household_id=household_id, purpose=table.purpose, visited_on=table.visited_on, verdict=table.verdict,
        better_since=table.better_since if table.verdict == "better" else None, note=table.note.strip(),
        place=table.place, standard=standard, recorded_by=acting_user, recorded_at=clock.now(), request_id=request_id,
    )  # fmt: skip
    for answer in table.answers:
        _answer(visit, answer, acting_user)
    for photo in photos:
        file = store_upload(
            upload=photo, purpose="visits.photo", object_kind="household", union_id=union_id, acting_user=acting_user
        )
        VisitPhoto.objects.create(visit=visit, file=file)
    if table.verdict != HomeVisit.Verdict.OPEN:
        CampaignFile.objects.filter(
            household_id=household_id, visit__isnull=True, campaign__starts_on__lte=table.visited_on
        ).update(visit=visit)
    audit.record(
        "visits.visit:record", acting_user=acting_user, object_kind="household", object_id=household_id,
        union_id=union_id, after={"purpose": table.purpose, "on": table.visited_on, "facts": len(table.answers)},
    )  # fmt: skip
    return visit


def _check(table: Table) -> None:
    if table.visited_on > clock.today():
        raise VisitFromTomorrow(field="visited_on")
    since = table.better_since
    if table.verdict == HomeVisit.Verdict.BETTER and (since is None or since > table.visited_on):
        raise BetterSinceWhen(field="better_since")
    concluding = {HomeVisit.Purpose.RECHECK, HomeVisit.Purpose.REVIEW}
    if table.purpose in concluding and table.verdict == HomeVisit.Verdict.OPEN:
        raise VerdictMissing(field="verdict")


def _answer(visit: HomeVisit, answer: Answer, acting_user: User) -> None:
    if not queries.is_of_household(visit.household_id, answer.subject_kind, answer.subject_id):
        raise NotFoundHere
    fact = record_fact(
        subject_kind=answer.subject_kind, subject_id=answer.subject_id, code=answer.code, value=answer.value,
        proof=VISIT, true_on=visit.visited_on, source_zh="入户调查", source_en="House visit", acting_user=acting_user,
    )  # fmt: skip
    VisitAnswer.objects.create(
        visit=visit, subject_kind=answer.subject_kind, subject_id=answer.subject_id, code=answer.code, fact=fact
    )


@transaction.atomic
def note_visit_look(*, visit: HomeVisit, acting_user: User) -> None:
    """Write down that somebody opened a visit that he found in scope."""
    _note("visits.visit:look", visit, acting_user)


@transaction.atomic
def note_photo_look(*, visit: HomeVisit, acting_user: User) -> None:
    """Write down that somebody opened a photograph of a visit that he found in scope."""
    _note("visits.photo:look", visit, acting_user)


@transaction.atomic
def note_place_look(*, visit: HomeVisit, acting_user: User) -> None:
    """Write down that somebody opened where a visit was recorded, which he found in scope."""
    _note("visits.place:look", visit, acting_user)


def _note(action: str, visit: HomeVisit, acting_user: User) -> None:
    audit.record(
        action, acting_user=acting_user, object_kind="household", object_id=visit.household_id,
        union_id=people.owner_of("household", visit.household_id), after={"on": visit.visited_on},
    )  # fmt: skip
