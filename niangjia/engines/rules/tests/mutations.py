"""A valid folder that uses every part of the format, and ways to break it at one node of its grammar."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from niangjia.engines.rules.yamltree import Tree, read

P, R, A, E = "programme.yaml", "rules.yaml", "amounts.yaml", "examples.yaml"
RICH: Mapping[str, str] = {
    P: """format: 1
system: S00
name:
  zh: 试验
  en: Trial
source:
  paper: none
owner_level: county
subject: person
payee: person
per: [person, year]
valid:
  from: 2020-01-01
  to: 2025-12-31
as_of:
  amount: lost_on
  plus_months: 1
ask: apply
decide: rule
give:
  - kind: cash
    amount: grant
  - kind: honour
    zh: 证书
    en: A certificate
fund:
  line: none
labels:
  limit_fen:
    zh: 上限
    en: Limit
""",
    R: """conditions:
  - id: months
    when: months >= months_needed
    zh: 满{months_needed}个月
    en: "{months_needed} months"
    proof: seal
    fresh_days: 30
    near: months >= 2
  - id: grown
    when: years_since(born_on) >= years_needed and grade in ('a', 'b')
    zh: 已满{years_needed}岁
    en: Old enough
    clause:
      title: 《试验办法》
      article: 第一条
      date: 2020-01-01
      zh: 成年
      en: Of age
  - id: days
    when: born_on < first_day and count(jobs, wage > 0) >= 1
    zh: 有工作
    en: Has a job
amounts:
  grant: least(band(steps, bill), limit_fen)
  half:
    value: share(bill, half_rate)
    proof: document
group: member
rank_key: months + 1
""",
    A: """limit_fen:
  - from: 2020-01-01
    value: 10000
    unit: fen
    stated: true
    line: "3"
half_rate:
  - from: 2020-01-01
    value: 500000
    unit: ppm
    set:
      document: 文
      by: 会
months_needed:
  - from: 2020-01-01
    value: 3
    unit: month
    stated: true
years_needed:
  - from: 2020-01-01
    to: 2021-12-31
    value: 16
    unit: year
    stated: true
  - from: 2022-01-01
    value: 18
    unit: year
    stated: true
first_day:
  - from: 2020-01-01
    to: 2021-12-31
    value: 2020-02-29
    stated: true
  - from: 2022-01-01
    value: 2022-02-28
    stated: true
lost_on:
  - from: 2020-01-01
    value: 2020-02-29
    stated: true
steps:
  - from: 2020-01-01
    unit: fen
    on: fen
    bands:
      - upto: 5000
        value: 80
      - upto: 10000
        value: 50
      - value: 20
    stated: true
""",
    E: """today: 2020-03-01
assume:
  limit_fen: 60
examples:
  - name: 都符合
    facts:
      months: {value: 3, proof: seal, on: 2020-03-20}
      born_on: 2000-01-01
      grade: a
      bill: 6000
    relations:
      jobs: [{wage: 5}]
    expect: {outcome: yes, amount_fen: 50}
  - name: 没有工作
    facts:
      months: 3
      born_on: 2000-01-01
      grade: a
    relations:
      jobs: []
    expect: no
  - name: 不知道
    facts:
      months: {low: 2, high: 4}
      born_on: 2000-01-01
      grade: a
    relations:
      jobs: [{wage: 5}]
    expect:
      outcome: unknown
      ask: [months]
