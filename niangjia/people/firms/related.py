"""Firms that share a legal representative, a telephone or an address: a flag for a person, never a merging."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from niangjia.accounts.phones import normalise_or_none
from niangjia.core import crypto
from niangjia.federation.scopes import Scope
from niangjia.people.models import Employer, EmployerPair, EmployerRegistration

GROUNDS: dict[str, str | Promise] = {
    "representative": _("same legal representative"), "phone": _("same telephone"), "address": _("same address"),
}  # fmt: skip


@dataclass(frozen=True)
class Related:
    """Another firm that looks as if it belonged to the same people, or does."""

    employer: Employer
    grounds: tuple[str, ...]
    decided: EmployerPair | None = None

    @property
    def words(self) -> list[str | Promise]:
        """What they share."""
        return [GROUNDS[one] for one in self.grounds if one in GROUNDS]

    @property
    def is_related(self) -> bool:
        """Whether a person has said so."""
        return self.decided is not None and self.decided.is_related


def key_of(ground: str, text: str) -> str:
    """The keyed index of one ground; empty for nothing typed."""
    plain = "".join(text.split()).casefold()
    if ground == "phone":
        plain = normalise_or_none(plain) or plain.replace("-", "")
    return crypto.keyed_index(f"employer-{ground}", plain) if plain else ""


def related_to(scope: Scope, employer: Employer) -> list[Related]:
    """Firms in scope that share something with one that the caller found in scope, or are known to be related."""
    mine = EmployerRegistration.objects.filter(employer=employer).first()
    shared: dict[int, set[str]] = defaultdict(set)
    for ground in GROUNDS if mine is not None else ():
        key = getattr(mine, f"{ground}_key")
        if key:
            others = EmployerRegistration.objects.filter(**{f"{ground}_key": key}).exclude(employer=employer)
            for pk in others.values_list("employer_id", flat=True):
                shared[pk].add(ground)
    decided = pairs_of([employer.pk]).get(employer.pk, {})
    firms = Employer.objects.filter(scope.unions(), pk__in=shared.keys() | decided.keys()).order_by("name", "pk")
    return [
        Related(firm, tuple(sorted(shared.get(firm.pk, set()) or decided[firm.pk].grounds)), decided.get(firm.pk))
        for firm in firms
    ]


def pairs_of(ids: Collection[int]) -> dict[int, dict[int, EmployerPair]]:
    """What was decided about each of these firms: firm, other firm, the decision."""
    found: dict[int, dict[int, EmployerPair]] = defaultdict(dict)
    for pair in EmployerPair.objects.filter(Q(first_id__in=ids) | Q(second_id__in=ids)):
        found[pair.first_id][pair.second_id] = pair
        found[pair.second_id][pair.first_id] = pair
    return {pk: found[pk] for pk in ids if pk in found}


def undecided(scope: Scope) -> Exists:
    """Whether another firm in scope shares something with the row of a firm, and nobody has said what they are."""
    alike = (
        Q(representative_key=OuterRef("registration__representative_key"), representative_key__gt="")
        | Q(phone_key=OuterRef("registration__phone_key"), phone_key__gt="")
        | Q(address_key=OuterRef("registration__address_key"), address_key__gt="")
    )
    first, second = OuterRef(OuterRef("pk")), OuterRef("employer_id")
    decided = EmployerPair.objects.filter(Q(first=first, second=second) | Q(first=second, second=first))
    others = EmployerRegistration.objects.filter(scope.unions("employer__union_id"), alike)
    return Exists(others.exclude(employer=OuterRef("pk")).exclude(Exists(decided)))


def confirmed() -> Exists:
    """Whether somebody has said that the row of a firm belongs together with another one."""
    return Exists(EmployerPair.objects.filter(Q(first=OuterRef("pk")) | Q(second=OuterRef("pk")), is_related=True))


def related_names(scope: Scope, ids: Collection[int]) -> dict[int, list[str]]:
    """For lists that count per employer: the names of confirmed related firms in scope, by firm."""
    if not ids:
        return {}
    pairs = {pk: [other for other, pair in some.items() if pair.is_related] for pk, some in pairs_of(ids).items()}
    wanted = {other for some in pairs.values() for other in some}
    names = dict(Employer.objects.filter(scope.unions(), pk__in=wanted).values_list("pk", "name"))
    return {pk: [names[other] for other in some if other in names] for pk, some in pairs.items()}


def registration_of(employer: Employer) -> dict[str, str]:
    """What is on record of who stands behind a firm that the caller found in scope."""
    row = EmployerRegistration.objects.filter(employer=employer).first()
    if row is None:
        return {}
    return {"representative": row.representative, "phone": row.phone, "address": row.address, "source": row.source}
