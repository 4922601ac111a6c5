"""What is under way for a household: lists it stands on whose benefit it has not received yet."""

from __future__ import annotations

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from niangjia.benefits.models import ListRow, Serving
from niangjia.people.filepage import OpenedFile, UnderWay
from niangjia.policy import queries as policy


def lists_under_way(opened: OpenedFile) -> list[UnderWay]:
    """Rows of lists that stand, of the household or a member, without anything handed out on them."""
    # A row about somebody whose file lies elsewhere names this household too; it is not told here.
    mine = Q(household_id=opened.household_id) & ~Q(subject_kind="person")
    mine |= Q(subject_kind="person", subject_id__in=opened.person_ids)
    rows = ListRow.objects.filter(mine, excluded_at__isnull=True, frozen_list__cancellation__isnull=True)
    handed_out = Serving.objects.filter(ending__isnull=True).values("list_row_id")
    waiting = list(rows.exclude(pk__in=handed_out).select_related("frozen_list"))
    cards = policy.cards_of({row.frozen_list.version_id for row in waiting})
    return [
        UnderWay(
            _("%(programme)s: on the list, not handed out yet") % {"programme": cards[row.frozen_list.version_id].name},
            url=reverse("desk_notice", args=[row.frozen_list.public_id]),
        )
        for row in waiting
    ]  # fmt: skip
