"""Rows of facts as they may be read: known on a day, or standing. A withdrawn one is in neither from its day on.

Everything that reads `RecordedFact` starts here; only what keeps, moves or forgets rows takes them all.
"""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet

from niangjia.core import clock
from niangjia.people.models import RecordedFact


def known_facts(day: date) -> QuerySet[RecordedFact]:
    """What had been recorded, and not withdrawn, by the end of a day."""
    end = clock.end_of(day)
    still = Q(withdrawn_at__isnull=True) | Q(withdrawn_at__gte=end)
    return RecordedFact.objects.filter(still, recorded_at__lt=end)


def standing_facts() -> QuerySet[RecordedFact]:
    """What is not withdrawn."""
    return RecordedFact.objects.filter(withdrawn_at__isnull=True)
