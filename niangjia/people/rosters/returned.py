"""The refused rows of a roster as a table: what goes back to whoever made it, row by row, with what to do."""

from __future__ import annotations

import json
from collections.abc import Iterator

from django.db import transaction
from django.utils.translation import gettext as _

from niangjia.accounts.models import User
from niangjia.core import clock
from niangjia.federation.services import audit
from niangjia.files.workbooks import table_workbook
from niangjia.people.models import RosterImport
from niangjia.people.rosters.judging import REFUSED
from niangjia.people.rosters.page import shown_row


@transaction.atomic
def refused_as_xlsx(*, roster: RosterImport, acting_user: User) -> bytes:
    """A workbook of the refused rows; taking it is on record."""
    audit.record(
        "people.roster:export", acting_user=acting_user, object_kind="roster", object_id=roster.pk,
        union_id=roster.union_id, after={"roster": roster.public_id, "rows": roster.counts.get(REFUSED, 0)},
    )  # fmt: skip
    heads = (_("Sheet"), _("Line"), _("Name"), _("Number (masked)"), _("Column"), _("What is wrong, and what to do"))
    moment = clock.now().astimezone(clock.LOCAL)
    words = {"who": acting_user.display_name, "when": f"{moment:%Y-%m-%d %H:%M}"}
    foot = _("Taken by %(who)s at %(when)s. Internal; numbers are masked.")
    return table_workbook(heads, _rows(roster), foot % words)


def _rows(roster: RosterImport) -> Iterator[tuple[str | int, ...]]:
    for block in roster.blocks.filter(verdict=REFUSED).order_by("number"):
        for kept in json.loads(block.rows):
            row = shown_row(roster, kept, REFUSED)
            for problem in row.problems:
                yield row.sheet, row.line, row.who, row.number, problem.label, problem.sentence
