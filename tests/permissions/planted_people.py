"""What the registry hides about one person: twins of his file, what he asks for, what a bureau was asked about him."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from niangjia.accounts.models import User
from niangjia.core import clock, money
from niangjia.federation.models import Grant
from niangjia.federation.services import approvals
from niangjia.files.services.uploads import begin_upload
from niangjia.files.tests.pictures import png
from niangjia.people.bureaux.batches import LEAVES
from niangjia.people.models import Consent, CrossCheck, CrossCheckSubject, Mandate, Person, SuspectedPair
from niangjia.people.purposes import ILLNESS, purposes
from niangjia.people.services import cross_checks
from niangjia.people.services.agents import name_agent
from niangjia.people.services.authorities import record_authority
from niangjia.people.services.erasure import propose_erasure
from niangjia.people.services.facts import record_fact
from niangjia.people.services.households import open_hardship_file, register_household
from niangjia.people.services.merges import merge_persons
from niangjia.people.services.persons import register_person
from niangjia.people.services.requests import ask_correction, ask_erasure, note_erasure
from niangjia.people.services.roster_work import work_rosters
from niangjia.people.tests.tables import text_table

BORN = date(1980, 3, 4)
INCOME_FEN, FOUND_FEN = 913_137, 91_871  # the income per head in the file, and as the bureau found it


def namesakes(unit: Any, person: Person, officer: User) -> None:
    """Two more files of that person: one is merged into his, the other waits for an answer."""
    for use in ("merge", "pair"):
        told = {"union_id": person.union_id, "name": person.name, "phone": person.phone, "acting_user": officer}
        twin = register_person(**told)
        if use == "merge":
            merge = merge_persons(survivor_id=person.pk, absorbed_id=twin.pk, reason="同一人", acting_user=officer)
            unit.ids["merge"] = merge.public_id
            unit.canaries.add(merge.public_id)
    pair = SuspectedPair.objects.get(person=person)
    unit.ids["pair"] = pair.public_id
    unit.canaries |= {pair.public_id, twin.public_id}


def out_of_work(unit: Any, union_id: int, officer: User, name: str) -> Person:
    """A household in file with nobody in work; one paper more and it would be given something."""
    person = register_person(union_id=union_id, name=f"{name}待业", born_on=BORN, acting_user=officer)
    household = register_household(
        union_id=union_id, head_id=person.pk, address=f"{name}巷2号", registered_on=date(2020, 1, 1),
        acting_user=officer,
    )  # fmt: skip
    open_hardship_file(
        household_id=household.pk, grade="deep", cause=f"{name}失业", entered_on=date(2020, 1, 1),
        review_due_on=date(2027, 1, 1), acting_user=officer,
    )  # fmt: skip
    unit.canaries |= {person.public_id, household.public_id, f"{name}待业"}
    return person


def agreed_long_ago(unit: Any, person: Person) -> None:
    """On a day of its own: nothing else on the page of his answers tells whose they are."""
    on = datetime(1999, 9, 9, 9, tzinfo=clock.LOCAL)
    Consent.objects.create(
        person=person, union_id=person.union_id, purpose=ILLNESS, version=purposes.get(ILLNESS).version, given=True,
        way="own", recorded_by=unit.worker, recorded_at=on, request_id=f"i-{unit.code}",
    )  # fmt: skip
    unit.canaries.add(on.date().isoformat())


def asks(
    unit: Any, person: Person, union_id: int, officer: User, name: str, *, forgets: Person | None = None
) -> None:  # fmt: skip
    """The worker asks for a correction, and lets his wife act for him; he wants to be forgotten, or another does."""
    assert unit.worker is not None
    wife = register_person(union_id=union_id, name=f"{name}妻", born_on=BORN, acting_user=officer)
    unit.ids["own_request"] = ask_correction(
        person_id=person.pk, what="other", wanted=f"{name}的更正", says="",
        photograph=SimpleUploadedFile("x.png", png(5, 5) + unit.code.encode(), "image/png"),
        request_id=f"k-{unit.code}", acting_user=unit.worker,
    ).public_id  # fmt: skip
    said = {"says": f"{name}要删", "request_id": f"e-{unit.code}"}
    if forgets is None:
        erasure = ask_erasure(person_id=person.pk, acting_user=unit.worker, **said)
    else:
        signed = SimpleUploadedFile("x.png", png(3, 3) + unit.code.encode(), "image/png")
        erasure = note_erasure(person_id=forgets.pk, photograph=signed, acting_user=officer, **said)
    propose_erasure(public_id=erasure.public_id, acting_user=officer)
    unit.ids["erasure"] = erasure.public_id
    unit.ids["mandate"] = Mandate.objects.create(
        person=person, deputy=wife, union_id=union_id, way="own", given_by=unit.worker, given_at=clock.now()
    ).public_id
    unit.ids["upload"] = begin_upload(key=f"u-{unit.code}", size=9, acting_user=unit.worker).public_id


def asked_of_a_bureau(unit: Any, officer: User, union_id: int, name: str, title: str = "") -> None:
    """The household signed, a batch with it was sent, and the bureau's table is back."""
    assert unit.person is not None
    assert unit.household is not None
    today, bureau = clock.today(), "民政局"
    record_fact(
        subject_kind="household", subject_id=unit.household.pk, code="income_per_head", value=INCOME_FEN, proof=4,
        true_on=today, source_zh="存折", source_en="bank book", acting_user=officer,
    )  # fmt: skip
    paper = record_authority(
        household=unit.household, signer_ids=[unit.person.pk], bureaus_named=[bureau], purpose="复核",
        signed_on=today, valid_until=today, request_id=f"a-{unit.code}", acting_user=officer,
        paper=SimpleUploadedFile("x.png", png() + f"a{unit.code}".encode(), "image/png"),
    )  # fmt: skip
    check = cross_checks.draft_check(
        union_id=union_id, bureau=bureau, keys=["household.income_per_head"], ids=[unit.household.pk],
        title=title or f"{name}核对", request_id=f"c-{unit.code}", acting_user=officer,
    )  # fmt: skip
    cross_checks.send_check(public_id=check.public_id, due_on=today, letter="", acting_user=officer)
    table = text_table([("姓名", "身份证号", "家庭人均月收入"), (name, unit.person.id_number, money.yuan(FOUND_FEN))])
    answers = cross_checks.receive_answers(
        public_id=check.public_id, upload=SimpleUploadedFile("b.csv", table), paper="", true_on=today,
        request_id=f"b-{unit.code}", acting_user=officer,
    )  # fmt: skip
    work_rosters()
    # Another of so many that it waits for a second person: as it stands then, without the many.
    held = CrossCheck.objects.create(
        union_id=union_id, bureau=bureau, subject="household", facts=["household.income_per_head"],
        title=f"{unit.code}待核", drafted_by=officer, drafted_at=clock.now(), sent_by=officer, sent_on=today,
        due_on=today, request_id=f"h-{unit.code}",
    )  # fmt: skip
    CrossCheckSubject.objects.create(check_batch=held, person=unit.person, household=unit.household)
    approvals.ask(kind=LEAVES, object_id=held.pk, union_id=union_id, acting_user=officer)
    unit.ids["leaves"] = held.public_id
    unit.ids |= {
        "authority": paper.public_id, "check": check.public_id, "answers": answers.roster.public_id,
    }  # fmt: skip
    unit.canaries |= {paper.public_id, check.public_id, answers.roster.public_id, check.title}


def acts_for_firm(unit: Any, employer_id: int, officer: User, name: str, order: int) -> None:
    """Somebody who opens the page of the unit's employer."""
    agent = name_agent(
        employer_id=employer_id, name=f"{name}经办", phone=f"1382000{order:04d}",
        until=clock.today() + timedelta(days=20), reason="委托书", acting_user=officer,
    )  # fmt: skip
    unit.ids["employer_grant"] = str(Grant.objects.get(user=agent).pk)
    unit.canaries.add(agent.display_name)
