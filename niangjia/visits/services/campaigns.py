"""Starting a re-check of all files of an area, and entering figures that others reported."""

from __future__ import annotations

from datetime import date

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from niangjia.accounts.models import User
from niangjia.core import clock
from niangjia.core.errors import Refusal
from niangjia.federation.scopes import require
from niangjia.federation.services import audit
from niangjia.people.household_rows import open_files_below
from niangjia.visits.models import Campaign, CampaignFile, ReportedFigure
from niangjia.visits.permissions import RUN


class NoFilesHere(Refusal):
    """Nothing to re-check."""

    sentence = _("There is no open file of difficulty in this area. Nothing was started.")


class EndsBeforeItBegins(Refusal):
    """Dates out of order."""

    sentence = _("The last day lies before the first. Please check both. Nothing was started.")


class FigureThere(Refusal):
    """One figure a day."""

    sentence = _("This figure is entered for this cut-off date already. Nothing was changed.")


@transaction.atomic
def start_campaign(
    *, union_id: int, title: str, document_number: str, starts_on: date, due_on: date, acting_user: User
) -> Campaign:
    """Start a re-check: every file that is open today in the area is on its list, which then stands still."""
    require(acting_user, RUN, union_id)
    if due_on < starts_on:
        raise EndsBeforeItBegins(field="due_on")
    files = open_files_below(union_id)
    if not files:
        raise NoFilesHere
    campaign = Campaign.objects.create(
        union_id=union_id, title=title.strip(), document_number=document_number.strip(), starts_on=starts_on,
        due_on=due_on, started_by=acting_user, started_at=clock.now(),
    )  # fmt: skip
    CampaignFile.objects.bulk_create(
        [CampaignFile(campaign=campaign, household_id=one.household_id, file_id=one.file_id) for one in files],
        batch_size=500,
    )
    audit.record(
        "visits.campaign:start", acting_user=acting_user, object_kind="campaign", object_id=campaign.pk,
        union_id=union_id, after={"number": len(files), "until": due_on, "document": campaign.document_number},
    )  # fmt: skip
    return campaign


@transaction.atomic
def enter_figure(
    *, union_id: int, label: str, value: int, unit: str, as_of: str, cut_off_on: date, source: str, acting_user: User
) -> ReportedFigure:
    """Enter a figure that was reported or published, with its unit, its own cut-off date and its source."""
    require(acting_user, RUN, union_id)
    try:
        with transaction.atomic():
            figure = ReportedFigure.objects.create(
                union_id=union_id, label=label.strip(), value=value, unit=unit.strip(), as_of=as_of.strip(),
                cut_off_on=cut_off_on, source=source.strip(), entered_by=acting_user, entered_at=clock.now(),
            )  # fmt: skip
    except IntegrityError:
        raise FigureThere(field="label") from None
    audit.record(
        "visits.figure:enter", acting_user=acting_user, object_kind="figure", object_id=figure.pk, union_id=union_id,
        after={"name": figure.label, "value": value, "on": cut_off_on, "source": figure.source},
    )  # fmt: skip
    return figure
