"""Recipes for tests: small, whole, and free of any real paper."""

from __future__ import annotations

from pathlib import Path

AID = {
    "programme.yaml": """\
format: 1
system: S70
name: {zh: 助学, en: Study aid}
source: {paper: a test, about: 2024-01-01}
owner_level: county
subject: person
payee: household
per: [person]
valid: {from: 2024-01-01}
ask: automatic
decide: review
give: {kind: cash, amount: aid}
fund: {line: study-aid}
labels:
  aid_per_student: {zh: 助学标准, en: Aid per student}
  income_line: {zh: 收入线, en: Income line}
notice: {days: 7, after: approval}
""",
    "rules.yaml": """\
conditions:
  - id: letter
    when: admission_letter
    proof: document
    zh: 有录取通知书
    en: Has the letter of admission
    clause: {title: 《测试办法》, article: 第三条, date: 2024-01-01, zh: 凭通知书。, en: By the letter.}
  - id: income
    when: household.income_per_head <= income_line
    near: household.income_per_head <= income_line + near_band
    zh: 人均收入不超过{income_line}
    en: Income per head of at most {income_line}
  - id: of_age
    when: years_since(born_on) >= age_least
    zh: 年满{age_least}周岁
    en: At least {age_least} years old
amounts:
  aid: aid_per_student
""",
    "amounts.yaml": """\
aid_per_student: [{from: 2024-01-01, unit: fen, missing: true}]
income_line: [{from: 2024-01-01, unit: fen, missing: true}]
near_band: [{from: 2024-01-01, value: 20000, unit: fen, stated: true, line: 3}]
age_least: [{from: 2024-01-01, value: 16, unit: year, stated: true}]
""",
    "examples.yaml": """\
today: 2024-06-01
assume: {aid_per_student: 500000, income_line: 150000}
examples:
  - name: 符合
    facts: {admission_letter: true, household.income_per_head: 150000, born_on: 2008-06-01}
    expect: {outcome: yes, amount_fen: 500000}
  - name: 收入高一点
    facts: {admission_letter: true, household.income_per_head: 150001, born_on: 2008-06-01}
    expect: {outcome: no, near_miss: true}
  - name: 没交通知书
    facts: {household.income_per_head: 150000, born_on: 2008-06-01}
    expect: {outcome: unknown, ask: [admission_letter]}
""",
    "notice.zh.md": "助学。\n",
    "notice.en.md": "Study aid.\n",
}

GIFT = {
    "programme.yaml": """\
format: 1
system: S09
name: {zh: 慰问金, en: Gift}
source: {paper: a test}
owner_level: county
subject: person
payee: person
per:
  choose: [[person], [household]]
  zh: 按人还是按户
  en: Per person or per household
valid: {from: 2024-01-01}
ask: automatic
decide: rule
give: {kind: cash, amount: gift}
fund: {line: gifts}
""",
    "rules.yaml": """\
conditions:
  - id: in_file
    when: household.hardship_in_file
    zh: 家庭在档
    en: The household is in file
amounts:
  gift: gift_each
""",
    "amounts.yaml": "gift_each: [{from: 2024-01-01, value: 200000, unit: fen, stated: true}]\n",
    "examples.yaml": """\
today: 2024-06-01
examples:
  - name: 在档
    facts: {household.hardship_in_file: true}
    expect: {outcome: yes, amount_fen: 200000}
  - name: 不在档
    facts: {household.hardship_in_file: false}
    expect: {outcome: no}
  - name: 不知道
    facts: {}
    expect: {outcome: unknown}
""",
    "notice.zh.md": "慰问金。\n",
    "notice.en.md": "A gift.\n",
}


def write_shelf(root: Path) -> None:
    """Put the recipes, and a broken one, on a shelf."""
    broken = {**AID, "rules.yaml": AID["rules.yaml"].replace("<= income_line\n    near", "<= incme_line\n    near")}
    for name, bundle in {"aid": AID, "gift": GIFT, "broken": broken}.items():
        folder = root / name
        folder.mkdir(parents=True)
        for file, text in bundle.items():
            (folder / file).write_text(text, encoding="utf-8")
