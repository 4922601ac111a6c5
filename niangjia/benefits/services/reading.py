"""Who read what on a list: a near miss says by how much, and so tells a value of somebody."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from niangjia.accounts.models import User
from niangjia.benefits.listpage import Line
from niangjia.federation.services import audit


@transaction.atomic
def note_values_read(*, lines: Iterable[tuple[Line, int]], acting_user: User) -> None:
    """Write down a look at each decision whose reason, on the page, tells a value; each line with its union."""
    audit.record_many(
        "policy.decision:look", acting_user=acting_user,
        rows=[
            audit.NewRow(line.subject_kind, line.subject_id, union_id, {}, {"decision": line.decision})
            for line, union_id in lines
            if line.tells_a_value
        ],
    )  # fmt: skip
