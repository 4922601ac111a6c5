"""The whole file of a household on paper: masked, or in full for a reason that is written down with each look."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from niangjia.accounts.models import User
from niangjia.accounts.phones import local
from niangjia.core import clock
from niangjia.federation.services import audit, looks
from niangjia.people.dossier import HouseholdFile, PersonLine
from niangjia.people.filepage import ShownSection, UnderWay, open_matters, sections_of


@dataclass(frozen=True)
class PrintedLine:
    """One member on paper."""

    line: PersonLine
    number: str
    phone: str


@dataclass(frozen=True)
class PrintedFile:
    """Everything that stands on the sheets, who printed it and when, and for which reason in full."""

    file: HouseholdFile
    lines: tuple[PrintedLine, ...]
    sections: tuple[ShownSection, ...]
    matters: tuple[UnderWay, ...]
    by: str
    at: datetime
    reason: str


@transaction.atomic
def printed_file(*, file: HouseholdFile, reason: str, in_full: bool, acting_user: User) -> PrintedFile:
    """The file for the printer; in full each person's number is a look with its reason, or refused."""
    home = file.household
    if in_full:
        for line in file.members:
            if line.is_elsewhere:
                continue
            looks.note_look(
                action="people.identity:look", object_kind="person", object_id=line.person.pk, union_id=home.union_id,
                reason=reason, counted_as=("household", home.pk), acting_user=acting_user,
            )  # fmt: skip
    audit.record(
        "people.household:print", acting_user=acting_user, object_kind="household", object_id=home.pk,
        union_id=home.union_id, reason=reason if in_full else "",
    )  # fmt: skip
    opened = file.opened_by(acting_user)
    return PrintedFile(
        file, tuple(_line(line, in_full) for line in file.members), tuple(sections_of(opened, on_paper=True)),
        tuple(open_matters(opened)), acting_user.display_name, clock.now(), reason if in_full else "",
    )  # fmt: skip


def _line(line: PersonLine, in_full: bool) -> PrintedLine:
    if not in_full:
        return PrintedLine(line, line.masked_number, line.masked_phone)
    return PrintedLine(line, line.person.id_number, local(line.person.phone) if line.person.phone else "")
