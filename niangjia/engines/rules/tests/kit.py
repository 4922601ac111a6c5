"""A programme that uses every construct of the language, and bundles made from parts."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Mapping
from typing import Any

from niangjia.engines.rules import Catalogue, Fact, Programme, Reading, Relation, load
from niangjia.engines.rules.facts import Partial, Value

JOB_KINDS = {"full": ("全日制", "full time"), "platform": ("平台", "platform work")}
JOBS = Relation(
    "jobs",
    (
        Fact("wage", "fen", "工资", "wage"),
        Fact("began_on", "date", "开始日期", "first day"),
        Fact("kind", "code", "用工形式", "form of work", codes=JOB_KINDS),
        Fact("insured", "bool", "已参保", "insured"),
    ),
    "工作",
    "jobs",
)
FACTS = (
    Fact("age", "int", "年龄", "age", unit="age"),
    Fact("months", "int", "月数", "months", unit="month", changeable=True, cost=2),
    Fact("bill", "fen", "账单", "bill", cost=3),
    Fact("paid", "fen", "已付", "paid"),
    Fact("born_on", "date", "出生日期", "date of birth"),
    Fact("lost_on", "date", "失业日期", "day out of work", changeable=True),
    Fact("member", "bool", "会员", "member", changeable=True),
    Fact("grade", "code", "等级", "grade", codes={"a": ("甲", "A"), "b": ("乙", "B"), "c": ("丙", "C")}),
    Fact("household.size", "int", "家庭人数", "household size", unit="person"),
    Fact("rate", "ppm", "比例", "rate"),
)
CATALOGUE = Catalogue(FACTS, (JOBS,))

HEAD = """format: 1
system: S00
name: {zh: 试验, en: Trial}
source: {paper: none}
owner_level: county
subject: person
payee: person
per: [person]
valid: {from: 2020-01-01}
ask: automatic
decide: rule
give: {kind: honour}
fund: {line: none}
"""
AMOUNTS = """limit_fen: [{from: 2020-01-01, value: 10000, unit: fen, stated: true}]
part: [{from: 2020-01-01, value: 333333, unit: ppm, stated: true}]
months_needed: [{from: 2020-01-01, value: 3, unit: month, stated: true}]
years_needed:
  - {from: 2020-01-01, to: 2021-12-31, value: 16, unit: year, stated: true}
  - {from: 2022-01-01, value: 18, unit: year, stated: true}
first_day: [{from: 2020-01-01, value: 2020-02-29, stated: true}]
steps:
  - from: 2020-01-01
    bands: [{upto: 5000, value: 80}, {upto: 10000, value: 50}, {value: 20}]
    unit: fen
    on: fen
    stated: true
wanted_grade: [{from: 2020-01-01, value: a, unit: code, stated: true}]
"""
USE_ALL = (
    "limit_fen > 0 or share(limit_fen, part) > 0 or months_needed > 0 or years_needed > 0 "
    "or first_day < date '2021-01-01' or band(steps, limit_fen) > 0 or wanted_grade = 'a'"
)
NOTICE = "告知 / notice\n"


def bundle(
    conditions: Mapping[str, str],
    formulas: Mapping[str, str] | None = None,
    head: str = HEAD,
    amounts: str = AMOUNTS,
    extra: str = "",
    tail: str = "",
) -> dict[str, str]:
    """Return a folder with these conditions; one more uses every amount so that none is idle."""
    lines = ["conditions:"]
    for name, text in {**conditions, "uses_all": USE_ALL}.items():
        lines += [f"  - id: {name}", f"    when: >-\n      {text}", f"    zh: 条件{name}", f"    en: Condition {name}"]
        if name != "uses_all" and extra:
            lines.append(f"    {extra}")
    if formulas:
        lines.append("amounts:")
        lines += [f"  {name}: >-\n    {text}" for name, text in formulas.items()]
    return {
        "programme.yaml": head,
        "rules.yaml": "\n".join(lines) + "\n" + tail,
        "amounts.yaml": amounts,
        "notice.zh.md": NOTICE,
        "notice.en.md": NOTICE,
    }


def programme(conditions: Mapping[str, str], formulas: Mapping[str, str] | None = None, **parts: str) -> Programme:
    """Return the programme of these conditions, without examples."""
    return load(bundle(conditions, formulas, **parts), CATALOGUE, check_examples=False)


DAYS = [dt.date(2020, 2, 28) + dt.timedelta(n) for n in range(3)]
DAYS += [dt.date(2020, 1, 31), dt.date(2021, 2, 28), dt.date(2004, 2, 29), dt.date(2019, 12, 31), dt.date(2022, 1, 1)]
POOL: dict[str, list[Value]] = {
    "bool": [True, False],
    "int": [-1, 0, 1, 2, 3, 4, 15, 16, 17, 18, 19],
    "fen": [-1, 0, 1, 2, 3, 4999, 5000, 5001, 9999, 10000, 10001, 30000],
    "ppm": [0, 1, 333332, 333333, 500000, 1000000],
    "date": list(DAYS),
    "code": ["a", "b", "c", "full", "platform"],
}


def random_reading(rng: random.Random, fact: Fact, today: dt.date) -> Reading | None:
    """Return a reading near the edges of the trial amounts, or nothing."""
    roll = rng.random()
    if roll < 0.1:
        return None
    proof, on = rng.choice([1, 3, 5]), rng.choice([today, today - dt.timedelta(30), None])
    if roll < 0.18:
        return Reading(None, proof, on)
    if roll < 0.26 and fact.type in {"int", "fen"}:
        low = rng.choice([0, 2, 3, 9999, 10000])
        return Reading(None, proof, on, low=rng.choice([None, low]), high=rng.choice([None, low, low + 1]))
    return Reading(rng.choice(POOL[fact.type]), proof, on)


def random_subject(rng: random.Random, today: dt.date) -> tuple[dict[str, Reading], dict[str, Any]]:
    """Return one subject with up to three jobs, or with no complete register of jobs."""
    made = {fact.code: random_reading(rng, fact, today) for fact in FACTS}
    readings = {code: found for code, found in made.items() if found is not None}
    if rng.random() < 0.12:
        return readings, {}
    rows = []
    for _at in range(rng.randint(0, 3)):
        row = {column.code: random_reading(rng, column, today) for column in JOBS.columns}
        rows.append({code: found for code, found in row.items() if found is not None})
    return readings, {"jobs": Partial(rows) if rng.random() < 0.15 else rows}
