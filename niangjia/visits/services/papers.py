"""Handing in a paper of a household's file, and looking at one."""

from __future__ import annotations

from datetime import date

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from niangjia.accounts.models import User
from niangjia.core import clock
from niangjia.core.errors import Refusal
from niangjia.federation.scopes import require
from niangjia.federation.services import audit
from niangjia.files.services.store import store_upload
from niangjia.people import queries as people
from niangjia.people.services.own_matters import not_his_own
from niangjia.visits.models import Paper
from niangjia.visits.permissions import RECORD


class PaperNameMissing(Refusal):
    """Which paper it is."""

    sentence = _("Please say which paper this is. Nothing was stored.")


class PaperFromTomorrow(Refusal):
    """A paper bears a day that has been."""

    sentence = _("The paper cannot bear a day after today. Nothing was stored.")


@transaction.atomic
def hand_in_paper(
    *, household_id: int, name: str, dated_on: date, upload: UploadedFile, request_id: str, acting_user: User
) -> Paper:
    """Keep a paper with its day; a newer one stands over it. Sent twice with one request id, it is one paper."""
    union_id = people.owner_of("household", household_id)
    require(acting_user, RECORD, union_id)
    not_his_own(acting_user, "household", household_id)
    earlier = Paper.objects.filter(request_id=request_id, handed_in_by=acting_user).first()
    if earlier is not None:
        return earlier
    if not name.strip():
        raise PaperNameMissing(field="name")
    if dated_on > clock.today():
        raise PaperFromTomorrow(field="dated_on")
    file = store_upload(
        upload=upload, purpose="visits.paper", object_kind="household", union_id=union_id, acting_user=acting_user
    )
    paper = Paper.objects.create(
        household_id=household_id, kind=name.strip()[:40], name=name.strip()[:60], dated_on=dated_on, file=file,
        handed_in_by=acting_user, handed_in_at=clock.now(), request_id=request_id,
    )  # fmt: skip
    audit.record(
        "visits.paper:hand_in", acting_user=acting_user, object_kind="household", object_id=household_id,
        union_id=union_id, after={"paper": paper.name, "on": dated_on},
    )  # fmt: skip
    return paper


@transaction.atomic
def note_paper_look(*, paper: Paper, acting_user: User) -> None:
    """Write down that somebody opened a paper that he found in scope."""
    audit.record(
        "visits.paper:look", acting_user=acting_user, object_kind="household", object_id=paper.household_id,
        union_id=people.owner_of("household", paper.household_id), after={"paper": paper.name},
    )  # fmt: skip
