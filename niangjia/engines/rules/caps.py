"""Caps: how much or how often at most, per person, household, year or payee, as data of a programme.

    caps:
      - {per: [person, year], fen: cap_per_year, received: received_this_year_fen}
      - {per: [household], times: most_times, received: times_received}

`fen` and `times` name a number of `amounts.yaml`, `received` the registered fact of what was given already.
What a programme gives is then the formula of its rules, held under each cap, in every back end alike: what
is received is a fact like any other, and while it is unknown so is the amount, unless the cap cannot matter.
The guard against two grants at once is the ledger's.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from niangjia.engines.rules.errors import Broken
from niangjia.engines.rules.language import parse
from niangjia.engines.rules.model import SUBJECTS, Cap, Formula
from niangjia.engines.rules.names import Scope
from niangjia.engines.rules.reader import Reader
from niangjia.engines.rules.yamltree import Tree

CAP_KEYS = ("per", "fen", "times", "received")
PER = (*SUBJECTS, "payee", "year", "month")


def load_caps(reader: Reader, tree: Tree | None) -> tuple[Cap, ...]:
    """Return the caps of a programme, reporting what is wrong in them."""
    found: list[Cap] = []
    for node in reader.items(tree, "caps") if tree is not None else []:
        parts = reader.entries(node, "caps")
        reader.known(node, CAP_KEYS)
        per = reader.need(node, "per")
        words = per.value if per is not None and isinstance(per.value, list) else [per]
        limits = [name for name in ("fen", "times") if name in parts]
        if len(limits) != 1:
            reader.report("shape", node, name="caps", want_zh="fen或times之一", want_en="one of fen and times")
            continue
        limit = reader.text(parts[limits[0]], limits[0])
        received = reader.text(reader.need(node, "received"), "received")
        found.append(Cap(tuple(reader.pick(word, "per", PER) for word in words), limits[0], limit, received))
    return tuple(found)


def held(
    reader: Reader, tree: Tree | None, caps: tuple[Cap, ...], formulas: tuple[Formula, ...], scope: Scope,
    paid: Collection[str],
) -> tuple[Formula, ...]:  # fmt: skip
    """Return the formulas, those that are paid held under each cap."""
    if tree is None or not caps:
        return formulas
    found: list[Formula] = []
    for formula in formulas:
        for cap in caps if formula.name in paid else ():
            text = under(cap, formula.text)
            try:
                formula = replace(formula, text=text, value=parse(text, scope))
            except Broken as error:
                reader.report(error.code, tree, **error.words)
        found.append(formula)
    return tuple(found)


def under(cap: Cap, text: str) -> str:
    """Return the expression of an amount under a cap."""
    if cap.kind == "fen":
        return f"greatest(least({text}, {cap.limit} - {cap.received}), 0)"
    return f"case when {cap.received} < {cap.limit} then {text} else 0 end"
