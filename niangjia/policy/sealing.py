"""The stored form of a decision: canonical JSON in which each personal value is sealed singly.

The digests inside are taken of the open values before sealing, with the installation's chain key:
whoever changes a row without that key, or changes the version it names, is found out by name.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from typing import Any

from niangjia.core import crypto
from niangjia.engines import rules
from niangjia.policy.readings import NOT_LISTED

Json = dict[str, Any]
# What of a reading tells something about the person.
PERSONAL = ("value", "low", "high", "records")
# Of a record in a list also its day: when somebody began a job is told by it as well.
OF_RECORDS = (*PERSONAL, "on")
# Facts whose date is the day of reading follow from records: the date alone is no change.
NOT_A_CHANGE = ("on", "next_change_on")


def seal_decision(decision: rules.Decision, public_id: str, key: bytes | None) -> tuple[str, str]:
    """The body that the row `public_id` keeps, and the digest over all its parts."""
    stored = decision.to_json(crypto.chain_digest)
    digest = str(stored["digests"]["root"])  # type: ignore[index]
    for holder, name, place in _personal(stored):
        text = json.dumps(holder.pop(name), ensure_ascii=False)
        holder[f"sealed_{name}"] = crypto.seal(text, bound_to=f"decision:{public_id}:{place}", key=key)
    return rules.canonical(stored), digest


def open_decision(body: str, public_id: str, keys: Sequence[bytes]) -> Json:
    """The decision behind a stored body; a value that no key opens stays unknown and is named by replay."""
    stored: Json = json.loads(body)
    for holder, name, place in _personal(stored, prefix="sealed_"):
        token = holder.pop(f"sealed_{name}")
        try:
            holder[name] = json.loads(_opened(token, f"decision:{public_id}:{place}", keys))
        except (crypto.Unreadable, ValueError):
            holder |= {name: None, "unknown": "unreadable"}
    return stored


def _opened(token: str, place: str, keys: Sequence[bytes]) -> str:
    for key in keys[:-1]:
        with suppress(crypto.Unreadable):
            return crypto.unseal(token, bound_to=place, key=key)
    return crypto.unseal(token, bound_to=place, key=keys[-1] if keys else None)


def fingerprint(decision: rules.Decision, dated: Callable[[str], bool]) -> str:
    """A digest of what was decided and on what, without the day: equal means nothing has changed.

    `dated(code)` says whether a fact's date tells something; where a fact follows from records,
    its date is only the day it was read.
    """
    stored: Json = decision.to_json(_no_digest)
    facts = {code: _lasting(item["reading"], dated(code)) for code, item in stored["facts"].items()}
    result = {
        name: stored[name]
        for name in ("bundle", "outcome", "if_confirmed", "near_miss", "amount_fen", "amounts", "group", "rank_key",
                     "ask", "smallest_change", "amounts_used", "relations")
    }  # fmt: skip
    answers = [[item["id"], item["answer"], item["answer_stated"], item["reason"]] for item in stored["conditions"]]
    return crypto.chain_digest(rules.canonical([result, answers, facts]))


def _no_digest(_text: str) -> str:
    return ""


def _lasting(reading: Json | None, dated: bool) -> Json | None:
    if reading is None:
        return None
    # That a register is complete is said again and again: what follows from its silence stays the same.
    silent = reading.get("source_en") == NOT_LISTED[1]
    left_out = ("next_change_on",) if dated and not silent else NOT_A_CHANGE
    return {name: value for name, value in reading.items() if name not in left_out}


def _personal(stored: Json, prefix: str = "") -> Iterator[tuple[Json, str, str]]:
    """Each place of a decision that holds a personal value: the object, the name in it, where it is."""
    for code, item in stored["facts"].items():
        yield from _reading(item["reading"], code, prefix)
    for relation, item in stored["relations"].items():
        for number, row in enumerate(item["rows"] or ()):
            for code, reading in row.items():
                yield from _reading(reading, f"{relation}.{number}.{code}", prefix, OF_RECORDS)
    for number, step in enumerate(stored["smallest_change"] or ()):
        if f"{prefix}from" in step:
            yield step, "from", f"change.{number}"


def _reading(
    reading: Json | None, place: str, prefix: str, names: tuple[str, ...] = PERSONAL
) -> Iterator[tuple[Json, str, str]]:
    for name in names:
        if reading is not None and f"{prefix}{name}" in reading:
            yield reading, name, f"{place}.{name}"
