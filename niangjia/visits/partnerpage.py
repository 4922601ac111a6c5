"""The first page of a provider's person: for whom one is here, which samples wait, how many days are left."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from niangjia.accounts.models import User
from niangjia.core import clock
from niangjia.core.errors import NotFoundHere
from niangjia.federation.queries import agent_grants
from niangjia.federation.scopes import scope_of
from niangjia.providers.queries import contracts_held
from niangjia.visits import queries
from niangjia.visits.models import Sample
from niangjia.visits.permissions import ASSESS
from niangjia.visits.samplepage import MaskedRow, masked_rows


@dataclass(frozen=True)
class Standing:
    """For which provider somebody is here, under which contract, and until when."""

    provider: str
    union: str
    document_number: str
    last: date


@dataclass(frozen=True)
class SampleInHand:
    """One sample with its drawn files, and the last day on which they are seen."""

    sample: Sample
    rows: list[MaskedRow]
    last: date
    days_left: int

    @property
    def checked(self) -> int:
        """How many files something was found of."""
        return sum(row.is_checked for row in self.rows)


@dataclass(frozen=True)
class PartnerPage:
    """The whole page."""

    standings: list[Standing]
    samples: list[SampleInHand]


def page_for(user: User, today: date) -> PartnerPage:
    """The page of somebody who acts for a provider; `NotFoundHere` for anybody else."""
    scope = scope_of(user, ASSESS)
    if not scope.providers:
        raise NotFoundHere
    contracts = list(contracts_held(scope))
    until = _until(user, scope.providers)
    standings = [
        Standing(
            one.provider.name,
            one.union.name,
            one.document_number,
            min(one.valid_to, until.get(one.provider_id, one.valid_to)),
        )
        for one in contracts
    ]
    rows = masked_rows(queries.rows_for_assessor(user), today)
    lasts = {one.pk: standing.last for one, standing in zip(contracts, standings, strict=True)}
    by_sample = [(sample, list(found)) for sample, found in groupby(rows, key=lambda one: one.row.sample)]
    seen = queries.seen_under([sample.pk for sample, _rows in by_sample], list(lasts))
    samples = []
    for sample, found in by_sample:
        last = min(sample.ends_on, max((lasts[pk] for pk in seen.get(sample.pk, [])), default=sample.ends_on))
        waiting_first = sorted(found, key=lambda one: one.is_checked)
        samples.append(SampleInHand(sample, waiting_first, last, (last - today).days))
    return PartnerPage(standings, sorted(samples, key=lambda one: (one.last, one.sample.pk)))


def _until(user: User, provider_ids: frozenset[int]) -> dict[int, date]:
    """The last day of somebody's own role for each provider."""
    found: dict[int, date] = {}
    for grant in agent_grants("provider", provider_ids).filter(user=user):
        day = (grant.expires_at - timedelta(microseconds=1)).astimezone(clock.LOCAL).date()
        if grant.scope_id is not None:
            found[grant.scope_id] = max(day, found.get(grant.scope_id, day))
    return found
