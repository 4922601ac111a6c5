"""Who read what on a list: a near miss says by how much, and so tells a value of somebody."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from niangjia.accounts.models import User
from niangjia.benefits.listpage import Line
from niangjia.federation.listing.pages import ListPage
from niangjia.federation.services import audit


@transaction.atomic
def note_values_read(*, page: ListPage, lines: Sequence[Line], acting_user: User) -> None:
    """Write down a look at each decision whose reason, on this page of a list, tells a value."""
    audit.record_many(
        "policy.decision:look", acting_user=acting_user,
        rows=[
            audit.NewRow(line.subject_kind, line.subject_id, row.one.union_id, {}, {"decision": line.decision})
            for row, line in zip(page.objects, lines, strict=True)
            if line.tells_a_value
        ],
    )  # fmt: skip
