"""This room's part of a deletion: what was said and seen at somebody's table, and what his household handed in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from niangjia.files.services.ownership import forget_files
from niangjia.people.erasure import NOBODY, Part, Stay, parts
from niangjia.people.household_rows import homes_of, homes_without
from niangjia.people.merged import absorbed_by
from niangjia.people.services.erasure import file_holds
from niangjia.visits.models import (
    CallTakenBack,
    Finding,
    FollowUp,
    Forgetting,
    HomeVisit,
    Paper,
    PaperTakenBack,
    Rectification,
    VisitAnswer,
    VisitPhoto,
    VisitTakenBack,
)

Homes = list[int]
# What of a household tells about it in words or pictures; days and numbers stay for the figures.
_TOLD: tuple[Callable[[Homes], QuerySet[Any]], ...] = (
    lambda homes: VisitAnswer.objects.filter(subject_kind="household", subject_id__in=homes),
    lambda homes: VisitPhoto.objects.filter(visit__household_id__in=homes),
    lambda homes: Paper.objects.filter(household_id__in=homes),
    lambda homes: HomeVisit.objects.filter(household_id__in=homes).exclude(note="", place=""),
    lambda homes: FollowUp.objects.filter(household_id__in=homes).exclude(note=""),
    lambda homes: Finding.objects.filter(row__household_id__in=homes).exclude(said=""),
    lambda homes: CallTakenBack.objects.filter(follow_up__household_id__in=homes).exclude(note=""),
    lambda homes: Rectification.objects.filter(finding__row__household_id__in=homes),
    lambda homes: PaperTakenBack.objects.filter(paper__household_id__in=homes),
    lambda homes: VisitTakenBack.objects.filter(visit__household_id__in=homes),
)


def register() -> None:
    """Offer it."""
    parts.register(
        "visits.table",
        Part("visits.table", _("Home visits, photographs and papers"), _goes, _stays, _forget, _no_hold),
    )


def _no_hold(person_id: int) -> list[Stay]:
    """Nothing here keeps the name; where others live in the household, what was seen there is theirs too."""
    return []


def _about(person_id: int) -> QuerySet[VisitAnswer]:
    return VisitAnswer.objects.filter(subject_kind="person", subject_id__in=_named(person_id))


def _named(person_id: int) -> list[int]:
    # An answer keeps naming the file it was given about, also where that one went into this.
    return [person_id, *absorbed_by(person_id)]


def _told(homes: Homes) -> int:
    return sum(rows(homes).count() for rows in _TOLD)


def _goes(person_id: int) -> int:
    if file_holds(person_id):
        return 0
    return _about(person_id).count() + _told(homes_without(person_id))


def _stays(person_id: int) -> int:
    return _about(person_id).count() + _told(homes_of(person_id)) - _goes(person_id)


def _forget(person_id: int, keep: bool) -> None:
    """The answers about the person go with his facts; the household's, when nobody else lives there and nothing holds.

    System act: part of the deletion, which checks and audits it.
    """
    if file_holds(person_id):
        return
    homes = [] if keep else homes_without(person_id)
    named = [("person", pk) for pk in _named(person_id)] + [("household", pk) for pk in homes]
    made = Forgetting.objects.bulk_create([Forgetting(kind=kind, number=pk) for kind, pk in named])
    _about(person_id).delete()
    _forget_homes(homes)
    Forgetting.objects.filter(pk__in=[one.pk for one in made]).delete()


def _forget_homes(homes: Homes) -> None:
    answers, photos, papers, visits, calls, findings, taken, rectified, *back = (rows(homes) for rows in _TOLD)
    papers_back, visits_back = back
    answers.delete()
    papers_back.delete()
    files = [*photos.values_list("file_id", flat=True), *papers.values_list("file_id", flat=True)]
    photos.delete()
    papers.delete()
    forget_files(files)
    visits.update(note="", place="")
    calls.update(note="")
    taken.update(note="")
    # A difference, and why something was taken back, must be told: the word says that it was.
    VisitTakenBack.objects.filter(pk__in=list(visits_back.values_list("pk", flat=True))).update(reason=NOBODY)
    Finding.objects.filter(pk__in=list(findings.values_list("pk", flat=True))).update(said=NOBODY)
    Rectification.objects.filter(pk__in=list(rectified.values_list("pk", flat=True))).update(said=NOBODY)
