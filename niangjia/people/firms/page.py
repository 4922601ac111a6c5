"""What an employer's page shows of its size, of who stands behind it, and of firms like it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from niangjia.accounts.phones import masked, normalise_or_none
from niangjia.core.money import yuan
from niangjia.federation.scopes import Scope
from niangjia.people.firms.related import related_to
from niangjia.people.firms.sizes import editions
from niangjia.people.models import Employer, EmployerRegistration, EmployerSize
from niangjia.people.rosters.cells import chinese
from niangjia.people.union_facts import FIRM_SIZES

_WAN_FEN = 1_000_000


@dataclass(frozen=True)
class SizeLine:
    """One dated row of a firm's size."""

    row: EmployerSize
    word: str
    industry: str
    revenue: str
    assets: str


def firm_context(scope: Scope, employer: Employer) -> dict[str, Any]:
    """For an employer that the caller found in scope."""
    rows = EmployerSize.objects.filter(employer=employer).select_related("recorded_by").order_by("-true_on", "-pk")
    registration = EmployerRegistration.objects.filter(employer=employer).first()
    return {
        "sizes": [_line(row) for row in rows], "registration": registration,
        "registered_phone": _phone(registration), "related": related_to(scope, employer),
    }  # fmt: skip


def _phone(row: EmployerRegistration | None) -> str:
    if row is None or not row.phone:
        return ""
    mobile = normalise_or_none(row.phone)
    return masked(mobile) if mobile else row.phone


def _line(row: EmployerSize) -> SizeLine:
    industry = editions()[-1].industries.get(row.industry)
    word = FIRM_SIZES[row.size_class][0 if chinese() else 1]
    return SizeLine(
        row, word, industry.label if industry else row.industry, _wan(row.revenue_fen), _wan(row.assets_fen)
    )


def _wan(fen: int | None) -> str:
    return "" if fen is None else yuan(fen // (_WAN_FEN // 100))
