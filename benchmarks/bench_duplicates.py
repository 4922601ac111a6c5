"""Who may be the same person as somebody who is entered, among 1,000,000 persons on PostgreSQL.

One question is everything the officer's page asks: number and every slip of it, telephone, namesakes of one
month, reading what was found, and weighing it. The client is this process.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from statistics import median, quantiles
from typing import Any

from benchmarks.million import PERSONS, in_child

QUESTIONS = 300


def measure() -> dict[str, str]:
    """Milliseconds for each kind of question, and how many of the files asked for were found."""
    return in_child("benchmarks.bench_duplicates")


def measured(built: dict[str, Any]) -> dict[str, str]:
    """The same, in the process that has the million."""
    from niangjia.federation.scopes import scope_of  # noqa: PLC0415  Django starts with the million

    county, town = (scope_of(built["users"][name], "people.registry:write") for name in ("county", "town"))
    some = built["people"][:QUESTIONS]
    found = {f"{PERSONS:,} persons": f"written in {built['seconds']:.0f} s"}
    for name, asked in (("number one digit wrong", _slip), ("two digits swapped", _swapped),
                        ("no number, name and birthday", _namesake), ("everything at once", _all),
                        ("nobody", _nobody)):  # fmt: skip
        found[f"{name}, county"] = _timed(some, asked, county)
    found["everything at once, one town"] = _timed(some, _all, town)
    return found


def _timed(some: list[Any], asked: Callable[..., dict[str, Any]], scope: Any) -> str:
    from django.apps import apps  # noqa: PLC0415

    from niangjia.people.alike import alike  # noqa: PLC0415

    Person = apps.get_model("people", "Person")

    seconds, hits = [], 0
    for name, number, born, phone in some:
        person = Person(**asked(name, number, born, phone))
        began = time.perf_counter()
        person.fill_keys()
        likely = alike(person, scope)
        seconds.append(time.perf_counter() - began)
        hits += any(one.person.born_on == born and one.person.name == name for one in likely)
    p50, p95 = median(seconds) * 1000, quantiles(seconds, n=20)[-1] * 1000
    return f"p50 {p50:.1f} ms, p95 {p95:.1f} ms; {hits} of {len(some)} found"


def _slip(name: str, number: str, born: Any, phone: str) -> dict[str, Any]:
    wrong = str((int(number[13]) + 1) % 10)
    return {"name": "苍耳", "id_number": number[:13] + wrong + number[14:]}


def _swapped(name: str, number: str, born: Any, phone: str) -> dict[str, Any]:
    at = next((at for at in range(14, 16) if number[at] != number[at + 1]), 14)
    return {"name": "苍耳", "id_number": number[:at] + number[at + 1] + number[at] + number[at + 2 :]}


def _namesake(name: str, number: str, born: Any, phone: str) -> dict[str, Any]:
    return {"name": name, "born_on": born, "phone": "+8619900000000"}


def _all(name: str, number: str, born: Any, phone: str) -> dict[str, Any]:
    return {**_slip(name, number, born, phone), "name": name, "born_on": born, "phone": phone}


def _nobody(name: str, number: str, born: Any, phone: str) -> dict[str, Any]:
    number = f"88{number[2:]}"
    return {"name": "苍耳子", "born_on": born + timedelta(days=9), "id_number": number, "phone": "+8619911111111"}
