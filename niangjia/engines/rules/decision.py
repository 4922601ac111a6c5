"""One decision as a value: what was asked, what was known, which numbers applied, what came out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from niangjia.engines.rules import codec
from niangjia.engines.rules.codec import Digest, sha256_hex
from niangjia.engines.rules.evidence import (
    AmountUsed,
    Change,
    ConditionResult,
    FactUsed,
    RelationUsed,
)
from niangjia.engines.rules.facts import Value
from niangjia.engines.rules.model import AsOf, Give, Text
from niangjia.engines.rules.tree import Kind


@dataclass(frozen=True)
class Decision:
    """One subject under one programme version on one day.

    `amount_fen` is what the programme would give in money, on a yes and where known on an unknown.
    """

    system: str
    name: Text
    bundle_hash: str
    subject: str
    today: dt.date
    as_of: dt.date | None
    as_of_rule: AsOf
    outcome: str
    if_confirmed: bool
    near_miss: bool
    conditions: tuple[ConditionResult, ...]
    amount_fen: int | None
    amounts: Mapping[str, Value | None]
    amount_kinds: Mapping[str, Kind]
    give: tuple[Give, ...]
    group: Value | None
    rank_key: Value | None
    ask: tuple[str, ...]
    smallest_change: tuple[Change, ...] | None
    facts: Mapping[str, FactUsed] = field(default_factory=dict)
    relations: Mapping[str, RelationUsed] = field(default_factory=dict)
    amounts_used: Mapping[str, AmountUsed] = field(default_factory=dict)

    def to_json(self, digest: Digest = sha256_hex) -> dict[str, object]:
        """Return the decision as plain JSON values with a digest per part."""
        return codec.encode(vars(self), digest)

    @staticmethod
    def from_json(stored: Mapping[str, object]) -> Decision:
        """Return the decision that a stored JSON row holds."""
        return Decision(**codec.decode(stored))
