"""A small world for tests: a province, two counties, towns and grids, and somebody in every role."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

from niangjia.accounts.models import User
from niangjia.accounts.services.users import create_user
from niangjia.core import clock
from niangjia.federation.models import Union
from niangjia.federation.services.grants import grant_role
from niangjia.federation.services.tree import found_union

PASSWORD = "a-plant-grows-here"
FOUNDED = date(2001, 1, 1)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


@dataclass
class World:
    """Unions by short name, users by role and place."""

    unions: dict[str, Union] = field(default_factory=dict)
    users: dict[str, User] = field(default_factory=dict)

    def union(self, name: str) -> Union:
        """One union."""
        return self.unions[name]

    def user(self, name: str) -> User:
        """One user."""
        return self.users[name]

    def officer(self, name: str, role: str, union: str, password: str | None = None) -> User:
        """A user with one role over one union, made as the installation makes its first ones."""
        user = create_user(username=name, display_name=f"{name}·葵", password=password)
        grant_role(
            user=user,
            role=role,
            union=self.unions[union],
            expires_at=clock.now() + timedelta(days=365),
            acting_user=None,
        )
        self.users[name] = user
        return user


TREE = (
    ("province", "", "province", "federation"),
    ("city", "province", "city", "federation"),
    ("county", "city", "county", "federation"),
    ("other-county", "city", "county", "federation"),
    ("town-a", "county", "town", "township_union"),
    ("town-b", "county", "town", "township_union"),
    ("far-town", "other-county", "town", "township_union"),
    ("grid-a", "town-a", "primary", "grid"),
)
OFFICERS = (
    ("su", "county_officer", "county"),
    ("lian", "deputy_chair", "county"),
    ("jiang", "town_officer", "town-a"),
    ("bai", "town_officer", "town-b"),
    ("yun", "viewer", "province"),
    ("yuan", "auditor", "county"),
)


def build_world() -> World:
    """Found the unions and seat the officers; needs a database."""
    world = World()
    for code, parent, level, kind in TREE:
        world.unions[code] = found_union(
            code=code, name=f"{code}工会", kind=kind, level=level, parent=world.unions.get(parent), on=FOUNDED,
            acting_user=None,
        )  # fmt: skip
    for name, role, union in OFFICERS:
        world.officer(name, role, union)
    return world


def identity_number(born_on: date, order: int, region: str = "990123") -> str:
    """An identity number that can belong to nobody: its region does not exist."""
    body = f"{region}{born_on:%Y%m%d}{order:03d}"
    return body + "10X98765432"[sum(int(d) * w for d, w in zip(body, _WEIGHTS, strict=True)) % 11]


def credit_code(order: int, region: str = "990123") -> str:
    """A credit code that can belong to nobody."""
    alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    body = f"91{region}{order:08d}0"
    total = sum(alphabet.index(place) * pow(3, at, 31) for at, place in enumerate(body))
    return body + alphabet[(31 - total % 31) % 31]
