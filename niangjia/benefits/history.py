"""Who was served before: by this installation's lists, and by the records taken over from paper."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy as _

from niangjia.benefits.models import PastServing, Serving
from niangjia.core import clock
from niangjia.federation.queries import union_levels, union_names
from niangjia.people import queries as people
from niangjia.people.merged import led_into
from niangjia.people.timeline import TimelineEntry
from niangjia.policy import queries as policy

_HERE = Q(ending__isnull=True, list_row__excluded_at__isnull=True)
ID_LIST_LIMIT = 2_000


def ever_served(programme_id: int, subject_kind: str, ids: Collection[int] | None) -> set[int]:
    """Those of the subjects that this programme served under any edition, or in earlier years on paper."""
    wanted = set(ids) if ids is not None else None
    into = led_into(ids) if subject_kind == "person" else {}
    ids = None if ids is None else [*ids, *into]
    here = Serving.objects.filter(
        _HERE,
        _among("list_row__subject_id", ids),
        list_row__programme_id=programme_id,
        list_row__subject_kind=subject_kind,
    ).values_list("list_row__subject_id", flat=True)
    slug = policy.programme_slugs([programme_id]).get(programme_id, "")
    before = PastServing.objects.filter(
        _among("subject_id", ids), programme_slug=slug, subject_kind=subject_kind
    ).values_list("subject_id", flat=True)
    found = {into.get(pk, pk) for pk in (*here, *before)}
    return found if wanted is None else found & wanted


def served_anything(kind: str, ids: Collection[int] | None) -> set[int]:
    """Those of the subjects that any programme ever served; a household counts by its members too."""
    wanted, into = set(ids) if ids is not None else None, {}
    if kind == "household":
        here = Serving.objects.filter(_HERE, _among("list_row__household_id", ids)).values_list(
            "list_row__household_id", flat=True
        )
        before = PastServing.objects.filter(_among("household_id", ids)).values_list("household_id", flat=True)
    else:
        into = led_into(ids) if kind == "person" else {}
        ids = None if ids is None else [*ids, *into]
        here = Serving.objects.filter(
            _HERE, _among("list_row__subject_id", ids), list_row__subject_kind=kind
        ).values_list("list_row__subject_id", flat=True)
        before = PastServing.objects.filter(_among("subject_id", ids), subject_kind=kind).values_list(
            "subject_id", flat=True
        )
    found = {into.get(pk, pk) for pk in (*here, *before) if pk is not None}
    return found if wanted is None else found & wanted


def _among(column: str, ids: Collection[int] | None) -> Q:
    # Long lists read everything and are cut down afterwards: SQLite allows 32,766 parameters.
    return Q() if ids is None or len(ids) > ID_LIST_LIMIT else Q(**{f"{column}__in": list(ids)})


@dataclass(frozen=True)
class Received:
    """One thing a household or its members were given, for its line of time."""

    on: date
    programme: str
    amount_fen: int | None
    source: str
    subject_kind: str
    subject_id: int
    giver: str = ""  # who gave it, with its level where that is known
    aid: str | Promise = ""  # which of the four aids


def received_by(household_id: int) -> list[Received]:
    """Everything one household was given, newest first; the caller has checked that it is in scope."""
    return _received([household_id], [])


def received_of(person_id: int) -> list[Received]:
    """Everything one person was given himself, newest first; the caller has checked who asks."""
    return _received([], [person_id])


def _received(household_ids: Collection[int], person_ids: Collection[int]) -> list[Received]:
    into = led_into(person_ids) if person_ids else {}
    person_ids = [*person_ids, *into]
    past = PastServing.objects.filter(_of("", household_ids, person_ids))
    found = [
        Received(
            row.served_on, row.programme_name, row.amount_fen, row.source, row.subject_kind, row.subject_id,
            _giver(row.giver, row.level), AID_WORDS.get(row.aid, ""),
        )
        for row in past
    ]  # fmt: skip
    here = list(
        Serving.objects.filter(_HERE, _of("list_row__", household_ids, person_ids)).select_related(
            "list_row__frozen_list"
        )
    )
    cards = policy.cards_of({serving.list_row.frozen_list.version_id for serving in here})
    givers = {serving.list_row.frozen_list.union_id for serving in here}
    names, levels = union_names(givers), union_levels(givers)
    for serving in here:
        row, union_id = serving.list_row, serving.list_row.frozen_list.union_id
        name = cards[row.frozen_list.version_id].name
        found.append(
            Received(
                serving.served_on, name, serving.amount_fen, serving.reference, row.subject_kind, row.subject_id,
                _giver(names[union_id], levels[union_id]),
            )
        )  # fmt: skip
    return sorted(found, key=lambda one: one.on, reverse=True)


AID_WORDS = {
    "living": _("Living aid"), "school": _("Schooling aid"), "medical": _("Medical aid"), "work": _("Help to work"),
}  # fmt: skip
LEVEL_WORDS = {
    "nation": _("nation"), "province": _("province"), "city": _("city"), "county": _("county"), "town": _("town"),
    "primary": _("workplace or village"),
}  # fmt: skip


def _giver(name: str, level: str) -> str:
    words = str(LEVEL_WORDS[level]) if level in LEVEL_WORDS else ""
    return gettext("%(giver)s (%(level)s)") % {"giver": name, "level": words} if name and words else name or words


def _of(prefix: str, household_ids: Collection[int], person_ids: Collection[int]) -> Q:
    persons = Q(**{f"{prefix}subject_kind": "person", f"{prefix}subject_id__in": list(person_ids)})
    return Q(**{f"{prefix}household_id__in": list(household_ids)}) | persons


def past_help(household_ids: Collection[int], person_ids: Collection[int]) -> list[TimelineEntry]:
    """历次帮扶 of a household's file: what it and its members were given, here and in earlier years on paper."""
    found = _received(household_ids, person_ids)
    members = [one.subject_id for one in found if one.subject_kind == "person"]
    cards = people.subject_cards("person", members, today=clock.today()) if members else {}

    def detail(one: Received) -> str:
        card = cards.get(one.subject_id) if one.subject_kind == "person" else None
        parts = (one.aid, one.giver, card.name if card else "", one.source)
        return " · ".join(str(part) for part in parts if part)

    return [TimelineEntry(one.on, one.programme, detail(one), one.amount_fen) for one in found]
