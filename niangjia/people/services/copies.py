"""The copy of everything that is kept of a person: a page to read, a table, and a file for machines, in one archive."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from niangjia.accounts.models import User
from niangjia.core import clock
from niangjia.core.errors import NotFoundHere
from niangjia.federation.actions import actions
from niangjia.federation.scopes import require, scope_of
from niangjia.federation.services import audit, looks
from niangjia.files.workbooks import table_workbook
from niangjia.people import queries
from niangjia.people.dossier import household_of
from niangjia.people.holdings import HeldRow, HeldSection, held_of
from niangjia.people.looked import seen_in, who_looked_at
from niangjia.people.models import Person
from niangjia.people.services.own_matters import not_his_own

FORMAT = 1
PRINT = "people.own:print"


@transaction.atomic
def take_copy(*, person_id: int, acting_user: User) -> bytes:
    """The archive for the person himself, nobody else; that it was taken stands in the trail and on his page."""
    if person_id not in scope_of(acting_user, "people.own:state").persons:
        raise NotFoundHere
    sections = _everything(person_id)
    audit.record(
        "people.own:export", acting_user=acting_user, object_kind="person", object_id=person_id,
        union_id=queries.owner_of("person", person_id), after={"sections": [one.code for one in sections]},
    )  # fmt: skip
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("1-page.html", render_to_string("people/copy.html", {"sections": sections, "at": clock.now()}))
        archive.writestr("2-table.xlsx", _table(sections))
        archive.writestr("3-data.json", _data(sections))
    return buffer.getvalue()


@dataclass(frozen=True)
class PrintedCopy:
    """The same copy on paper, handed over at the window: by whom, when, and how it was asked for."""

    sections: Sequence[HeldSection]
    by: str
    at: datetime
    reason: str


@transaction.atomic
def print_copy(*, person: Person, reason: str, acting_user: User) -> PrintedCopy:
    """The copy on paper for a person who stands at the window without a telephone; a look like any other in full.

    `reason` says how the officer knew that it is he. Nobody prints for himself or his household: a colleague does.
    """
    require(acting_user, PRINT, person.union_id)
    not_his_own(acting_user, "person", person.pk)
    home = household_of(person.pk, clock.today())
    looks.note_look(
        action="people.own:print", object_kind="person", object_id=person.pk, union_id=person.union_id, reason=reason,
        counted_as=("household", home.pk) if home else ("person", person.pk), acting_user=acting_user,
    )  # fmt: skip
    return PrintedCopy(_everything(person.pk), acting_user.display_name, clock.now(), reason.strip())


def _everything(person_id: int) -> list[HeldSection]:
    """What is kept, and who looked at it: on his own page, and for who has none on the copy alone."""
    rows = tuple(
        HeldRow(
            row.actor.display_name if row.actor else _("the system"), _saw(row), row.reason,
            row.at.astimezone(clock.LOCAL).date(),
        )
        for row in who_looked_at([person_id])
    )  # fmt: skip
    seen = [HeldSection("people.looks", _("Who looked at your file"), rows)] if rows else []
    return [*held_of(person_id), *seen]


def _saw(row: Any) -> str:
    words = [str(actions.get(row.action).sentence), seen_in(row.action, row.after)]
    return _(", ").join(word for word in words if word)


def _table(sections: Sequence[HeldSection]) -> bytes:
    heads = (_("Part"), _("Entry"), _("Value"), _("Source"), _("Date"), _("Proof"))
    rows = [
        (section.title, row.label, row.value, row.source, row.on.isoformat() if row.on else "", row.proof)
        for section in sections
        for row in section.rows
    ]
    return table_workbook(heads, rows, _("Taken on %(day)s") % {"day": clock.today().isoformat()})


def _data(sections: Sequence[HeldSection]) -> str:
    told = {
        "format": FORMAT,
        "taken_at": clock.now().isoformat(),
        "sections": [
            {
                "code": section.code,
                "title": section.title,
                "rows": [
                    {
                        "label": row.label, "value": row.value, "source": row.source,
                        "date": row.on.isoformat() if row.on else None, "proof": row.proof,
                    }
                    for row in section.rows
                ],
            }
            for section in sections
        ],
    }  # fmt: skip
    return json.dumps(told, ensure_ascii=False, indent=1)
