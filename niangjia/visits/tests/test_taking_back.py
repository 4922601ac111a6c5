"""A visit recorded on the wrong household is taken back: what was known before stands again, and nothing else moved."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from niangjia.accounts.models import User
from niangjia.core import clock
from niangjia.core.errors import NotFoundHere, Refusal, RightMissing
from niangjia.core.facts import facts
from niangjia.federation.models import AuditRow
from niangjia.files.tests.pictures import png
from niangjia.people.erasure import NOBODY
from niangjia.people.holdings import held_of
from niangjia.people.models import Household, Person
from niangjia.people.services.households import close_hardship_file, open_hardship_file, register_household
from niangjia.people.services.officer_persons import say_person
from niangjia.people.services.persons import register_person
from niangjia.people.tests.world import World
from niangjia.visits import queries
from niangjia.visits.householdpage import past_visits
from niangjia.visits.models import CampaignFile, Forgetting, HomeVisit, Paper, PaperTakenBack, VisitTakenBack
from niangjia.visits.services import forgetting
from niangjia.visits.services.campaigns import start_campaign
from niangjia.visits.services.leaving import NoFreshCheck, decide_grade
from niangjia.visits.services.papers import hand_in_paper
from niangjia.visits.services.taking_back import take_paper_back, take_visit_back
from niangjia.visits.services.visits import Answer, Table, record_visit

INCOME = "income_per_head"


@pytest.fixture
def home(world: World) -> Household:
    """A household of town A with an open file."""
    su, union = world.user("su"), world.union("town-a").pk
    head = register_person(union_id=union, name="麦芒种", acting_user=su)
    home = register_household(
        union_id=union, head_id=head.pk, address="某街1号", registered_on=date(2020, 1, 1), acting_user=su
    )
    open_hardship_file(
        household_id=home.pk, grade="deep", cause="病", entered_on=date(2020, 1, 1), review_due_on=date(2030, 1, 1),
        acting_user=su,
    )  # fmt: skip
    return home


def visit(world: World, home: Household, fen: int, verdict: str = "still", on: date | None = None) -> HomeVisit:
    """Somebody was there and asked for the income."""
    on = on or clock.today()
    since = on - timedelta(days=200) if verdict == "better" else None
    table = Table("recheck", on, verdict, since, answers=(Answer("household", home.pk, INCOME, fen),))
    return record_visit(
        household_id=home.pk, table=table, photos=[], request_id=f"v{fen}", acting_user=world.user("su")
    )


def back(world: World, wrong: HomeVisit, by: str = "jiang") -> None:
    """The officer of the town takes it back."""
    take_visit_back(public_id=wrong.public_id, reason="记到了别家", acting_user=world.user(by))


def refusal(world: World, wrong: HomeVisit) -> str:
    """What stands in the way, by name."""
    try:
        back(world, wrong)
    except Refusal as found:
        return type(found).__name__
    return ""


def hand_in(world: World, home: Household, days: int = 0) -> Paper:
    """A paper of some days ago."""
    upload = SimpleUploadedFile("y.png", png() + str(days).encode(), "image/png")
    return hand_in_paper(
        household_id=home.pk, name="收入证明", dated_on=clock.today() - timedelta(days=days), upload=upload,
        request_id=f"p{days}", acting_user=world.user("su"),
    )  # fmt: skip


def browser(user: User) -> Client:
    """Somebody's browser."""
    client = Client()
    client.force_login(user)
    return client


def income(home: Household, on: date) -> object:
    """What is known of the income by the end of a day."""
    reading = facts.get(f"household.{INCOME}").read([home.pk], on).get(home.pk)
    return reading and reading.value


def test_the_value_before_it_stands_again_and_past_days_read_what_was_known(world: World, home: Household) -> None:
    day = clock.today()
    visit(world, home, 90_000)
    with clock.frozen(day + timedelta(days=1)):
        wrong = visit(world, home, 331_000)
    with clock.frozen(day + timedelta(days=3)):
        back(world, wrong)
    read = [income(home, day + timedelta(days=after)) for after in range(5)]
    assert read == [90_000, 331_000, 331_000, 90_000, 90_000]


