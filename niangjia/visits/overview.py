"""The first page of this room: the flow of files, re-checks, samples, calls back."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from niangjia.federation.listing.kinds import list_url
from niangjia.federation.listing.units import Count
from niangjia.federation.scopes import Scope
from niangjia.people.queries import subject_cards
from niangjia.visits import queries
from niangjia.visits.figures import flow_in
from niangjia.visits.lists import RECHECK, SEEN
from niangjia.visits.models import Campaign, CampaignFile

AHEAD = timedelta(days=30)
SHOWN = 20


def visits_overview(scope: Scope, since: date, today: date) -> dict[str, Any]:
    """What stands there for one reader."""
    campaigns = list(queries.campaigns_in(scope)[:SHOWN])
    files = CampaignFile.objects.filter(scope.unions(queries.OF_UNION), campaign__in=campaigns)
    done: dict[int, list[bool]] = {}
    for campaign_id, visit_id in files.values_list("campaign_id", "visit_id"):
        done.setdefault(campaign_id, []).append(visit_id is not None)
    calls = list(queries.calls_due(scope, today + AHEAD)[:SHOWN])
    cards = subject_cards("household", [call.household_id for call in calls], today=today)
    return {
        "flow": flow_in(scope, since, today),
        "campaigns": [(one, *_counts(one, done.get(one.pk, []))) for one in campaigns],
        "samples": list(queries.samples_in(scope)[:SHOWN]),
        "calls": [(call, cards[call.household_id]) for call in calls],
    }


def _counts(campaign: Campaign, done: list[bool]) -> tuple[Count, Count]:
    """How many of its files were looked at again, and how many there are."""
    about = campaign.public_id
    seen = Count(sum(done), "household", url=list_url(RECHECK, about, state=SEEN))
    return seen, Count(len(done), "household", url=list_url(RECHECK, about))