""",
    "notice.zh.md": "最多{limit_fen}。\n",
    "notice.en.md": "At most {limit_fen}.\n",
}


@dataclass(frozen=True)
class Mutation:
    """One change of one node: the file, the whole text after it, and the lines that are its own.

    Its own are the line of the node and those where the entries begin that it stands in.
    """

    file: str
    lines: frozenset[int]
    text: str
    what: str


VALUES = (
    "", "[]", "[1]", "{a: 1}", "word", "'3'", "true", "2020-13-45", "2019-01-01", "2030-01-01", "1.5", "-1", "0", "7",
    "99999999999999999999", "&x 1", "!t 1", "*x", "[", "'", "\"{nobody}\"", "lost_on", "limit_fen", "derived",
)  # fmt: skip
BLOCKS = ("[]", "{}", "1", "[1]", "{nobody: 1}", "[{nobody: 1}]")
OTHERS = {
    "stated": ("derived", "missing"),
    "value": ("values",),
    "fact": ("amount",),
    "amount": ("fact",),
    "yes": ("no",),
}
EXPRESSIONS = ("when", "near", "grant", "value", "group", "rank_key")
TOKENS = re.compile(r"'[^']*'|[a-z_][a-z0-9_.]*|\d+|<=|>=|<>|[<>=+*()-]")
PIECES = (
    "nobody", "months", "limit_fen", "born_on", "lost_on", "member", "grade", "'z'", "1.5", "99999999999999999999",
    "date '2020-02-30'", "steps", "is null", "/", "(", ")", "", "median(bill)", "least(bill)", "x.y.z", ";",
    "(" * 70 + "1" + ")" * 70,
)  # fmt: skip


@dataclass(frozen=True)
class Node:
    """One value of a file, the key it belongs to and the lines it is answered for."""

    key: str
    tree: Tree
    lines: frozenset[int]


def nodes(file: str, text: str) -> Iterator[Node]:
    """Yield every value of a file, whole maps and lists too, in reading order."""
    tree = read(file, text, [])
    assert tree is not None
    yield from _inside("", tree, frozenset())


def _inside(key: str, tree: Tree, above: frozenset[int]) -> Iterator[Node]:
    here = above | {tree.line}
    if key:
        yield Node(key, tree, here)
    if isinstance(tree.value, dict):
        for name, item in tree.value.items():
            own = {tree.place_of(name)[0]}
            yield from _inside(name, item, (here if key else above) | own)
    elif isinstance(tree.value, list):
        for item in tree.value:
            yield from _inside(key, item, above | {tree.line})


def of_values(file: str, text: str) -> Iterator[Mutation]:
    """Yield the text with one value replaced by something else, or by what another such key has."""
    found = list(nodes(file, text))
    others: dict[str, dict[str, None]] = {}
    for node in found:
        if not isinstance(node.tree.value, dict | list):
            others.setdefault(node.key, {})[text[node.tree.start : node.tree.end]] = None
    for node in found:
        is_leaf = not isinstance(node.tree.value, dict | list)
        for value in (*VALUES, *others[node.key]) if is_leaf else BLOCKS:
            end = node.tree.end if is_leaf else len(text[: node.tree.end].rstrip())
            new = text[: node.tree.start] + value + text[end:]
            yield Mutation(file, node.lines, new, f"{node.key}: {value}")


def of_keys(file: str, text: str) -> Iterator[Mutation]:
    """Yield the text with one key misspelt, written twice, made another key, or left out with its line."""
    lines = text.split("\n")
    own = {node.tree.line: node.lines for node in nodes(file, text)}
    for at, line in enumerate(lines):
        found = re.match(r"( *(?:- )?)([a-z_]+):(.*)\Z", line)
        if not found:
            continue
        mark, key, rest = found.groups()
        blank = mark.replace("-", " ")
        changes = {
            "misspelt": [f"{mark}{key}x:{rest}"],
            "listed": [f"{mark}[{key}]:{rest}"],
            "left out": [] if "-" not in mark else [mark.rstrip()],
            "twice": [line, f"{blank}{key}: 1"],
            "one more": [f"{mark}idle: 1", f"{blank}{key}:{rest}"],
            **{f"as {other}": [f"{mark}{other}:{rest}"] for other in OTHERS.get(key, ())},
        }
        for what, new in changes.items():
            mine = own.get(at + 1, frozenset()) | {at + 1, at + 2 if what == "twice" else at + 1}
            yield Mutation(file, mine, "\n".join([*lines[:at], *new, *lines[at + 1 :]]), f"{key} {what}")


def of_expressions(file: str, text: str) -> Iterator[Mutation]:
    """Yield the text with one word of one expression replaced."""
    for node in nodes(file, text):
        value, tree = node.tree.value, node.tree
        if node.key not in EXPRESSIONS or not isinstance(value, str) or text[tree.start : tree.end] != value:
            continue
        for token in TOKENS.finditer(value):
            for piece in PIECES:
                new = value[: token.start()] + piece + value[token.end() :]
                whole = text[: tree.start] + new + text[tree.end :]
                yield Mutation(file, frozenset({tree.line}), whole, f"{node.key}: {new}")


def of_notices(file: str, text: str) -> Iterator[Mutation]:
    """Yield the notice with another name in braces, and empty."""
    for found in re.finditer(r"\{[a-z_]+\}", text):
        line = text.count("\n", 0, found.start()) + 1
        yield Mutation(file, frozenset({line}), text.replace(found[0], "{nobody}", 1), "another name")
    yield Mutation(file, frozenset({1}), "\n", "empty")


def mutations(bundle: Mapping[str, str]) -> Iterator[Mutation]:
    """Yield every mutation of a folder."""
    for file in (P, R, A, E):
        yield from of_values(file, bundle[file])
        yield from of_keys(file, bundle[file])
    yield from of_expressions(R, bundle[R])
    for file in ("notice.zh.md", "notice.en.md"):
        yield from of_notices(file, bundle[file])
