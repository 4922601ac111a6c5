"""Loading a whole tree and its officers at once. System act: for seeding an installation, never behind a page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.contrib.auth.hashers import make_password
from django.db import transaction

from niangjia.accounts.models import User
from niangjia.core import clock
from niangjia.federation.models import Grant, Officer, Union, UnionEdge
from niangjia.federation.rights import roles
from niangjia.federation.services import audit
from niangjia.federation.services.tree import rebuild_closure

BATCH = 500


@dataclass(frozen=True)
class NewUnion:
    """A union to be loaded; `parent` is the code of the union above, empty for the root."""

    public_id: str
    code: str
    parent: str
    name: str
    name_en: str
    kind: str
    level: str
    founded_on: date
    telephone: str = ""


@dataclass(frozen=True)
class NewAccount:
    """Somebody who can log in, with one role in one scope, and a post where he holds one."""

    public_id: str
    username: str
    display_name: str
    role: str
    password: str = ""  # empty: logs in by a code sent to the telephone
    phone: str = ""
    union_id: int | None = None
    employer_id: int | None = None
    person_id: int | None = None
    post: str = ""
    telephone: str = ""


@transaction.atomic
def load_unions(rows: Sequence[NewUnion]) -> dict[str, int]:
    """Load unions and their places in the tree, and flatten it; returns ids by code."""
    made = Union.objects.bulk_create(
        [Union(public_id=r.public_id, code=r.code, name=r.name, name_en=r.name_en, kind=r.kind, level=r.level,
               telephone=r.telephone, founded_on=r.founded_on) for r in rows],
        batch_size=BATCH,
    )  # fmt: skip
    ids = {union.code: union.pk for union in made}
    founded = {r.code: r.founded_on for r in rows}
    edges = [
        UnionEdge(child_id=ids[r.code], parent_id=ids[r.parent], valid_from=max(r.founded_on, founded[r.parent]))
        for r in rows
        if r.parent
    ]
    UnionEdge.objects.bulk_create(edges, batch_size=BATCH)
    audit.record(
        "federation.tree:load", acting_user=None, object_kind="union", object_id=made[0].pk, union_id=made[0].pk,
        after={"unions": len(made), "edges": len(edges)},
    )  # fmt: skip
    rebuild_closure()
    return ids


@transaction.atomic
def load_accounts(rows: Sequence[NewAccount], *, posts_from: date, expires_at: datetime) -> dict[str, User]:
    """Load users with their grants and posts; returns users by log-in name.

    One password is hashed once, however many share it: a demonstration's password is no secret.
    """
    hashes: Mapping[str, str] = {password: make_password(password or None) for password in {r.password for r in rows}}
    moment = clock.now()
    users = {}
    for row in rows:
        roles.get(row.role)
        user = User(
            public_id=row.public_id, username=row.username, display_name=row.display_name, phone=row.phone,
            password=hashes[row.password], joined_at=moment,
        )  # fmt: skip
        user.save()
        users[row.username] = user
        kind = "union" if row.union_id else "employer" if row.employer_id else "self"
        Grant.objects.create(
            user=user, role=row.role, scope_kind=kind, union_id=row.union_id, scope_id=row.employer_id or row.person_id,
            valid_from=moment, expires_at=expires_at,
        )  # fmt: skip
        if row.post:
            Officer.objects.create(
                user=user, union_id=row.union_id, post=row.post, telephone=row.telephone, valid_from=posts_from
            )
        audit.record(
            "federation.grant:give", acting_user=None, object_kind="user", object_id=user.pk, union_id=row.union_id,
            after={"role": row.role, "scope": kind, "until": expires_at},
        )  # fmt: skip
    return users