def test_what_came_later_is_untouched(world: World, home: Household) -> None:
    wrong = visit(world, home, 331_000)
    visit(world, home, 95_000)
    back(world, wrong)
    assert income(home, clock.today()) == 95_000


def test_it_counts_nowhere_and_can_be_read(world: World, home: Household) -> None:
    today, su = clock.today(), world.user("su")
    first, wrong = visit(world, home, 90_000), visit(world, home, 331_000, "better")
    assert queries.newest_visit(home.pk, today) == queries.newest_check(home.pk, home.registered_on, today) == wrong
    back(world, wrong)
    assert queries.newest_visit(home.pk, today) == queries.newest_check(home.pk, home.registered_on, today) == first
    assert list(queries.visits_of([home.pk])) == [first]
    struck = [one for one in past_visits([home.pk], []) if one.is_struck]
    assert [(one.url, "记到了别家" in one.detail) for one in struck] == [(f"/desk/visits/{wrong.public_id}/", True)]
    client = browser(su)
    page = client.get(f"/desk/visits/{wrong.public_id}/").content.decode()
    assert "3,310.00元" in page, "what it said stays to be read"
    assert "记到了别家" in page
    assert reverse("hardship_close", args=[home.public_id]) not in page
    back(world, first)
    with pytest.raises(NoFreshCheck):
        close_hardship_file(household_id=home.pk, exited_on=today, reason="好转", acting_user=su)


def test_a_re_check_waits_again_or_is_done_by_the_next_that_would_have_done_it(world: World, home: Household) -> None:
    su, today = world.user("su"), clock.today()
    before = visit(world, home, 80_000)
    with clock.frozen(today + timedelta(days=1)):
        campaign = start_campaign(
            union_id=world.union("county").pk, title="回头看", document_number="", starts_on=today,
            due_on=today + timedelta(days=30), acting_user=su,
        )  # fmt: skip
        row = campaign.files.get()
        wrong = visit(world, home, 331_000)
        next_one = visit(world, home, 95_000)

    def done_by() -> HomeVisit | None:
        return CampaignFile.objects.get(pk=row.pk).visit

    assert done_by() == wrong
    with clock.frozen(today + timedelta(days=2)):
        back(world, wrong)
        assert done_by() == next_one
        back(world, next_one)
        assert done_by() is None, f"{before} was recorded before the re-check began, and never did it"
        assert visit(world, home, 99_000) == done_by()


def test_refused_while_a_file_was_left_upon_it(world: World, home: Household) -> None:
    upon = visit(world, home, 331_000, "better")
    close_hardship_file(household_id=home.pk, exited_on=clock.today(), reason="好转", acting_user=world.user("su"))
    assert refusal(world, upon) == "LeftUponIt"
    page = browser(world.user("jiang")).get(reverse("visit_take_back", args=[upon.public_id])).content.decode()
    assert "依据这次入户退出档案" in page
    assert 'name="reason"' not in page


def test_refused_while_the_grade_in_force_was_decided_upon_it(world: World, home: Household) -> None:
    su, file = world.user("su"), queries.open_file(home.pk)
    said = {"grade": "relative", "review_due_on": date(2030, 1, 1), "reason": "x", "acting_user": su}
    upon = visit(world, home, 331_000)
    decide_grade(household_id=home.pk, file_id=file.pk, **said)
    assert refusal(world, upon) == "GradedUponIt"
    visit(world, home, 90_000)
    assert refusal(world, upon) == "GradedUponIt"
    decide_grade(household_id=home.pk, file_id=file.pk, **said)
    assert refusal(world, upon) == "", "what the sentence says to do helps"


