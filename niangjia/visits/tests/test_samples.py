"""A sample: the lists before the seed, nobody of the house among the assessors, and nothing that can be changed."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.db.models import F
from django.test import Client
from django.urls import reverse

from niangjia.core import clock
from niangjia.core.errors import NotFoundHere, RightMissing
from niangjia.federation.models import AuditRow
from niangjia.people.services.households import open_hardship_file, register_household
from niangjia.people.services.persons import register_person
from niangjia.people.tests.world import World
from niangjia.visits.models import Assessor, AssessorEnd, Sample, SampleRow, SampleSeed, Stratum
from niangjia.visits.samplepage import per_cent
from niangjia.visits.services import samples

TODAY = date(2026, 8, 3)
SEED_ON = TODAY + timedelta(days=2)


@pytest.fixture
def files(world: World) -> None:
    """Five open files in one town, two in the other."""
    su = world.user("su")
    for at, town in enumerate(["town-a"] * 5 + ["town-b"] * 2):
        union_id = world.union(town).pk
        head = register_person(union_id=union_id, name=f"榆{at}", acting_user=su)
        home = register_household(
            union_id=union_id, head_id=head.pk, address="", registered_on=date(2020, 1, 1), acting_user=su
        )
        open_hardship_file(
            household_id=home.pk, grade="deep", cause="病", entered_on=date(2026, 1, 1),
            review_due_on=date(2026, 9, 1), acting_user=su,
        )  # fmt: skip


def fix(world: World, **more: Any) -> Sample:
    said = {"title": "核查", "size": 3, "seed_source": "彩票", "seed_on": SEED_ON, "ends_on": date(2026, 8, 31)}
    return samples.fix_sample(
        union_id=world.union("county").pk, rectify_days=15, acting_user=world.user("su"), **{**said, **more}
    )


@pytest.mark.usefixtures("files")
def test_the_list_stands_before_the_seed_and_every_town_has_its_share(world: World) -> None:
    for wrong, refusal in (
        ({"size": 8}, samples.SampleSizeWrong), ({"size": 0}, samples.SampleSizeWrong),
        ({"seed_on": TODAY}, samples.SeedTooEarly), ({"seed_source": " "}, samples.SeedSourceMissing),
        ({"ends_on": TODAY}, samples.EndTooEarly),
    ):  # fmt: skip
        with pytest.raises(refusal):
            fix(world, **wrong)
    assert not Sample.objects.exists()
    sample = fix(world)
    assert list(sample.strata.order_by("pk").values_list("files", "places")) == [(5, 2), (2, 1)]
    su = world.user("su")
    with pytest.raises(samples.SeedNotOutYet):
        samples.enter_seed(public_id=sample.public_id, value="1", acting_user=su)
    with clock.frozen(SEED_ON):
        with pytest.raises(NotFoundHere):
            samples.enter_seed(public_id="nothing", value="1", acting_user=su)
        with pytest.raises(RightMissing):
            samples.enter_seed(public_id=sample.public_id, value="1", acting_user=world.user("jiang"))
        samples.enter_seed(public_id=sample.public_id, value="07 09", acting_user=su)
        with pytest.raises(samples.SeedStands):
            samples.enter_seed(public_id=sample.public_id, value="08", acting_user=su)
    assert SampleRow.objects.count() == 3


@pytest.mark.usefixtures("files")
def test_what_was_fixed_and_drawn_cannot_be_changed_in_the_database(world: World) -> None:
    sample = fix(world)
    with clock.frozen(SEED_ON):
        samples.enter_seed(public_id=sample.public_id, value="07 09", acting_user=world.user("su"))
    for model, change in ((Sample, {"size": 1}), (Stratum, {"committed": "{}"}), (SampleSeed, {"value": "1"}),
                          (SampleRow, {"position": 9})):  # fmt: skip
        with pytest.raises(DatabaseError), transaction.atomic():
            model.objects.update(**change)
        with pytest.raises(DatabaseError), transaction.atomic():
            model.objects.all().delete()


@pytest.mark.usefixtures("files")
def test_only_somebody_from_outside_is_named_and_only_he_finds(world: World) -> None:
    sample, su = fix(world), world.user("su")
    world.officer("bohe", "assessor", "county")
    far = world.officer("far", "assessor", "other-county")
    for name in ("su", "jiang", "yun", "nobody"):
        with pytest.raises(samples.NotAnOutsider):
            samples.name_assessor(public_id=sample.public_id, username=name, acting_user=su)
    with pytest.raises(NotFoundHere):  # an assessor of another county holds the right there alone
        samples.name_assessor(public_id=sample.public_id, username=far.username, acting_user=su)
    with clock.frozen(SEED_ON):
        samples.enter_seed(public_id=sample.public_id, value="07 09", acting_user=su)
        row = SampleRow.objects.earliest("position")
        for who in (su, world.user("bohe"), far):
            with pytest.raises(NotFoundHere):
                samples.record_finding(row_public_id=row.public_id, agrees=True, said="", acting_user=who)
        samples.name_assessor(public_id=sample.public_id, username="bohe", acting_user=su)
        with pytest.raises(samples.DifferenceUntold):
            samples.record_finding(row_public_id=row.public_id, agrees=False, said=" ", acting_user=world.user("bohe"))
        found = samples.record_finding(
            row_public_id=row.public_id, agrees=False, said="多一口人", acting_user=world.user("bohe")
        )
        assert found.rectify_by == SEED_ON + timedelta(days=15)
        with pytest.raises(samples.CheckedAlready):
            samples.record_finding(row_public_id=row.public_id, agrees=True, said="", acting_user=world.user("bohe"))
        _ends_with_the_name(sample, world)
        samples.rectify(row_public_id=row.public_id, said="加上了", acting_user=su)
        with pytest.raises(samples.RectifiedAlready):
            samples.rectify(row_public_id=row.public_id, said="又加", acting_user=su)
    other = SampleRow.objects.latest("position")
    with clock.frozen(date(2026, 9, 1)), pytest.raises(NotFoundHere):
        samples.record_finding(row_public_id=other.public_id, agrees=True, said="", acting_user=world.user("bohe"))


def _ends_with_the_name(sample: Sample, world: World) -> None:
    """From the moment he is named no longer he sees nothing; his finding stands, and he can be named again."""
    bohe, end = world.user("bohe"), reverse("sample_assessor_end", args=[sample.public_id])
    his, desk = Client(), Client()
    his.force_login(bohe)
    desk.force_login(world.user("su"))
    page = reverse("assess_file", args=[SampleRow.objects.earliest("position").public_id])
    assert his.get(page).status_code == 200
    assert end in desk.get(reverse("sample_file", args=[sample.public_id])).content.decode()
    for told in ("已结束", "没有改动"):
        assert told in desk.post(end, {"assessor": bohe.public_id}, follow=True).content.decode()
    assert his.get(page).status_code == 404
    for model in (Assessor, AssessorEnd):
        for change in (lambda rows: rows.update(id=F("id")), lambda rows: rows.delete()):
            with pytest.raises(DatabaseError), transaction.atomic():
                change(model.objects.all())
    assert AuditRow.objects.filter(action="visits.sample:unname").count() == 1
    with pytest.raises(RightMissing):
        samples.unname_assessor(
            public_id=sample.public_id, user_public_id=bohe.public_id, acting_user=world.user("jiang")
        )
    for _twice in range(2):
        samples.name_assessor(public_id=sample.public_id, username="bohe", acting_user=world.user("su"))
    assert Assessor.objects.filter(ending__isnull=True).count() == 1
    assert his.get(page).status_code == 200


def test_a_rate_without_a_whole_is_none() -> None:
    assert (per_cent(1, 3), per_cent(0, 5), per_cent(0, 0)) == ("33.33", "0.00", "")
    assert per_cent(68_487, 71_000) == "96.46"
    assert per_cent(1_412, 7_356, 1) == "19.2"
