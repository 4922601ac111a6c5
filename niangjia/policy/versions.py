"""Which versions count on a date; the state of a version follows from rows, it is not kept."""

from __future__ import annotations

from datetime import date

from django.db.models import Max, Q, QuerySet

from niangjia.policy.models import ProgrammeVersion

DRAFT, ASKED, PUBLISHED, ENDED = "draft", "asked", "published", "ended"
APPROVAL_KIND = "policy.version"


def in_force(on: date) -> QuerySet[ProgrammeVersion]:
    """Published versions valid on a date, the newest of each programme, not taken back."""
    valid = published().filter(valid_from__lte=on).filter(Q(valid_to__isnull=True) | Q(valid_to__gte=on))
    newest = valid.order_by().values("programme_id").annotate(newest=Max("number"))
    numbers = {row["programme_id"]: row["newest"] for row in newest}
    wanted = Q(pk__in=[])
    for programme_id, number in numbers.items():
        wanted |= Q(programme_id=programme_id, number=number)
    return valid.filter(wanted).select_related("programme", "publication")


def published() -> QuerySet[ProgrammeVersion]:
    """Versions that were published and not taken back, whatever their dates."""
    return ProgrammeVersion.objects.filter(publication__isnull=False, withdrawal__isnull=True)


def state_of(version: ProgrammeVersion, today: date, *, is_asked: bool, is_newest: bool = True) -> str:
    """The state of a version: draft, asked (a second person has it), published, or ended."""
    if getattr(version, "publication", None) is None:
        return ASKED if is_asked else DRAFT
    if getattr(version, "withdrawal", None) is not None or not is_newest:
        return ENDED
    return ENDED if version.valid_to is not None and version.valid_to < today else PUBLISHED
