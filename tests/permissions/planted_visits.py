"""What the room of visits hides in every unit: a check, a photograph, a paper, a call back, a re-check, a sample."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from niangjia.accounts.models import User
from niangjia.core import clock
from niangjia.engines import allocation
from niangjia.files.tests.pictures import png
from niangjia.people.models import HardshipFile
from niangjia.people.services.households import close_hardship_file, open_hardship_file
from niangjia.visits.models import (
    Assessor,
    CallTakenBack,
    Campaign,
    CampaignFile,
    Finding,
    FollowUp,
    Sample,
    SampleRow,
    SampleSeed,
    Standard,
    Stratum,
)
from niangjia.visits.services.papers import hand_in_paper
from niangjia.visits.services.taking_back import take_paper_back, take_visit_back
from niangjia.visits.services.visits import Table, record_visit
from niangjia.visits.standards import MINIMUM


def plant_visits(unit: Any, officer: User, name: str, assessor: User) -> None:
    """Let the household of a unit be seen, leave its file, come back, be looked at again and be drawn."""
    household, today = unit.household, clock.today()
    visit = record_visit(
        household_id=household.pk,
        table=Table(
            "review", today, "better", today - timedelta(days=200), note=f"{name}说家里好多了", place=f"30.{unit.code}"
        ),
        photos=[SimpleUploadedFile("x.png", png() + f"visit-{name}".encode(), "image/png")],
        request_id=f"visit-{unit.code}", acting_user=officer,
    )  # fmt: skip
    paper = hand_in_paper(
        household_id=household.pk, name=f"{name}的低收入证明", dated_on=today,
        upload=SimpleUploadedFile("y.png", png() + f"paper-{name}".encode(), "image/png"),
        request_id=f"paper-{unit.code}", acting_user=officer,
    )  # fmt: skip
    close_hardship_file(household_id=household.pk, exited_on=today, reason="好转", acting_user=officer)
    call = FollowUp.objects.filter(household_id=household.pk).earliest("due_on")
    CallTakenBack.objects.create(
        follow_up=call, done_on=today, result="steady", note=f"{name}那通弄错的回访", done_by=officer,
        reason="记错了户", taken_back_by=officer, taken_back_at=clock.now(),
    )  # fmt: skip
    wrong = _recorded_by_mistake(household, officer, name, unit.code)
    file = open_hardship_file(
        household_id=household.pk, grade="deep", cause=f"{name}又因病", entered_on=today,
        review_due_on=date(2030, 1, 1), acting_user=officer,
    )  # fmt: skip
    HardshipFile.objects.create(  # from the old books: left before anybody was asked for a check
        household=household, grade="relative", cause=f"{name}从前困难", entered_on=date(2019, 1, 1), exited_on=today,
        review_due_on=date(2020, 1, 1),
    )  # fmt: skip
    campaign = Campaign.objects.create(
        union_id=household.union_id, title=f"{name}回头看", starts_on=today, due_on=today, started_by=officer,
        started_at=clock.now(),
    )  # fmt: skip
    CampaignFile.objects.create(campaign=campaign, household=household, file=file)
    sample, row = _sample(household, officer, name, assessor)
    # Named without the union's word: whoever is below is held to it and reads where it stands.
    said = {"document_number": "工发〔2026〕3号", "body": MINIMUM.to_text()}
    Standard.objects.get_or_create(
        union_id=household.union_id, valid_from=today - timedelta(days=1),
        defaults={**said, "adopted_by": officer, "adopted_at": clock.now()},
    )  # fmt: skip
    unit.ids |= {
        "visit": visit.public_id, "wrong_visit": wrong, "photo": visit.photos.get().file.public_id,
        "paper": paper.public_id,
        "call": call.public_id, "campaign": campaign.public_id, "sample": sample.public_id,
        "stratum": str(sample.strata.get().pk), "sample_row": row.public_id,
    }  # fmt: skip
    hidden = ("visit", "wrong_visit", "photo", "paper", "call", "campaign", "sample", "sample_row")
    unit.canaries |= {unit.ids[key] for key in hidden} | {f"{name}回头看", f"{name}核查", f"{name}不在这里住"}
    unit.canaries |= {f"{name}那次记错了", f"{name}的别家证明", f"30.{unit.code}"}


def _recorded_by_mistake(household: Any, officer: User, name: str, code: str) -> str:
    """A visit and a paper that were taken back, and a visit that still can be."""
    today = clock.today()
    first, second = (
        record_visit(
            household_id=household.pk, table=Table("return", today), photos=[], request_id=f"wrong-{at}-{code}",
            acting_user=officer,
        )
        for at in (1, 2)
    )  # fmt: skip
    paper = hand_in_paper(
        household_id=household.pk, name=f"{name}的别家证明", dated_on=today,
        upload=SimpleUploadedFile("y.png", png() + f"other-{name}".encode(), "image/png"),
        request_id=f"other-{code}", acting_user=officer,
    )  # fmt: skip
    take_visit_back(public_id=first.public_id, reason=f"{name}那次记错了", acting_user=officer)
    take_paper_back(public_id=paper.public_id, reason=f"{name}的别家证明", acting_user=officer)
    return second.public_id


def _sample(household: Any, officer: User, name: str, assessor: User) -> tuple[Sample, SampleRow]:
    today = clock.today()
    sample = Sample.objects.create(
        union_id=household.union_id, title=f"{name}核查", size=1, seed_source="双色球第2026089期", seed_on=today,
        ends_on=today + timedelta(days=30), rectify_days=15, fixed_by=officer, fixed_at=clock.now(),
    )  # fmt: skip
    stratum = Stratum.objects.create(
        sample=sample, union_id=household.union_id, files=1, places=1, committed=_committed(), list_hash="0" * 64
    )
    SampleSeed.objects.create(sample=sample, value="070911", entered_by=officer, entered_at=clock.now())
    Assessor.objects.create(sample=sample, user=assessor, named_by=officer, named_at=clock.now())
    row = SampleRow.objects.create(sample=sample, stratum=stratum, position=1, household=household)
    Finding.objects.create(
        row=row, agrees=False, said=f"{name}不在这里住", found_on=today, rectify_by=today, found_by=officer,
        found_at=clock.now(),
    )  # fmt: skip
    return sample, row


def _committed() -> str:
    return allocation.write_draw(
        allocation.Draw("核查", 1, (allocation.Entrant("x", group=1, rank=0),), allocation.Seed("彩票", clock.today()))
    )
