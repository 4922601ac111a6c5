"""服务机构 as the one list mechanism shows, saves, exports and prints them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from niangjia.core import clock
from niangjia.core.spellings import in_any_spelling
from niangjia.federation.listing.house import below_union, union_choices, union_named
from niangjia.federation.listing.kinds import Column, Condition, Line, ListKind, list_kinds, pages_of
from niangjia.federation.scopes import Scope
from niangjia.providers import queries
from niangjia.providers.models import Contract
from niangjia.providers.permissions import READ
from niangjia.providers.words import KINDS, last_contract_state

RUNNING, SOON, EXPIRED, NONE = "running", "soon", "expired", "none"
_IN_DAYS = timedelta(days=30)


def _rows(scope: Scope, about: str, given: Mapping[str, Any]) -> QuerySet:
    theirs = Contract.objects.filter(provider=OuterRef("pk"), ending__isnull=True).order_by("-valid_to")
    return queries.providers_in(scope).annotate(
        last_day=Subquery(theirs.values("valid_to")[:1]),
        runs=Exists(queries.in_force().filter(provider=OuterRef("pk"))),
    )


def _by_contract(rows: QuerySet, wanted: str) -> QuerySet:
    if wanted == RUNNING:
        return rows.filter(runs=True)
    if wanted == SOON:
        return rows.filter(runs=True, last_day__lte=clock.today() + _IN_DAYS)
    if wanted == NONE:
        return rows.filter(last_day__isnull=True)
    return rows.filter(runs=False, last_day__lt=clock.today())


def _called(rows: QuerySet, text: str) -> QuerySet:
    return rows.filter(in_any_spelling(lambda name: Q(name__startswith=name), text))


def _lines(rows: Sequence[Any], wanted: Collection[str]) -> list[Line]:
    page, today = pages_of("provider_file"), clock.today()
    return [
        Line(
            {
                "name": row.name, "kind": KINDS[row.kind], "code": row.credit_code, "union": row.union.name,
                "last": row.last_day, "state": last_contract_state(row.last_day, row.runs, today),
            },
            url=page(row.public_id), object_id=row.pk, union_id=row.union_id,
        )
        for row in rows
    ]  # fmt: skip


PROVIDERS = ListKind(
    # Firms, no named persons: the list leaves with the right to read it.
    code="providers.providers", title=_("Providers"), unit="provider", right=READ, export_right=READ,
    columns=(
        Column("name", _("Provider"), order=("name",)),
        Column("kind", _("Kind"), "short", ("kind", "name")),
        Column("code", _("Credit code"), "short", ("credit_code",)),
        Column("union", _("Union"), "short", ("union_id", "name"), True),
        Column("last", _("Contract until"), "day", ("last_day", "name")),
        Column("state", _("State of the contract"), "state"),
    ),
    conditions=(
        Condition("name", _("Name begins with"), _called),
        Condition("kind", _("Kind"), lambda rows, kind: rows.filter(kind=kind), lambda scope: list(KINDS.items())),
        Condition(
            "contract", _("State of the contract"), _by_contract,
            lambda scope: [
                (RUNNING, _("running")), (SOON, _("ends within 30 days")), (EXPIRED, _("expired")),
                (NONE, _("none yet")),
            ],
        ),
        Condition("union", _("Union"), below_union("union_id"), union_choices, named=union_named),
    ),
    rows=_rows, lines=_lines, address=lambda about: reverse("provider_list"), default="name",
    empty=(_("No provider here yet."), _("Register the first one, then record its contract.")),
)  # fmt: skip


def register() -> None:
    """Offer the list and what it counts."""
    list_kinds.register(PROVIDERS.code, PROVIDERS)
