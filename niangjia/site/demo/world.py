"""The demo county as plain values: the generator fills it, the loader writes it into the database."""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from typing import Any

from niangjia.site.demo import numbers
from niangjia.site.demo.names import Names

TODAY = date(2026, 8, 3)
_ID_ALPHABET = "23456789bcdfghjkmnpqrstvwxyz"


@dataclass(slots=True)
class Unit:
    """A union: its place in the tree is the code of the union above it."""

    code: str
    parent: str
    name: str
    kind: str
    level: str
    founded_on: date
    telephone: str = ""
    name_en: str = ""
    public_id: str = ""


@dataclass(slots=True)
class Employer:
    """An employer and the union it belongs to."""

    index: int
    union: str
    town: str
    name: str
    credit_code: str
    staff_count: int | None
    in_zone: bool
    public_id: str


@dataclass(slots=True)
class Person:
    """One invented person."""

    index: int
    union: str
    town: str
    name: str
    sex: str
    born_on: date
    id_number: str
    phone: str
    household: int | None
    public_id: str

    @property
    def age(self) -> int:
        """Completed years on the demo date."""
        before_birthday = (TODAY.month, TODAY.day) < (self.born_on.month, self.born_on.day)
        return TODAY.year - self.born_on.year - before_birthday


@dataclass(slots=True)
class Household:
    """One invented household; its members by index and relation."""

    index: int
    union: str
    town: str
    address: str
    registered_on: date
    public_id: str
    members: list[tuple[int, str]] = field(default_factory=list)


@dataclass(slots=True)
class Job:
    """One spell of work."""

    person: int
    employer: int
    form: str
    started_on: date
    ended_on: date | None
    wage_fen: int | None
    source: str


@dataclass(slots=True)
class Membership:
    """One spell of union membership."""

    person: int
    union: str
    joined_on: date
    ended_on: date | None = None


@dataclass(slots=True)
class Hardship:
    """A household's file of difficulty."""

    household: int
    grade: str
    cause: str
    entered_on: date
    review_due_on: date
    exited_on: date | None = None


@dataclass(slots=True)
class Known:
    """One recorded fact; `subject` is an index, for a union its code."""

    kind: str
    subject: int | str
    code: str
    value: bool | int | str
    true_on: date
    proof: int
    source_zh: str
    source_en: str


@dataclass(slots=True)
class Voucher:
    """An employment voucher handed out before the demo date."""

    person: int
    issued_on: date
    expires_on: date
    employer: int | None = None
    bound_on: date | None = None


@dataclass(slots=True)
class Past:
    """What a household or person received in an earlier year, from paper."""

    programme: str
    programme_name: str
    kind: str
    subject: int
    household: int
    served_on: date
    amount_fen: int
    source: str


