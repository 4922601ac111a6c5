"""Pairs of files with rows of every room pointing at them, drawn by dice; some cannot be merged, and say why."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from niangjia.accounts.services.users import create_user
from niangjia.benefits.models import FrozenList, Hold, ListRow, PastServing, Voucher
from niangjia.core import clock
from niangjia.federation.models import LookTask, LookTaskSubject
from niangjia.federation.services.grants import grant_role, ten_years_from_now
from niangjia.files.models import PaperCode, StoredFile
from niangjia.people.models import (
    AuthoritySigner,
    CheckAuthority,
    Consent,
    CrossCheck,
    CrossCheckChoice,
    CrossCheckResult,
    CrossCheckSubject,
    Employer,
    EmploymentSpell,
    Household,
    HouseholdMember,
    Mandate,
    MembershipSpell,
    OfficerPerson,
    OwnRequest,
    Person,
    RecordedFact,
    RosterImport,
    Statement,
    SuspectedPair,
)
from niangjia.people.tests.world import World, credit_code, identity_number
from niangjia.policy.models import Decision, Programme, ProgrammeVersion, Standing
from niangjia.visits.models import HomeVisit, VisitAnswer

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
    check: CrossCheck
    result: CrossCheckResult
    task: LookTask


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
    check = CrossCheck.objects.create(
        union=county, bureau="民政局", subject="person", title="核对", drafted_by=su, drafted_at=now, request_id="c"
    )
    roster = RosterImport.objects.create(
        union=county, kind="x", file=paper, file_name="回表", true_on=TODAY, request_id="t", handed_in_by=su,
        handed_in_at=now,
    )  # fmt: skip
    result = CrossCheckResult.objects.create(check_batch=check, roster=roster)
    task = LookTask.objects.create(user=su, reason="录系统", most=9, opened_at=now, expires_at=now + timedelta(hours=1))
    return Ground(world, version, frozen, paper, firms, third, check, result, task)


class Drawing:
    """Draws one pair after another."""

    def __init__(self, ground: Ground, seed: int) -> None:
        self._ground, self._dice, self._number = ground, random.Random(seed), 0

    def pair(self) -> tuple[Person, Person]:
        """Two files of one person, the one to stay first; often what cannot stand twice stands in one only."""
        first, second = self._person(), self._person()
        home = Household.objects.create(union=first.union, registered_on=TODAY)
        for one, other in ((first, second), (second, first)):
            self._work(one)
            self._household(one, home, headed=one is first)
            self._recorded(one)
            self._derived(one)
            self._served(one)
            self._seen(one, home)
            self._signed(one)
            self._asked_about(one)
            if self._dice.random() < 0.4:
                self._pair_with_third(one)
            if self._dice.random() < 0.4 and one.pk < other.pk:
                SuspectedPair.objects.create(person=one, other=other, signs="phone,name", found_at=clock.now())
        return (first, second) if self._dice.random() < 0.7 else (second, first)

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
        if self._dice.random() < 0.5:
            officer = create_user(username=f"o{self._number}", display_name="车前草")
            OfficerPerson.objects.create(user=officer, person=person, source="人事档案", said_at=clock.now())
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

    def _seen(self, person: Person, home: Household) -> None:
        """Asked about at the table: in one visit about both files now and then."""
        if self._dice.random() < 0.4:
            return
        su, now = self._ground.world.user("su"), clock.now()
        visit, _new = HomeVisit.objects.get_or_create(
            request_id=f"v{home.pk}-{self._dice.randrange(2)}",
            defaults={
                "household": home, "purpose": "survey", "visited_on": TODAY, "recorded_by": su, "recorded_at": now
            },
        )  # fmt: skip
        fact = RecordedFact.objects.create(
            subject_kind="person", subject_id=person.pk, union_id=person.union_id, code="school_stage", value="1",
            true_on=TODAY, proof=3, source_zh="访", source_en="v", recorded_at=now,
        )  # fmt: skip
        VisitAnswer.objects.create(
            visit=visit, subject_kind="person", subject_id=person.pk, code="school_stage", fact=fact
        )

    def _signed(self, person: Person) -> None:
        """Forms printed for the person, what he agreed to, whom he lets act for him, what he asked for."""
        su, now, name = self._ground.world.user("su"), clock.now(), str(person.pk)
        told: dict[str, Any] = {"person": person, "union_id": person.union_id}
        if self._dice.random() < 0.5:
            PaperCode.objects.create(
                code=name, kind="consent", subject_kind="person", subject_id=person.pk, union_id=person.union_id,
                printed_by=su, printed_at=now,
            )  # fmt: skip
            Consent.objects.create(
                **told, purpose="illness", version=1, given=True, way="paper", paper=self._ground.paper,
                recorded_by=su, recorded_at=now, request_id=name,
            )  # fmt: skip
        if self._dice.random() < 0.4:
            ends = self._dice.choice(((person, self._ground.third), (self._ground.third, person)))
            Mandate.objects.create(
                person=ends[0], deputy=ends[1], union_id=person.union_id, way="window", given_by=su, given_at=now
            )
        if self._dice.random() < 0.4:
            OwnRequest.objects.create(
                **told, kind="correct", what=f"other{name}", wanted="改", asked_by=su, asked_at=now, due_on=TODAY,
                request_id=name,
            )  # fmt: skip

    def _asked_about(self, person: Person) -> None:
        """Signed for, asked about at a bureau, looked at within a task."""
        su, now, name = self._ground.world.user("su"), clock.now(), str(person.pk)
        if self._dice.random() < 0.5:
            authority = CheckAuthority.objects.create(
                person=person, purpose="复核", signed_on=TODAY, valid_until=TODAY, file=self._ground.paper,
                recorded_by=su, recorded_at=now, request_id=name,
            )  # fmt: skip
            AuthoritySigner.objects.create(authority=authority, person=person)
            CrossCheckSubject.objects.create(check_batch=self._ground.check, person=person)
            CrossCheckChoice.objects.create(
                result=self._ground.result, number=person.pk, person=person, choice="keep", chosen_by=su, chosen_at=now
            )
        if self._dice.random() < 0.5:
            LookTaskSubject.objects.create(task=self._ground.task, subject_kind="person", subject_id=person.pk)
