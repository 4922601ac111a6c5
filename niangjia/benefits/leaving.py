"""What this room keeps about one person: told to him, and what of it must stay when he asks to be deleted."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _, gettext_lazy

from niangjia.benefits.history import received_by, received_of
from niangjia.benefits.models import ListRow, Voucher
from niangjia.benefits.wording import money
from niangjia.people.consents import withdrawn
from niangjia.people.erasure import Part, Stay, parts
from niangjia.people.holdings import HeldRow, Holding, holdings
from niangjia.people.purposes import NOTICE_NAME
from niangjia.people.queries import members_of

ACCOUNT_YEARS = 30


def register() -> None:
    """Offer what is told and what stays."""
    holdings.register(
        "benefits.received",
        Holding(
            "benefits.received", gettext_lazy("What you received"), _received,
            frozenset({"benefits.ListRow", "benefits.Serving", "benefits.PastServing", "benefits.Voucher"}),
        ),
    )  # fmt: skip
    parts.register(
        "benefits.accounts",
        Part("benefits.accounts", gettext_lazy("Lists and accounts"), lambda _pk: 0, _rows_that_stay, _nothing, _holds),
    )


def _received(person_id: int, household_ids: object) -> list[HeldRow]:
    found = [one for home in household_ids for one in received_by(home)]  # type: ignore[attr-defined]
    rows = [
        HeldRow(one.programme, money(one.amount_fen) if one.amount_fen is not None else "", one.source, one.on)
        for one in found or received_of(person_id)
    ]
    rows += [HeldRow(_("Voucher"), one.serial, on=one.issued_on) for one in Voucher.objects.filter(person_id=person_id)]
    return rows


def _rows_that_stay(person_id: int) -> int:
    return ListRow.objects.filter(subject_kind="person", subject_id=person_id).count()


def _holds(person_id: int) -> list[Stay]:
    """Money that was given: the accounts keep to whom, for thirty years."""
    days = [one.on for one in received_of(person_id)]
    days += Voucher.objects.filter(person_id=person_id).values_list("issued_on", flat=True)
    live = ListRow.objects.filter(subject_kind="person", subject_id=person_id, excluded_at__isnull=True)
    days += live.values_list("frozen_list__meeting_on", flat=True)
    if not days:
        return []
    last = max(days)
    until = date(last.year + ACCOUNT_YEARS, 12, 31)
    return [Stay(gettext_lazy("The accounts keep to whom something was given, for thirty years."), until)]


def _nothing(person_id: int, keep: bool) -> None:
    """Rows of lists are numbers of subjects; the name stands with the person."""


def unnamed(household_ids: set[int]) -> tuple[set[int], set[int]]:
    """Persons who do not want their name on the wall, and the households such a person heads; two queries."""
    persons = withdrawn(NOTICE_NAME)
    heads = members_of(household_ids).filter(relation="head") if persons and household_ids else ()
    return persons, {row.household_id for row in heads if row.person_id in persons}
