"""What would stand if facts were withdrawn, for the page that asks before it is done."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from niangjia.core.facts import facts
from niangjia.people.models import RecordedFact
from niangjia.people.readers import newest
from niangjia.people.recorded import known_facts
from niangjia.people.shown import ShownFact, shown_fact

# What stands now and what would stand, for each row; None where nothing is known.
Both = tuple[ShownFact | None, ShownFact | None]


def would_stand(fact_ids: Collection[int], today: date) -> dict[int, Both]:
    """What is known today of what each of these rows tells, with them and without any of them."""
    return {row.pk: _both(row, fact_ids, today) for row in RecordedFact.objects.filter(pk__in=fact_ids)}


def _both(row: RecordedFact, fact_ids: Collection[int], today: date) -> Both:
    fact = facts.get(f"{row.subject_kind}.{row.code}")
    rows = known_facts(today).filter(
        subject_kind=row.subject_kind, subject_id=row.subject_id, code=row.code, true_on__lte=today
    )
    readings = (newest(fact, one).get(row.subject_id) for one in (rows, rows.exclude(pk__in=fact_ids)))
    now, then = (shown_fact(fact, one, today) if one and one.value is not None else None for one in readings)
    return now, then
