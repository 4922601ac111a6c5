"""Who looked at what: each look at somebody's values is written down before they are shown."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction

from niangjia.accounts.models import User
from niangjia.federation.services import audit
from niangjia.people.models import CrossCheck, OwnRequest, Person, Statement


@transaction.atomic
def note_look(*, kind: str, subject_id: int, union_id: int, acting_user: User) -> None:
    """Somebody opened a file, or its facts: the person can see who did."""
    audit.record("people.file:look", acting_user=acting_user, object_kind=kind, object_id=subject_id, union_id=union_id)


@transaction.atomic
def note_statement_look(*, statement: Statement, acting_user: User) -> None:
    """Somebody read what a person stated, beside what was known before."""
    audit.record(
        "people.statement:look", acting_user=acting_user, object_kind=statement.subject_kind,
        object_id=statement.subject_id, union_id=statement.union_id, after={"statement": statement.public_id},
    )  # fmt: skip


@transaction.atomic
def note_request_look(*, row: OwnRequest, acting_user: User) -> None:
    """Somebody read what a person asks about what is kept of him."""
    audit.record(
        "people.request:look", acting_user=acting_user, object_kind="person", object_id=row.person_id,
        union_id=row.union_id, after={"request": row.public_id},
    )  # fmt: skip


@transaction.atomic
def note_answers_look(*, check: CrossCheck, people: Collection[Person], acting_user: User) -> None:
    """Somebody read what a bureau answered about these persons, beside what their files say."""
    told = {"check": check.public_id}
    audit.record_many(
        "people.check:look", acting_user=acting_user,
        rows=[audit.NewRow("person", one.pk, one.union_id, {}, told) for one in people],
    )  # fmt: skip