def test_it_takes_a_reason_the_right_and_a_household_that_is_not_ones_own(world: World, home: Household) -> None:
    wrong, sheet = visit(world, home, 331_000), hand_in(world, home)
    for take, what in ((take_visit_back, wrong), (take_paper_back, sheet)):

        def said(reason: str, by: str, take: Any = take, about: str = what.public_id) -> str:
            try:
                take(public_id=about, reason=reason, acting_user=world.user(by))
            except (Refusal, NotFoundHere, RightMissing) as found:
                return type(found).__name__
            return ""

        assert said(" ", "jiang") == "WhyTakenBack"
        assert said("x", "bai") == "NotFoundHere"
        assert said("x", "yun") == "RightMissing"
        assert said("x", "jiang") == ""
        assert said("x", "su") == "TakenBackAlready"
    again = visit(world, home, 99_000)
    person = Person.objects.get().public_id
    say_person(user_id=world.user("jiang").pk, person_public_id=person, source="身份证", acting_user=world.user("su"))
    assert refusal(world, again) == "OwnMatter"
    assert HomeVisit.objects.filter(taken_back__isnull=False).count() == 1


def test_a_paper_taken_back_lets_the_one_before_it_stand(world: World, home: Household) -> None:
    older, newer = hand_in(world, home, days=9), hand_in(world, home)
    assert queries.papers_of(home.pk) == [newer, older]
    client = browser(world.user("jiang"))
    page = client.get(reverse("paper_take_back", args=[newer.public_id])).content.decode()
    assert f"撤回后以{older.dated_on.isoformat()}的那份为准" in page
    take_paper_back(public_id=newer.public_id, reason="别家的", acting_user=world.user("jiang"))
    assert queries.papers_of(home.pk) == [older]
    page = client.get(reverse("paper_take_back", args=[older.public_id])).content.decode()
    assert "没有其他同名材料" in page
    take_paper_back(public_id=older.public_id, reason="别家的", acting_user=world.user("jiang"))
    assert queries.papers_of(home.pk) == []
    assert queries.papers_taken_back(home.pk) == [older, newer]


def test_what_was_taken_back_is_added_and_never_changed(world: World, home: Household) -> None:
    wrong, sheet = visit(world, home, 331_000), hand_in(world, home)
    back(world, wrong)
    take_paper_back(public_id=sheet.public_id, reason="别家的", acting_user=world.user("su"))
    for model in (VisitTakenBack, PaperTakenBack):
        for change in (lambda rows: rows.update(reason="y"), lambda rows: rows.delete()):
            with pytest.raises(DatabaseError), transaction.atomic():
                change(model.objects.all())
        columns = {f.attname: getattr(model.objects.get(), f.attname) for f in model._meta.concrete_fields[1:]}
        with pytest.raises(IntegrityError), transaction.atomic():
            model.objects.create(**columns)
        with pytest.raises(IntegrityError), transaction.atomic():
            model.objects.bulk_create([model(**columns | {"reason": ""})])


def test_its_person_is_told_that_it_was_taken_back_and_not_what_it_said(world: World, home: Household) -> None:
    head = Person.objects.get()
    wrong = visit(world, home, 331_000)
    assert "3,310" in str(held_of(head.pk))
    back(world, wrong)
    told = {section.title: section.rows for section in held_of(head.pk)}
    assert [(row.value, row.on) for row in told["入户时问过的"]] == [("记错，已撤回", wrong.visited_on)]
    assert "3,310" not in str(told)
    act = AuditRow.objects.get(action="visits.visit:take_back")
    assert (act.object_kind, act.object_id, act.reason) == ("household", home.pk, "记到了别家")


def test_a_household_that_is_forgotten_takes_along_what_was_taken_back(world: World, home: Household) -> None:
    wrong, sheet = visit(world, home, 331_000), hand_in(world, home)
    back(world, wrong)
    take_paper_back(public_id=sheet.public_id, reason="别家的", acting_user=world.user("su"))
    named = Forgetting.objects.create(kind="household", number=home.pk)
    with transaction.atomic():
        forgetting._forget_homes([home.pk])
    named.delete()
    assert not PaperTakenBack.objects.exists()
    assert VisitTakenBack.objects.get().reason == NOBODY
