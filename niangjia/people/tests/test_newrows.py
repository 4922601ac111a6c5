"""Many new rows at once are what `bulk_create` writes."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, models, transaction

from niangjia.core.newrows import NotInTransaction, write_new, write_rows
from niangjia.federation.models import Union
from niangjia.people.models import Employer, MembershipSpell, Person
from niangjia.people.tests.world import credit_code, identity_number

pytestmark = pytest.mark.django_db
DAY = date(1990, 1, 31)


@pytest.fixture
def union() -> Union:
    return Union.objects.create(name="云禾县总工会", code="990001", level="county", kind="federation")


def person_of(union: Union, order: int) -> Person:
    person = Person(
        union=union, name="阿娜尔·沙枣", sex="female", born_on=DAY, phone=f"+861390000{order:04d}",
        id_number=identity_number(DAY, order, "990777"),
    )  # fmt: skip
    person.fill_keys()
    return person


def firm(union: Union, order: int, name: str, **more: object) -> Employer:
    return Employer(union=union, name=name, credit_code=credit_code(order), **more)


def told(thing: models.Model) -> dict[str, object]:
    """A row as it is read back, without what each row has of its own."""
    row = type(thing)._default_manager.values().get(pk=thing.pk)
    own = {"id", "public_id", "id_number", "id_key", "id_tail_key", "phone", "phone_key", "phone_tail_key", "data_key"}
    return {name: value for name, value in row.items() if name not in own}


def test_the_rows_are_those_that_bulk_create_writes(union: Union) -> None:
    first, second = person_of(union, 1), person_of(union, 2)
    Person.objects.bulk_create([first])
    write_new([second])
    assert told(second) == told(first)
    stored = Person.objects.get(public_id=second.public_id)
    assert (stored.id_number, stored.phone, stored.data_key) == (second.id_number, second.phone, second.data_key)
    assert (stored.pk, second._state.adding, second._state.db) == (second.pk, False, "default")


def test_yes_and_no_and_nothing_are_kept_as_they_are(union: Union) -> None:
    one, other = firm(union, 1, "春芽厂", in_zone=True), firm(union, 2, "夏禾厂", in_zone=False, staff_count=7)
    write_new([one, other])
    kept = Employer.objects.order_by("pk").values_list("name", "in_zone", "staff_count", "credit_code")
    assert list(kept) == [("春芽厂", True, None, one.credit_code), ("夏禾厂", False, 7, other.credit_code)]


def test_the_keys_are_given_to_nobody_else(union: Union) -> None:
    before, after = firm(union, 10, "早"), firm(union, 11, "晚")
    before.save()
    some = [firm(union, at, f"第{at}厂") for at in range(3)]
    write_new(some)
    after.save()
    keys = [before.pk, *(one.pk for one in some), after.pk]
    assert keys == sorted(set(keys))
    assert [Employer.objects.get(pk=one.pk).name for one in some] == ["第0厂", "第1厂", "第2厂"]


def test_the_key_of_a_row_that_was_deleted_is_not_given_again(union: Union) -> None:
    gone = firm(union, 1, "旧")
    gone.save()
    last = gone.pk
    gone.delete()
    write_new([fresh := firm(union, 2, "新")])
    assert fresh.pk > last


def test_rows_of_values_get_their_keys_from_the_database(union: Union) -> None:
    member = person_of(union, 3)
    write_new([member])
    write_rows(MembershipSpell, ("person", "union", "joined_on"), [(member.pk, union.pk, DAY)])
    assert MembershipSpell.objects.get().joined_on == DAY


def test_what_the_database_refuses_is_an_integrity_error(union: Union) -> None:
    write_new([person_of(union, 4)])
    with pytest.raises(IntegrityError), transaction.atomic():
        write_new([person_of(union, 5), person_of(union, 4)])
    assert Person.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_nothing_is_written(union: Union) -> None:
    with pytest.raises(NotInTransaction):
        write_new([firm(union, 1, "春芽厂")])
    with pytest.raises(NotInTransaction):
        write_rows(Employer, ("union", "name", "credit_code"), [(union.pk, "春芽厂", credit_code(1))])
    assert not Employer.objects.exists()
