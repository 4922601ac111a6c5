"""A merge moves every pointer by its rule and is undone to the last byte; what nobody has a rule for stops it."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, models, transaction
from django.test.utils import isolate_apps

from niangjia.core import crypto
from niangjia.core.errors import RightMissing
from niangjia.federation.services import audit
from niangjia.people import merged, queries
from niangjia.people.looked import who_looked_at
from niangjia.people.merging.plan import Plan, plan_merge, rows_at
from niangjia.people.merging.pointers import pointers
from niangjia.people.merging.rules import How, merge_rules, without_rule
from niangjia.people.models import MembershipSpell, Person, PersonMerge, SuspectedPair
from niangjia.people.services import merges
from niangjia.people.services.pairs import ReasonMissing
from niangjia.people.services.persons import register_person
from niangjia.people.tests.world import World, build_world, identity_number
from tests.merging.generated import Drawing, build_ground

pytestmark = pytest.mark.django_db
PAIRS = 12
UNTOUCHED = {"people.PersonMerge", "federation.AuditRow", "federation.AuditWaiting"}
# Written by merges themselves; the tests below follow them.
OF_THE_MERGE = {"people.personmerge.survivor_id", "people.personmerge.absorbed_id", "federation.auditrow.object_id"} | {
    "federation.auditwaiting.row_id"
}


def contents() -> dict[str, str]:
    """One digest for every table as the database holds it, the trail and the merges left out."""
    found = {}
    for model in apps.get_models():
        if model.__module__.startswith("niangjia.") and model._meta.label not in UNTOUCHED:
            with connection.cursor() as cursor:
                columns = ", ".join(connection.ops.quote_name(f.column) for f in model._meta.concrete_fields)
                cursor.execute(f"SELECT {columns} FROM {connection.ops.quote_name(model._meta.db_table)}")
                found[model._meta.label] = crypto.chain_digest("\n".join(sorted(map(repr, cursor.fetchall()))))
    return found


def points_at(person_id: int) -> list[str]:
    """Which pointers of rules that move or lay aside still name a person."""
    found = []
    for pointer in pointers():
        rule = merge_rules.get(pointer.code)
        if rule.how in (How.MOVES, How.ASIDE):
            rows = apps.get_model(pointer.label)._base_manager.filter(**{pointer.column: person_id})
            if pointer.kind_column:
                rows = rows.filter(**{pointer.kind_column: rule.word})
            found += [pointer.code] * rows.exists()
    return found


def test_every_pointer_at_a_person_has_a_rule_and_a_planted_one_is_found() -> None:
    assert without_rule() == []
    assert len(pointers()) >= 15
    with isolate_apps():

        class Planted(models.Model):
            gardener = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
            subject_kind = models.CharField(max_length=10)
            subject_id = models.BigIntegerField()
            helper_id = models.BigIntegerField()
            union_id = models.BigIntegerField()

            class Meta:
                app_label = "people"

        assert without_rule(pointers([Planted])) == [
            "people.planted.gardener_id", "people.planted.subject_id", "people.planted.helper_id",
        ]  # fmt: skip
    assert not {rule.pointer for rule in merge_rules.all()} - {pointer.code for pointer in pointers()}, "a rule of old"


def _merge_and_part(pairs: int, seed: int) -> tuple[int, list[str]]:
    """Merge drawn pairs and part them; how many went, and what was not as before."""
    world = build_world()
    drawing, su, done, wrong = Drawing(build_ground(world), seed), world.user("su"), 0, []
    for _ in range(pairs):
        survivor, absorbed = drawing.pair()
        before = contents()
        try:
            merge = merges.merge_persons(
                survivor_id=survivor.pk, absorbed_id=absorbed.pk, reason="同一人", take=("id_number", "phone"),
                acting_user=su,
            )  # fmt: skip
        except merges.InTheWay:
            wrong += [label for label, was in contents().items() if was != before[label]]
            continue
        done += 1
        wrong += points_at(absorbed.pk)
        merges.part_persons(public_id=merge.public_id, reason="看错了", acting_user=su)
        after = contents()
        wrong += [label for label in before if before[label] != after[label]]
    return done, wrong


def test_parting_restores_every_table_exactly(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: set[str] = set()

    def planned(survivor: Person, absorbed: Person, take: frozenset[str] = frozenset()) -> Plan:
        drawn.update(_points_of_any_rule(absorbed.pk))
        return plan_merge(survivor, absorbed, take)

    monkeypatch.setattr(merges, "plan_merge", planned)
    done, wrong = _merge_and_part(PAIRS, seed=7)
    assert wrong == []
    assert done >= PAIRS // 4, "hardly a pair could be merged"
    # A pointer that no file of the dice has is a merge nobody has tried: let `generated.py` draw it.
    expected = {pointer.code for pointer in pointers() if merge_rules.get(pointer.code).how is not How.ELSEWHERE}
    assert expected - drawn - OF_THE_MERGE == set()


def _points_of_any_rule(person_id: int) -> set[str]:
    found = ((pointer, merge_rules.get(pointer.code)) for pointer in pointers())
    return {
        pointer.code
        for pointer, rule in found
        if rule.how is not How.ELSEWHERE and rows_at(pointer, rule, person_id).exists()
    }


@pytest.mark.nightly
@pytest.mark.parametrize("seed", range(8))
def test_parting_restores_every_table_exactly_for_many_pairs(seed: int) -> None:
    done, wrong = _merge_and_part(40, seed=seed)
    assert (wrong, done >= 8) == ([], True)


def test_the_comparison_notices_a_parting_that_forgets_something(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = merges._put_back

    def forgets(merge: PersonMerge, kept: dict[str, Any]) -> None:
        whole(merge, {**kept, "asides": [], "changes": kept["changes"][1:]})

    monkeypatch.setattr(merges, "_put_back", forgets)
    assert _merge_and_part(PAIRS, seed=7)[1]


def two(world: World, **second: Any) -> tuple[Person, Person]:
    su = world.user("su")
    number = identity_number(date(1995, 4, 9), 31)
    kept = register_person(
        union_id=world.union("town-a").pk, name="车前草", id_number=number, phone="13800000001", acting_user=su
    )
    old = Person.objects.create(union=world.union("town-b"), name="车前草", phone="+8613800000001", **second)
    return kept, old


def test_a_membership_elsewhere_becomes_a_transfer_and_no_second_member(world: World) -> None:
    su = world.user("su")
    kept, old = two(world)
    MembershipSpell.objects.create(person=old, union=world.union("town-b"), joined_on=date(2023, 3, 1))
    plan = merges.plan_for(survivor_id=kept.pk, absorbed_id=old.pk, acting_user=su)
    assert "town-b工会" in str(plan.notes)
    assert Person.objects.filter(pk=old.pk).exists(), "the plan writes nothing"
    merges.merge_persons(survivor_id=kept.pk, absorbed_id=old.pk, reason="同一人", acting_user=su)
    spells = MembershipSpell.objects.filter(person=kept).order_by("pk")
    assert [(spell.union.code, spell.ended_on is None) for spell in spells] == [("town-b", False), ("town-a", True)]


def test_the_old_key_still_opens_old_decisions_and_old_looks_are_told(world: World) -> None:
    su = world.user("su")
    kept, old = two(world)
    key, old_id = old.data_key, old.pk
    with transaction.atomic():
        audit.record("people.file:look", acting_user=su, object_kind="person", object_id=old_id, union_id=old.union_id)
    merge = merges.merge_persons(survivor_id=kept.pk, absorbed_id=old_id, reason="同一人", acting_user=su)
    assert queries.seal_keys("person", [old_id, kept.pk])[old_id].hex() == key
    assert queries.subject_cards("person", [old_id], today=date(2026, 8, 3))[old_id].public_id == kept.public_id
    assert [row.object_id for row in who_looked_at([kept.pk])] == [old_id]
    assert merged.went_into([old_id]) == {old_id: kept.pk}
    merges.part_persons(public_id=merge.public_id, reason="看错了", acting_user=su)
    assert merged.went_into([old_id]) == {}


def test_a_merge_needs_a_reason_and_rights_over_both_files(world: World) -> None:
    kept, old = two(world)
    with pytest.raises(ReasonMissing):
        merges.merge_persons(survivor_id=kept.pk, absorbed_id=old.pk, reason=" ", acting_user=world.user("su"))
    for user in ("jiang", "bai", "lian", "yuan"):
        with pytest.raises((merges.NotFoundHere, RightMissing)):
            merges.merge_persons(survivor_id=kept.pk, absorbed_id=old.pk, reason="同一人", acting_user=world.user(user))
    with pytest.raises(merges.OnePersonOnly):
        merges.merge_persons(survivor_id=kept.pk, absorbed_id=kept.pk, reason="同", acting_user=world.user("su"))


def test_two_numbers_that_hold_are_two_persons_and_a_gap_is_filled(world: World) -> None:
    su = world.user("su")
    kept, old = two(world, id_number=identity_number(date(1995, 4, 9), 33))
    with pytest.raises(merges.InTheWay):
        merges.merge_persons(survivor_id=kept.pk, absorbed_id=old.pk, reason="同一人", acting_user=su)
    merges.merge_persons(
        survivor_id=register_person(union_id=kept.union_id, name="车前草", acting_user=su).pk, absorbed_id=old.pk,
        reason="同一人", acting_user=su,
    )  # fmt: skip
    assert Person.objects.latest("pk").id_key == old.id_key


def test_what_was_changed_since_is_not_undone_and_later_merges_go_first(world: World) -> None:
    su = world.user("su")
    kept, old = two(world)
    spell = MembershipSpell.objects.create(person=old, union=world.union("town-b"), joined_on=date(2023, 3, 1))
    first = merges.merge_persons(survivor_id=kept.pk, absorbed_id=old.pk, reason="同一人", acting_user=su)
    other = register_person(union_id=kept.union_id, name="车前草", acting_user=su)
    second = merges.merge_persons(survivor_id=other.pk, absorbed_id=kept.pk, reason="同一人", acting_user=su)
    assert merged.went_into([old.pk, kept.pk]) == {first.absorbed_id: other.pk, second.absorbed_id: other.pk}
    with pytest.raises(merges.MergedFurther):
        merges.part_persons(public_id=first.public_id, reason="看错了", acting_user=su)
    merges.part_persons(public_id=second.public_id, reason="看错了", acting_user=su)
    MembershipSpell.objects.filter(pk=spell.pk).update(ended_on=date(2024, 1, 1))
    with pytest.raises(merges.ChangedSinceMerge):
        merges.part_persons(public_id=first.public_id, reason="看错了", acting_user=su)
    with pytest.raises(merges.PartedAlready):
        merges.part_persons(public_id=second.public_id, reason="看错了", acting_user=su)


def test_both_files_tell_of_the_merge_and_pairs_with_others_are_remembered(world: World) -> None:
    su = world.user("su")
    kept, old = two(world)
    third = register_person(union_id=kept.union_id, name="车前草", phone="13800000001", acting_user=su)
    pair = SuspectedPair.objects.get(person_id=kept.pk, other_id=third.pk)
    pair.delete()
    SuspectedPair.objects.filter(person_id=old.pk, other_id=third.pk).update(
        reason="堂兄弟", told_apart_by=su, told_apart_at="2026-01-01T00:00Z"
    )
    merge = merges.merge_persons(survivor_id=kept.pk, absorbed_id=old.pk, reason="同一人", acting_user=su)
    assert SuspectedPair.objects.get().reason == "堂兄弟"
    trail = audit.AuditRow.objects.filter(action__startswith="people.person:").order_by("pk")
    told = {row.action: (row.object_id, json.loads(row.after)["merge"]) for row in trail if "merge" in row.after}
    assert told["people.person:merge"] == (kept.pk, merge.public_id)
    assert told["people.person:absorb"] == (merge.absorbed_id, merge.public_id)
