"""Pairs of files with rows of every room pointing at them, drawn by dice; some cannot be merged, and say why."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from niangjia.accounts.services.users import create_user
from niangjia.benefits.models import FrozenList, Hold, ListRow, PastServing, Voucher
from niangjia.core import clock
from niangjia.federation.services.grants import grant_role, ten_years_from_now
from niangjia.files.models import StoredFile
from niangjia.people.models import (
    Employer,
    EmploymentSpell,
    Household,
    HouseholdMember,
    MembershipSpell,
    Person,
    RecordedFact,
    Statement,
    SuspectedPair,
)
from niangjia.people.tests.world import World, credit_code, identity_number
from niangjia.policy.models import Decision, Programme, ProgrammeVersion, Standing

TODAY = date(2026, 8, 3)


@dataclass
class Ground:
    """What all pairs share: a programme with a version, a frozen list, a paper, two employers, a third person."""

    world: World
    version: ProgrammeVersion
    frozen: FrozenList
    paper: StoredFile
    employers: list[Employer]
    third: Person


def build_ground(world: World) -> Ground:
    """Everything a drawn row may point at beside the person."""
    su, county, now = world.user("su"), world.union("county"), clock.now()
    programme = Programme.objects.create(
        slug="a", recipe="a", name_zh="助学", name_en="Aid", owner_union=county, subject="person", created_at=now
    )
    version = ProgrammeVersion.objects.create(
        programme=programme, number=1, bundle="{}", bundle_hash="0", valid_from=TODAY, area=county, drafted_at=now
    )
    paper = StoredFile.objects.create(
        digest="0", media_type="image/png", size=1, purpose="x", object_kind="x", union_id=county.pk, uploaded_by=su,
        uploaded_at=now,
    )  # fmt: skip
    frozen = FrozenList.objects.create(
        version=version, programme=programme, number=1, union=county, period="2026", document_number="1",
        meeting="会", meeting_on=TODAY, attachment=paper, registry_day=TODAY, total_fen=0, frozen_by=su, frozen_at=now,
        request_id="r",
    )  # fmt: skip
    firms = [Employer.objects.create(union=county, name=f"榆{n}", credit_code=credit_code(n)) for n in (1, 2)]
    third = Person.objects.create(union=county, name="第三人")
    return Ground(world, version, frozen, paper, firms, third)


class Drawing:
    """Draws one pair after another."""

    def __init__(self, ground: Ground, seed: int) -> None:
        self._ground, self._dice, self._number = ground, random.Random(seed), 0

    def pair(self) -> tuple[Person, Person]:
        """Two files of one person, with what was recorded in each; often what cannot stand twice stands in one only."""
        first, second = self._person(), self._person()
        home = Household.objects.create(union=first.union, registered_on=TODAY)
        for one, other in ((first, second), (second, first)):
            self._work(one)
            self._household(one, home, headed=one is first)
            self._recorded(one)
            self._derived(one)
            self._served(one)
            if self._dice.random() < 0.4:
                self._pair_with_third(one)
            if self._dice.random() < 0.4 and one.pk < other.pk:
                SuspectedPair.objects.create(person=one, other=other, signs="phone,name", found_at=clock.now())
        return first, second

    def _person(self) -> Person:
        self._number += 1
        number = identity_number(date(1990, 1, 1), self._number)
        if self._dice.random() < 0.5:
            number = number[:-1] + ("1" if number[-1] != "1" else "2")
        union = self._ground.world.union(self._dice.choice(("town-a", "town-b")))
        person = Person.objects.create(
            union=union, name="车前草", id_number=self._dice.choice((number, "")),
            phone=self._dice.choice(("+8613800000001", "", f"+86139{self._number:08d}")),
            born_on=self._dice.choice((date(1990, 1, 1), None)),
        )  # fmt: skip
        if self._dice.random() < 0.5:
            user = create_user(username=f"u{self._number}", display_name="车前草")
            grant_role(user=user, role="worker", person_id=person.pk, expires_at=ten_years_from_now(), acting_user=None)
        return person

    def _day(self) -> date:
        return TODAY - timedelta(days=self._dice.randrange(3) * 100)

    def _work(self, person: Person) -> None:
        for firm in self._dice.sample(self._ground.employers, self._dice.randrange(3)):
            EmploymentSpell.objects.create(
                person=person, employer=firm, started_on=self._day(), source="合同", recorded_at=clock.now()
            )
        if self._dice.random() < 0.7:
            union = self._ground.world.union(self._dice.choice(("town-a", "town-b")))
            ended = self._dice.choice((None, TODAY))
            MembershipSpell.objects.create(person=person, union=union, joined_on=self._day(), ended_on=ended)

    def _household(self, person: Person, home: Household, *, headed: bool) -> None:
        if self._dice.random() < 0.5:
            HouseholdMember.objects.create(
                household=home, person=person, relation="head" if headed else "other", valid_from=TODAY
            )

    def _recorded(self, person: Person) -> None:
        told: dict[str, Any] = {"subject_kind": "person", "subject_id": person.pk, "union_id": person.union_id}
        for value in range(self._dice.randrange(3)):
            RecordedFact.objects.create(
                **told, code="school_stage", value=str(value), true_on=self._day(), proof=3, source_zh="访",
                source_en="v", recorded_at=clock.now(),
            )  # fmt: skip
        if self._dice.random() < 0.5:
            paper = StoredFile.objects.get(pk=self._ground.paper.pk)
            paper.pk, paper.public_id, paper.union_id = None, f"f{person.pk}", person.union_id
            paper.save()
            Statement.objects.create(
                **told, code="school_stage", value="1", evidence=paper, stated_by=self._ground.world.user("su"),
                stated_at=clock.now(), request_id=f"s{person.pk}",
            )  # fmt: skip

    def _derived(self, person: Person) -> None:
        if self._dice.random() < 0.5:
            return
        decision = self._decision(person)
        Standing.objects.create(
            version=self._ground.version, subject_kind="person", subject_id=person.pk, union_id=person.union_id,
            decision=decision, outcome="yes", tab="yes", per_key=f"person:{person.pk}", changed_at=clock.now(),
        )  # fmt: skip

    def _decision(self, person: Person) -> Decision:
        return Decision.objects.create(
            version=self._ground.version, subject_kind="person", subject_id=person.pk, union_id=person.union_id,
            decided_at=clock.now(), outcome="yes", per_key=f"person:{person.pk}", body="{}", digest="0",
            fingerprint="0", semantics=1,
        )  # fmt: skip

    def _served(self, person: Person) -> None:
        told = {"subject_kind": "person", "subject_id": person.pk, "union": person.union}
        if self._dice.random() < 0.3:
            ListRow.objects.create(
                frozen_list=self._ground.frozen, programme_id=self._ground.frozen.programme_id, period="2026",
                position=person.pk, decision=self._decision(person), per_key=f"person:{person.pk}/year:2026", **told,
            )  # fmt: skip
        if self._dice.random() < 0.2:
            Hold.objects.create(
                version=self._ground.version, reason="等", held_by=self._ground.world.user("su"), held_at=clock.now(),
                **told,
            )  # fmt: skip
        if self._dice.random() < 0.6:
            PastServing.objects.create(
                programme_slug="a", programme_name="助学", served_on=self._day(), source="册", recorded_at=clock.now(),
                amount_fen=self._dice.choice((100, 100, 100, 200)), **told,
            )  # fmt: skip
        if self._dice.random() < 0.3:
            Voucher.objects.create(
                number=person.pk, serial=str(person.pk), person=person, union=person.union,
                programme_id=self._ground.frozen.programme_id, issued_on=TODAY, expires_on=TODAY + timedelta(days=30),
            )  # fmt: skip

    def _pair_with_third(self, person: Person) -> None:
        first, second = sorted((person.pk, self._ground.third.pk))
        told = {"reason": "见过", "told_apart_by": self._ground.world.user("su"), "told_apart_at": clock.now()}
        SuspectedPair.objects.create(
            person_id=first, other_id=second, signs="name", found_at=clock.now(), **self._dice.choice(({}, told))
        )
