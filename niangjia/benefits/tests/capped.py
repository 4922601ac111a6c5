"""Recipes with caps, for tests: money for workers in file, the same rule under several names."""

from __future__ import annotations

from pathlib import Path

HOME_YEAR = "{per: [household, year], fen: most_per_year, received: household.received_cash_this_year_fen}"
LIMITS = {
    "most_per_year": ("每户每年限额", "{from: 2024-01-01, value: 200000, unit: fen, stated: true}"),
    "most_times": ("每户经一人领取次数", "{from: 2024-01-01, value: 1, unit: time, stated: true}"),
}
HEAD = """\
format: 1
system: S09
name: {zh: 救助NAME, en: Aid NAME}
source: {paper: a test}
owner_level: county
subject: person
payee: PAYEE
per: [person]
valid: {from: 2024-01-01}
ask: automatic
decide: rule
give: {kind: cash, amount: relief}
fund: {line: relief}
notice: {days: 5}
labels:
  LIMIT: {zh: LABEL, en: Limit}
caps:
  - CAP
"""
RULES = """\
conditions:
  - id: in_file
    when: household.hardship_in_file
    zh: 家庭在档
    en: The household is in file
  - id: worker
    when: is_worker
    zh: 是职工
    en: Is a worker
amounts:
  relief: relief_each
"""
AMOUNTS = """\
relief_each: [{from: 2024-01-01, value: FEN, unit: fen, stated: true}]
LIMIT: [ENTRY]
"""
EXAMPLES = """\
today: 2024-06-01
examples:
  - name: 在档职工
    facts: {household.hardship_in_file: true, is_worker: true, RECEIVED: 0}
    expect: {outcome: yes, amount_fen: FEN}
  - name: 不在档
    facts: {household.hardship_in_file: false, is_worker: true}
    expect: {outcome: no}
  - name: 不知道在不在档
    facts: {is_worker: true}
    expect: {outcome: unknown, ask: [household.hardship_in_file]}
"""


def write_capped(shelf: Path, name: str, *, fen: int = 150_000, caps: str = HOME_YEAR, payee: str = "person") -> str:
    """Put a recipe on a shelf; its limit: 2,000 yuan a year, or once. Returns its name."""
    limit = next(code for code in LIMITS if code in caps)
    words = {
        "NAME": name, "PAYEE": payee, "LIMIT": limit, "LABEL": LIMITS[limit][0], "ENTRY": LIMITS[limit][1],
        "CAP": caps, "FEN": str(fen), "RECEIVED": caps.rpartition("received: ")[2].rstrip("}"),
    }  # fmt: skip
    texts = {"programme.yaml": HEAD, "rules.yaml": RULES, "amounts.yaml": AMOUNTS, "examples.yaml": EXAMPLES}
    texts |= {"notice.zh.md": "救助。\n", "notice.en.md": "Aid.\n"}
    (shelf / name).mkdir(parents=True)
    for file, text in texts.items():
        for word, value in words.items():
            text = text.replace(word, value)
        (shelf / name / file).write_text(text, encoding="utf-8")
    return name
