"""What is entered about a firm: its size on a day, who stands behind it, and whether two belong together."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from niangjia.accounts.models import User
from niangjia.core import clock
from niangjia.core.errors import NotFoundHere, Refusal
from niangjia.core.facts import DOCUMENT
from niangjia.federation.scopes import require
from niangjia.federation.services import audit
from niangjia.people.firms.related import GROUNDS, key_of
from niangjia.people.firms.sizes import edition_on, size_class
from niangjia.people.models import Employer, EmployerPair, EmployerRegistration, EmployerSize
from niangjia.people.services.facts import record_fact

WRITE = "people.registry:write"


class SizeUndecided(Refusal):
    """A measure is missing that decides."""

    sentence = _("These numbers do not decide the class yet. Please fill in all that the industry is measured by.")


class DayTooEarly(Refusal):
    """No classes then."""

    sentence = _("For this day there are no official size classes here. Please check the date.")


class NotTwoFirms(Refusal):
    """A firm with itself."""

    sentence = _("These are not two firms. Nothing was noted.")


@transaction.atomic
def record_size(
    *, employer: Employer, industry: str, staff: int | None, revenue_fen: int | None, assets_fen: int | None,
    true_on: date, source: str, acting_user: User,
) -> EmployerSize:  # fmt: skip
    """Record what a firm was measured at on a day; the class follows from the official table of that day."""
    require(acting_user, WRITE, employer.union_id)
    edition = edition_on(true_on)
    if edition is None or true_on > clock.today():
        raise DayTooEarly(field="true_on")
    if industry not in edition.industries:
        raise NotFoundHere
    found = size_class(edition.industries[industry], staff=staff, revenue_fen=revenue_fen, assets_fen=assets_fen)
    if not found:
        raise SizeUndecided(field="industry")
    row = EmployerSize.objects.create(
        employer=employer, true_on=true_on, industry=industry, staff=staff, revenue_fen=revenue_fen,
        assets_fen=assets_fen, size_class=found, edition=edition.source, source=source.strip()[:80],
        recorded_by=acting_user, recorded_at=clock.now(),
    )  # fmt: skip
    # The rules ask for the fact; the row says what it was computed from.
    record_fact(
        subject_kind="employer", subject_id=employer.pk, code="firm_size", value=found, proof=DOCUMENT,
        true_on=true_on, source_zh=row.source, source_en=row.source, acting_user=acting_user,
    )  # fmt: skip
    return row


@transaction.atomic
def record_registration(
    *, employer: Employer, representative: str, phone: str, address: str, source: str, acting_user: User
) -> EmployerRegistration:
    """Record who stands behind a firm, as its licence says."""
    require(acting_user, WRITE, employer.union_id)
    told = {"representative": representative.strip(), "phone": phone.strip(), "address": address.strip()}
    keys = {f"{ground}_key": key_of(ground, text) for ground, text in told.items()}
    row, _is_new = EmployerRegistration.objects.update_or_create(
        employer=employer,
        defaults={
            **told, **keys, "source": source.strip()[:80], "recorded_by": acting_user, "recorded_at": clock.now(),
        },
    )  # fmt: skip
    audit.record(
        "people.employer:registration", acting_user=acting_user, object_kind="employer", object_id=employer.pk,
        union_id=employer.union_id, after={"told": sorted(name for name, text in told.items() if text)},
    )  # fmt: skip
    return row


@transaction.atomic
def decide_pair(
    *, employer: Employer, other: Employer, is_related: bool, note: str = "", acting_user: User
) -> EmployerPair:
    """Say whether two firms belong together; counts per employer show it, and nothing is merged."""
    require(acting_user, WRITE, employer.union_id)
    require(acting_user, WRITE, other.union_id)
    if employer.pk == other.pk:
        raise NotTwoFirms
    first, second = sorted((employer, other), key=lambda one: one.pk)
    pair, _is_new = EmployerPair.objects.update_or_create(
        first=first, second=second,
        defaults={
            "is_related": is_related, "grounds": _shared(first, second), "note": note.strip()[:200],
            "decided_by": acting_user, "decided_at": clock.now(),
        },
    )  # fmt: skip
    for one, beside in ((first, second), (second, first)):
        audit.record(
            "people.employer:relate", acting_user=acting_user, object_kind="employer", object_id=one.pk,
            union_id=one.union_id, after={"other": beside.pk, "related": is_related}, reason=note,
        )  # fmt: skip
    return pair


def _shared(first: Employer, second: Employer) -> list[str]:
    rows = {row.employer_id: row for row in EmployerRegistration.objects.filter(employer__in=(first, second))}
    if len(rows) < 2:
        return []
    one, two = rows[first.pk], rows[second.pk]
    return [
        ground for ground in GROUNDS
        if getattr(one, f"{ground}_key") and getattr(one, f"{ground}_key") == getattr(two, f"{ground}_key")
    ]  # fmt: skip
