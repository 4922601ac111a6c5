"""A draw that nobody can steer: the list and the source of the seed are fixed before the seed exists.

What is fixed beforehand is one text, the *committed list*: title, places, who holds one already,
entrants with group, rank and tie-break, and where and when others will publish the seed. Its
SHA-256 is published first. When the seed is out, each entrant's ticket is SHA-256 of
`hash:seed:id`, in hexadecimal; equals stand by their tickets, the smallest first. A ticket depends
on nobody else: when somebody declines, nobody is moved past another.
"""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from niangjia.engines.allocation.errors import AllocationError
from niangjia.engines.allocation.places import Allocation, Entrant, allocate

FORMAT = "niangjia-draw/1"


@dataclass(frozen=True)
class Seed:
    """Where the seed comes from, on which day others publish it, and, once that is out, what it is."""

    source: str
    on: date
    value: str = ""


@dataclass(frozen=True)
class Draw:
    """One draw: what is fixed beforehand, the seed that came later, and who has declined since."""

    title: str
    places: int
    entrants: tuple[Entrant, ...]
    seed: Seed
    held: tuple[str, ...] = ()
    declined: tuple[str, ...] = ()

    def to_commit(self) -> dict[str, object]:
        """What is fixed before the seed exists, as plain values; entrants by id."""
        return {
            "format": FORMAT,
            "title": self.title,
            "places": self.places,
            "held": list(self.held),
            "seed_source": self.seed.source,
            "seed_on": self.seed.on.isoformat(),
            "entrants": [
                {"id": one.id, "group": one.group, "rank": one.rank, "tie": list(one.tie)}
                for one in sorted(self.entrants, key=lambda one: one.id)
            ],
        }

    @property
    def list_hash(self) -> str:
        """What is published first: SHA-256 of the committed list as canonical JSON, in hexadecimal."""
        text = json.dumps(self.to_commit(), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()

    def with_seed(self, value: str) -> Draw:
        """The draw with the seed that was published; once it is there it stands."""
        plain = plain_seed(value)
        if self.seed.value and self.seed.value != plain:
            raise AllocationError("seed-stands", "种子已经录入，不能再改。", "The seed is already there and stands.")
        return replace(self, seed=replace(self.seed, value=plain))

    def with_declined(self, ids: Iterable[str]) -> Draw:
        """The draw after these gave back their place or their turn."""
        return replace(self, declined=tuple(sorted({*self.declined, *ids})))

    def run(self) -> Allocation:
        """Who gets a place; without a seed, who is certain of one and who is in the draw."""
        list_hash, seed = self.list_hash, self.seed.value
        return allocate(
            self.entrants,
            self.places,
            ticket=(lambda id: ticket(list_hash, seed, id)) if seed else None,
            held=self.held,
            declined=self.declined,
        )


def ticket(list_hash: str, seed: str, id: str) -> str:
    """The ticket of one entrant: SHA-256 of `hash:seed:id`, in hexadecimal."""
    return hashlib.sha256(f"{list_hash}:{seed}:{id}".encode()).hexdigest()


def plain_seed(value: str) -> str:
    """A seed as it is used: full-width digits and letters made plain, blanks at its ends and runs of them cut."""
    plain = " ".join(unicodedata.normalize("NFKC", value).split())
    if not plain:
        raise AllocationError("seed-empty", "种子是空的。", "The seed is empty.")
    return plain
