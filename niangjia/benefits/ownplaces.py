"""What somebody is told of his own place: once a list was frozen and released, and never of anybody else's."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from niangjia.benefits.models import ListPlaces
from niangjia.benefits.places import number_of
from niangjia.benefits.placesection import SECTION, places_of
from niangjia.engines import allocation
from niangjia.policy import queries as policy

Key = tuple[int, str, int]  # version, kind of subject, subject


def told_places(found: Iterable[policy.OwnStanding]) -> dict[Key, str]:
    """The place or the turn of each of one's own matters, in a sentence; one query, none without limited places."""
    mine = [one for one in found if SECTION in one.card.sections and not _is_shared(one.card)]
    if not mine:
        return {}
    files = _newest({one.card.id for one in mine})
    told = {}
    for one in mine:
        if one.card.id in files:
            number = number_of(one.card, one.subject_kind, one.subject_id)
            told[one.card.id, one.subject_kind, one.subject_id] = _sentence(files[one.card.id], number)
    return told


def _is_shared(card: policy.VersionCard) -> bool:
    rule = places_of(card)
    return rule is not None and rule.share


def _newest(version_ids: set[int]) -> dict[int, allocation.Draw]:
    rows = (
        ListPlaces.objects.filter(
            frozen_list__version_id__in=version_ids, frozen_list__release__isnull=False,
            frozen_list__cancellation__isnull=True,
        )
        .order_by("frozen_list_id").values_list("frozen_list__version_id", "file")
    )  # fmt: skip
    return {version_id: allocation.read_draw(file) for version_id, file in dict(rows).items()}


def _sentence(draw: allocation.Draw, number: str) -> str:
    found = draw.run()
    place, turn = found.position(number), found.turn(number)
    if place is not None:
        text = _("You have place %(n)s of %(places)s.") % {"n": place, "places": found.places}
    elif turn is not None and turn[1] > 1:
        words = {"n": turn[0], "equals": turn[1]}
        text = _("You wait at number %(n)s, with %(equals)s equals; lots decide among them.") % words
    elif turn is not None:
        text = _("You are number %(n)s of those who wait; when somebody declines, everybody behind moves up.") % {
            "n": turn[0]
        }
    elif number in found.unknown:
        text = _("It is not known yet in which group you stand; you are listed apart until that is checked.")
    else:
        return ""
    return text + _(" Your number in the published file: %(number)s.") % {"number": number}
