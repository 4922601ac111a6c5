"""Rows that never change keep naming the file that left: whoever counts them follows the merge."""

from __future__ import annotations

from datetime import date

import pytest

from niangjia.benefits import history
from niangjia.benefits.candidates import live_rows
from niangjia.benefits.models import ListRow, PastServing
from niangjia.benefits.own import list_rows
from niangjia.core import clock
from niangjia.federation.scopes import scope_of
from niangjia.federation.services import audit
from niangjia.people.holdings import holdings
from niangjia.people.models import Person
from niangjia.people.services import merges
from niangjia.people.services.households import add_member, register_household
from niangjia.people.tests.world import World
from niangjia.policy.models import Standing
from niangjia.visits import queries as visits
from niangjia.visits.services.visits import Answer, Table, record_visit
from tests.merging.generated import Drawing, build_ground

pytestmark = pytest.mark.django_db


def test_who_was_served_under_the_old_file_was_served(world: World) -> None:
    ground, su, town = build_ground(world), world.user("su"), world.union("town-a")
    kept, old = (Person.objects.create(union=town, name="车前草") for _ in range(2))
    told = {"subject_kind": "person", "subject_id": old.pk, "union": town}
    decision = Drawing(ground, 1)._decision(old)
    row = ListRow.objects.create(
        frozen_list=ground.frozen, programme_id=ground.frozen.programme_id, period="2026", position=1,
        decision=decision, per_key=f"person:{old.pk}/year:2026", **told,
    )  # fmt: skip
    PastServing.objects.create(
        programme_slug="a",
        programme_name="助学",
        served_on=date(2024, 1, 1),
        source="册",
        recorded_at=clock.now(),
        **told,
    )
    assert history.ever_served(row.programme_id, "person", [kept.pk]) == set()
    merge = merges.merge_persons(survivor_id=kept.pk, absorbed_id=old.pk, reason="同一人", acting_user=su)
    for ids in ([kept.pk], None):
        assert history.ever_served(row.programme_id, "person", ids) == {kept.pk}
        assert history.served_anything("person", ids) == {kept.pk}
    assert [one.title for one in history.past_help([], [kept.pk])] == ["助学"]
    assert live_rows(row.programme_id, "2026").by_subject["person", kept.pk] == row, "nobody is listed twice"
    assert list_rows({"person": [kept.pk]}) == [row]
    again = Person.objects.create(union=town, name="车前草")
    ListRow.objects.create(
        frozen_list=ground.frozen, programme_id=row.programme_id, period="2026", position=2, decision=decision,
        per_key=f"person:{again.pk}/year:2026", **{**told, "subject_id": again.pk},
    )  # fmt: skip
    with pytest.raises(merges.InTheWay, match="助学"):
        merges.merge_persons(survivor_id=kept.pk, absorbed_id=again.pk, reason="同一人", acting_user=su)
    merges.part_persons(public_id=merge.public_id, reason="看错了", acting_user=su)
    assert history.ever_served(row.programme_id, "person", [kept.pk]) == set()


def test_the_feed_decides_nothing_about_a_file_that_left(world: World) -> None:
    kept, old = (Person.objects.create(union=world.union("town-a"), name="车前草") for _ in range(2))
    merge = merges.merge_persons(survivor_id=kept.pk, absorbed_id=old.pk, reason="同一人", acting_user=world.user("su"))
    audit.advance_feed()
    assert not Standing.objects.filter(subject_kind="person", subject_id=merge.absorbed_id).exists()


def test_what_was_said_at_the_table_is_told_of_the_file_that_stays(world: World) -> None:
    su, town = world.user("su"), world.union("town-a")
    kept, old = (Person.objects.create(union=town, name="车前草") for _ in range(2))
    home = register_household(
        union_id=town.pk, head_id=kept.pk, address="", registered_on=date(2020, 1, 1), acting_user=su
    )
    answer = Answer("person", old.pk, "school_stage", "none")
    add_member(household_id=home.pk, person_id=old.pk, relation="other", valid_from=date(2020, 1, 1), acting_user=su)
    visit = record_visit(
        household_id=home.pk, table=Table("survey", clock.today(), answers=(answer,)), photos=[], request_id="v",
        acting_user=su,
    )  # fmt: skip
    asked = "visits.answers"
    assert not holdings.get(asked).rows(kept.pk, [])
    merge = merges.merge_persons(survivor_id=kept.pk, absorbed_id=old.pk, reason="同一人", acting_user=su)
    assert [line.whom for line in visits.answers_of(visit, scope_of(su, "visits.visit:read"))] == ["车前草"]
    assert len(holdings.get(asked).rows(kept.pk, [])) == 1
    merges.part_persons(public_id=merge.public_id, reason="看错了", acting_user=su)
    assert not holdings.get(asked).rows(kept.pk, [])