class World:
    """Everything that is loaded, in the order in which it was made."""

    def __init__(self, seed: int, taken: frozenset[str]) -> None:
        self.rng = random.Random(seed)  # noqa: S311  an invented county must be the same each time
        self.names = Names(self.rng, taken)
        self.units: dict[str, Unit] = {}
        self.employers: list[Employer] = []
        self.persons: list[Person] = []
        self.households: list[Household] = []
        self.jobs: list[Job] = []
        self.memberships: list[Membership] = []
        self.hardships: list[Hardship] = []
        self.facts: list[Known] = []
        self.vouchers: list[Voucher] = []
        self.past: list[Past] = []
        self.cast: dict[str, Person] = {}
        self.known: set[tuple[str, int | str, str]] = set()
        self._orders: dict[tuple[date, str], int] = {}

    def public_id(self) -> str:
        """An id for addresses, the same each time the county is built."""
        return "".join(self.rng.choices(_ID_ALPHABET, k=14))

    def unit(self, code: str, parent: str, name: str, kind: str, level: str, **more: Any) -> Unit:
        """Add a union."""
        founded = more.pop(
            "founded_on", date(self.rng.randint(1996, 2023), self.rng.randint(1, 12), self.rng.randint(1, 28))
        )
        unit = Unit(code, parent, name, kind, level, founded, public_id=self.public_id(), **more)
        self.units[code] = unit
        return unit

    def employer(
        self, union: str, town: str, name: str, *, in_zone: bool = False, staff: int | None = None
    ) -> Employer:
        """Add an employer."""
        index = len(self.employers)
        made = Employer(index, union, town, name, numbers.credit_code(index + 1), staff, in_zone, self.public_id())
        self.employers.append(made)
        return made

    def household(self, grid: str, town: str, street: str) -> Household:
        """Add a household without members yet."""
        index = len(self.households)
        address = f"云禾县{street}{self.rng.randint(1, 40)}号{self.rng.randint(1, 6)}0{self.rng.randint(1, 4)}室"
        registered = date(2024, 1, 8) + timedelta(days=self.rng.randint(0, 640))
        made = Household(index, grid, town, address, registered, self.public_id())
        self.households.append(made)
        return made

    def person(
        self, home: Household | None, relation: str, sex: str, born_on: date, *,
        name: str = "", surname: str = "", phone: bool | None = None, union: str = "", town: str = "",
    ) -> Person:  # fmt: skip
        """Add a person, as a member of a household where there is one."""
        index = len(self.persons)
        name = name or self.names.person(sex, surname)
        has_phone = phone if phone is not None else (TODAY - born_on).days > 15 * 365 and self.rng.random() < 0.93
        number = numbers.identity_number(born_on, self._order(born_on, sex), sex)
        made = Person(
            index, union or (home.union if home else ""), town or (home.town if home else ""), name, sex, born_on,
            number, numbers.phone(index + 1000) if has_phone else "",
            home.index if home else None, self.public_id(),
        )  # fmt: skip
        self.persons.append(made)
        if home:
            home.members.append((index, relation))
        return made

    def _order(self, born_on: date, sex: str) -> int:
        self._orders[(born_on, sex)] = self._orders.get((born_on, sex), -1) + 1
        return self._orders[(born_on, sex)]

    def born(self, age: int) -> date:
        """A birthday of somebody who has completed this many years on the demo date."""
        latest = TODAY.replace(year=TODAY.year - age)
        return latest - timedelta(days=self.rng.randint(0, 364))

    def job(
        self, person: Person, employer: Employer, started_on: date, ended_on: date | None = None, *,
        wage_fen: int | None = None, form: str = "contract", source: str = "人社登记",
    ) -> Job:  # fmt: skip
        """Add a spell of work."""
        made = Job(person.index, employer.index, form, started_on, ended_on, wage_fen, source)
        self.jobs.append(made)
        return made

    def know(
        self, kind: str, subject: int | str, code: str, value: bool | int | str, true_on: date, proof: int,
        source: tuple[str, str],
    ) -> None:  # fmt: skip
        """Add a recorded fact."""
        self.known.add((kind, subject, code))
        self.facts.append(Known(kind, subject, code, value, true_on, proof, *source))

    def home_of(self, person: Person) -> Household:
        """The household a person lives in."""
        assert person.household is not None  # noqa: S101  asked only of people made with a household
        return self.households[person.household]

    def members(self, home: Household) -> Iterator[tuple[Person, str]]:
        """The members of a household with their relation to its head."""
        return ((self.persons[index], relation) for index, relation in home.members)

    def digest(self) -> str:
        """One number for the whole county: the same seed gives the same county, to the row."""
        sha = hashlib.sha256()
        for rows in (list(self.units.values()), self.employers, self.persons, self.households, self.jobs,
                     self.memberships, self.hardships, self.facts, self.vouchers, self.past):  # fmt: skip
            for row in rows:
                sha.update(json.dumps(asdict(row), default=str, ensure_ascii=False, sort_keys=True).encode())
        return sha.hexdigest()
