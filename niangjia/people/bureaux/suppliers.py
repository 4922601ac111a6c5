"""Which bureau can answer what: the supplier that a fact names, and bureaus that can answer beside it."""

from __future__ import annotations

from collections import defaultdict

from niangjia.core.facts import Fact, facts

_PREFIX = "bureau:"
# Beside the supplier that a fact names first: who holds a register of it all the same.
ALSO: dict[str, tuple[str, ...]] = {
    "household.medical_bill": ("医保局",),
    "household.medical_insurance_paid": ("医保局",),
    "household.serious_illness_paid": ("医保局",),
    "household.medical_slips_complete": ("医保局",),
    "person.school_stage": ("教育局",),
}
SUBJECTS = ("household", "person")


def bureaus_of(key: str) -> tuple[str, ...]:
    """The bureaus that can answer a fact, the one it names first; none for a fact that follows from records."""
    if key not in facts or not facts.get(key).recorded or facts.get(key).subject not in SUBJECTS:
        return ()
    supplier = facts.get(key).supplier
    first = (supplier.removeprefix(_PREFIX),) if supplier.startswith(_PREFIX) else ()
    return first + ALSO.get(key, ())


def bureaus() -> dict[str, list[Fact]]:
    """Every bureau with the facts it can answer, in the order they are registered."""
    found: dict[str, list[Fact]] = defaultdict(list)
    for fact in facts.all():
        for bureau in bureaus_of(key_of(fact)):
            found[bureau].append(fact)
    return dict(found)


def key_of(fact: Fact) -> str:
    """The key a fact is registered under."""
    return f"{fact.subject}.{fact.code}"
