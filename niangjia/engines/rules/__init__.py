"""Rules: who is entitled to what, decided the same way for one person and for a million.

A programme is a folder of YAML and two notices. It is read and checked whole (`load`), compiled
for one subject (`compile_python`) or for a table of them (`compile_duckdb`), and each decision
explains itself and can be replayed from what is stored.

>>> import datetime as dt
>>> from niangjia.engines.rules.tests.kit import CATALOGUE, bundle
>>> programme = load(bundle({"older": "age >= 16"}), CATALOGUE, check_examples=False)
>>> decider, day = compile_python(programme), dt.date(2026, 8, 3)
>>> decider.decide({"age": Reading(16)}, {}, day).outcome
'yes'
>>> decision = decider.decide({}, {}, day)
>>> decision.outcome, decision.ask
('unknown', ('age',))
>>> explain(decision.to_json(), "en").headline
'One thing is missing: age (the person).'
>>> replay(decision.to_json(), bundle({"older": "age >= 18"}))[0].en
'The condition older is not the one that was used.'

Not here: people, money, approvals and anything that is kept. This package thinks and never stores.
"""

from __future__ import annotations

from niangjia.engines.rules.codec import SEMANTICS, canonical, sha256_hex
from niangjia.engines.rules.decide import Decider, Verdict, compile_python
from niangjia.engines.rules.decision import Decision
from niangjia.engines.rules.edit import choose, set_amount, set_valid, with_amounts
from niangjia.engines.rules.errors import (
    AmountMissing,
    Problem,
    ReadingInvalid,
    RuleErrors,
    RuleOverflow,
)
from niangjia.engines.rules.evidence import Change, ConditionResult
from niangjia.engines.rules.explain import Explanation, FactLine, Sentence, explain, fill, met_by
from niangjia.engines.rules.facts import PROOFS, Catalogue, Fact, Partial, Reading, Relation, Row
from niangjia.engines.rules.known import Coverage, Registers, what_is_known
from niangjia.engines.rules.load import bundle_hash, load, load_folder, read_folder
from niangjia.engines.rules.model import Programme
from niangjia.engines.rules.replay import Difference, replay
from niangjia.engines.rules.rows import Row as WordRow, rows_in_words
from niangjia.engines.rules.sweep import (
    column_names,
    compile_duckdb,
    relation_schema,
    subject_row,
    subjects_schema,
    sweep_duckdb,
    tables_of,
)

__all__ = [
    "PROOFS",
    "SEMANTICS",
    "AmountMissing",
    "Catalogue",
    "Change",
    "ConditionResult",
    "Coverage",
    "Decider",
    "Decision",
    "Difference",
    "Explanation",
    "Fact",
    "FactLine",
    "Partial",
    "Problem",
    "Programme",
    "Reading",
    "ReadingInvalid",
    "Registers",
    "Relation",
    "Row",
    "RuleErrors",
    "RuleOverflow",
    "Sentence",
    "Verdict",
    "WordRow",
    "bundle_hash",
    "canonical",
    "choose",
    "column_names",
    "compile_duckdb",
    "compile_python",
    "explain",
    "fill",
    "load",
    "load_folder",
    "met_by",
    "read_folder",
    "relation_schema",
    "replay",
    "rows_in_words",
    "set_amount",
    "set_valid",
    "sha256_hex",
    "subject_row",
    "subjects_schema",
    "sweep_duckdb",
    "tables_of",
    "what_is_known",
    "with_amounts",
]
