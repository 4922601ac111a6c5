"""Acts that are killed in the middle, in a child process with a connection of its own; and the books afterwards."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import date, timedelta
from typing import Any

from django.db import connection, connections, transaction

from niangjia.accounts.models import User
from niangjia.core import clock
from niangjia.federation.actions import actions
from niangjia.federation.models import AuditRow
from niangjia.federation.services import audit, looks
from niangjia.people import dossier
from niangjia.people.services.employers import start_employment
from niangjia.people.services.households import open_hardship_file, register_household
from niangjia.people.services.persons import register_person
from niangjia.people.tests.world import identity_number

BORN, REGION, DAY = date(1985, 1, 1), "990777", date(2026, 8, 3)
# What an act changes -> the acts that say so. The day's measure of looks is used up by nothing but a look.
BOOKS = {
    "SELECT COUNT(*) FROM people_person": ("people.person:register", "people.roster:write"),
    "SELECT COUNT(*) FROM people_household": ("people.household:register",),
    "SELECT COUNT(*) FROM people_employmentspell": ("people.employment:start",),
    "SELECT COUNT(*) FROM people_hardshipfile": ("people.hardship:open",),
    "SELECT COALESCE(SUM(used), 0) FROM federation_lookday": ("people.identity:look",),
}  # fmt: skip
Books = dict[str, int]


def number_of(at: int) -> str:
    """An identity number of nobody, another for each place."""
    return identity_number(BORN + timedelta(days=at // 900), at % 900, REGION)


def keep_writing(officer: User, union_id: int, employer_id: int, first: int) -> None:
    """Acts without end: a person, his household, its file, a job, a look at his number, the chain."""
    for at in range(first, first + 1_000):
        person = register_person(union_id=union_id, name="柳絮飞", id_number=number_of(at), acting_user=officer)
        home = register_household(
            union_id=union_id, head_id=person.pk, address="榆巷1号", registered_on=DAY, acting_user=officer
        )
        open_hardship_file(
            household_id=home.pk, grade="deep", cause="因病", entered_on=DAY, review_due_on=DAY, acting_user=officer
        )
        start_employment(
            person_id=person.pk, employer_id=employer_id, started_on=DAY, source="合同", acting_user=officer
        )
        with suppress(looks.DayUsedUp):
            dossier.reveal(person=person, reason="核对证件", acting_user=officer)
        audit.seal_new_rows()


def killed(act: Callable[[], Any], *, after: float = 0, before_statement: int = 0, before_words: str = "") -> bool:
    """Do it in a child and kill that; whether it was still at it.

    After so many seconds, before the statement of that number, or before the first one that holds these words.
    """
    connections.close_all()
    child = os.fork()
    if child == 0:
        _end_with(act, before_statement, before_words)
    if not before_statement and not before_words:
        time.sleep(after)
        with suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
    _pid, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0, "the child fell over something else"
    return os.WIFSIGNALED(status)


def _end_with(act: Callable[[], Any], before_statement: int, before_words: str) -> None:
    """The child's whole life: nothing of the test that forked it may run in it."""
    left = [before_statement]

    def count(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        left[0] -= 1
        if left[0] == 0 or (before_words and before_words in sql):
            os.kill(os.getpid(), signal.SIGKILL)
        return execute(sql, params, many, context)

    try:
        with connection.execute_wrapper(count):
            act()
    except BaseException as fault:  # whatever it was: the parent must hear of it, and the test must not go on here
        os.write(2, f"{type(fault).__name__}: {fault}\n".encode())
        os._exit(3)
    os._exit(0)


def books() -> Books:
    """How many changes stand in the tables, and how many the trail tells of."""
    found = {}
    with connection.cursor() as cursor:
        for question, told in BOOKS.items():
            cursor.execute(question)
            found[question] = int(cursor.fetchone()[0])
            found[told[0]] = AuditRow.objects.filter(action__in=told).count()
    return found


def faults(before: Books) -> list[str]:
    """Where the tables have changed more than the trail tells, or less."""
    now = books()
    found = []
    for question, (told, *_more) in BOOKS.items():
        changed, said = now[question] - before[question], now[told] - before[told]
        if changed != said:
            found.append(f"{question}: {changed} changes, {said} rows of {told}")
    return found


def record_after_the_commit(action: str, *, acting_user: Any, object_kind: str, object_id: int, **more: Any) -> None:
    """The wrong way, for the control: the audit row is written when the change already stands."""
    actions.get(action)
    known = {name: more[name] for name in ("union_id", "reason") if name in more}
    row = AuditRow(
        at=clock.now(), actor=acting_user, action=action, object_kind=object_kind, object_id=object_id, **known
    )
    transaction.on_commit(row.save)
