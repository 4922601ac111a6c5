"""Reading a recipe folder into a checked programme, or into the list of what is wrong with it."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from niangjia.engines.rules.caps import held, load_caps
from niangjia.engines.rules.errors import Problem, RuleErrors, problem
from niangjia.engines.rules.examples import check_examples as run_examples, load_examples
from niangjia.engines.rules.facts import Catalogue
from niangjia.engines.rules.kinds import advise
from niangjia.engines.rules.load_amounts import load_amounts
from niangjia.engines.rules.load_rules import Rules, load_rules
from niangjia.engines.rules.model import (
    LEVELS,
    SUBJECTS,
    Amount,
    AsOf,
    Cap,
    Choice,
    Give,
    Programme,
    Text,
)
from niangjia.engines.rules.names import Scope
from niangjia.engines.rules.notice import unknown_numbers
from niangjia.engines.rules.reader import Reader
from niangjia.engines.rules.yamltree import Tree, read

YAML_FILES = ("programme.yaml", "rules.yaml", "amounts.yaml", "examples.yaml")
NOTICES = ("notice.zh.md", "notice.en.md")
FILES = (*YAML_FILES, *NOTICES)
KEYS = (
    "format",
    "system",
    "name",
    "source",
    "owner_level",
    "subject",
    "payee",
    "per",
    "valid",
    "as_of",
    "ask",
    "decide",
    "give",
    "fund",
    "labels",
    "caps",
)
# Kept with the programme as they are written.
KEPT = ("fund", "labels")
ASK = ("automatic", "apply", "nominate", "register", "walk-in", "report")
DECIDE = ("rule", "review", "rank", "draw", "first-come", "panel")
GIVE = ("cash", "voucher", "coupon", "goods", "service", "seat", "cover", "honour")
PAYEES = (*SUBJECTS, "provider")

# What another room says about its own section: zh, en, advice zh, advice en for each problem.
SectionCheck = Callable[[object], Iterable[tuple[str, str, str, str]]]


def bundle_hash(bundle: Mapping[str, str]) -> str:
    """Return the hash of a folder's texts; line ends count alike on every system."""
    plain = {name: text.replace("\r\n", "\n") for name, text in bundle.items()}
    canonical = json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def read_folder(path: Path | str) -> dict[str, str]:
    """Return the texts of a recipe folder by file name."""
    found: dict[str, str] = {}
    for item in sorted(Path(path).iterdir()):
        if item.is_file() and not item.name.startswith("."):
            found[item.name] = item.read_bytes().decode("utf-8", "replace").replace("\r\n", "\n")
    return found


def load_folder(
    path: Path | str,
    catalogue: Catalogue,
    sections: Mapping[str, SectionCheck] | None = None,
    *,
    check_examples: bool = True,
) -> Programme:
    """Return the programme of a folder; its slug is the folder's name."""
    folder = Path(path)
    found = load(read_folder(folder), catalogue, sections, check_examples=check_examples)
    return replace(found, slug=folder.name)


def load(
    bundle: Mapping[str, str],
    catalogue: Catalogue,
    sections: Mapping[str, SectionCheck] | None = None,
    *,
    check_examples: bool = True,
) -> Programme:
    """Return the programme of a bundle, or raise `RuleErrors` with everything wrong in it."""
    problems: list[Problem] = []
    trees = _read_files(bundle, problems, need_examples=check_examples)
    if problems:
        raise RuleErrors(problems)
    head = Reader("programme.yaml", problems)
    parts = _head(head, trees["programme.yaml"], sections or {})
    amount_reader = Reader("amounts.yaml", problems)
    amounts = load_amounts(amount_reader, trees["amounts.yaml"], parts.valid)
    for name in NOTICES:
        problems.extend(unknown_numbers(name, bundle[name], amounts))
    scope = _scope(catalogue, amounts)
    rules = load_rules(Reader("rules.yaml", problems), trees["rules.yaml"], scope)
    if not problems:
        paid, place = {item.amount for item in parts.give}, trees["programme.yaml"].child("caps")
        rules = replace(rules, formulas=held(head, place, parts.caps, rules.formulas, scope, paid))
    if problems:
        # What follows would only repeat them.
        raise RuleErrors(problems)
    programme = _assemble(parts, rules, amounts, catalogue, bundle)
    _check_whole(programme, head, amount_reader, trees)
    if check_examples and not problems:
        reader = Reader("examples.yaml", problems)
        cases = load_examples(reader, trees["examples.yaml"], programme)
        if not problems:
            run_examples(reader, cases, programme)
    if problems:
        raise RuleErrors(problems)
    return programme


def _read_files(bundle: Mapping[str, str], problems: list[Problem], *, need_examples: bool) -> dict[str, Tree]:
    for name in bundle:
        if name not in FILES:
            problems.append(problem("file-unknown", name, 0, 0, {"name": name}))
    trees: dict[str, Tree] = {}
    for name in FILES:
        if name not in bundle:
            if name != "examples.yaml" or need_examples:
                problems.append(problem("file-missing", name, 0, 0, {"name": name}))
            continue
        if name in YAML_FILES:
            found = read(name, bundle[name].replace("\r\n", "\n"), problems)
            trees[name] = found or Tree({}, 1, 1)
        elif not bundle[name].strip():
            words = {"name": name, "want_zh": "告知文字", "want_en": "the words of the notice"}
            problems.append(problem("shape", name, 1, 1, words))
    return trees


def _scope(catalogue: Catalogue, amounts: Mapping[str, Amount]) -> Scope:
    plain = {code: item for code, item in amounts.items() if item.over is None}
    codes = {
        code: tuple(str(entry.value) for entry in item.entries if entry.value is not None)
        for code, item in plain.items()
        if item.kind.type == "code"
    }
    return Scope(
        catalogue,
        {code: item.kind for code, item in plain.items()},
        {code: (item.over, item.kind) for code, item in amounts.items() if item.over is not None},
        codes,
    )


@dataclass(frozen=True)
class _Head:
    """What `programme.yaml` holds."""

    system: str
    name: Text
    source: Mapping[str, object]
    level: str
    subject: str
    words: Mapping[str, tuple[str, ...]]
    choices: Mapping[str, Choice]
    valid: tuple[dt.date, dt.date | None]
    as_of: AsOf
    give: tuple[Give, ...]
    sections: Mapping[str, object]
    caps: tuple[Cap, ...]


def _head(reader: Reader, tree: Tree, checks: Mapping[str, SectionCheck]) -> _Head:
    parts = reader.entries(tree, "programme.yaml")
    reader.known(tree, (*KEYS, *(name for name in checks if name not in KEYS)))
    form = reader.need(tree, "format")
    if form is not None and form.value != 1:
        hint = {"name": "format", "value": form.value, "allowed": "1"}
        reader.report("choice-unknown", form, **hint)
    subject = reader.pick(reader.need(tree, "subject"), "subject", SUBJECTS)
    choices: dict[str, Choice] = {}
    words = {
        "payee": _setting(reader, tree, "payee", PAYEES, choices),
        "per": _setting(reader, tree, "per", (*SUBJECTS, "year", "month"), choices),
        "ask": _setting(reader, tree, "ask", ASK, choices),
        "decide": _setting(reader, tree, "decide", DECIDE, choices),
    }
    source = reader.need(tree, "source")
    sections = {name: parts[name].plain() for name in parts if name not in KEYS or name in KEPT}
    for name, check in checks.items():
        if name in parts:
            for zh, en, advice_zh, advice_en in check(parts[name].plain()):
                texts = {"zh": zh, "en": en, "advice_zh": advice_zh, "advice_en": advice_en}
                reader.report("section", parts[name], **texts)
    return _Head(
        reader.text(reader.need(tree, "system"), "system"),
        reader.pair(reader.need(tree, "name"), "name"),
        {key: item.plain() for key, item in reader.entries(source, "source").items()} if source is not None else {},
        reader.pick(reader.need(tree, "owner_level"), "owner_level", LEVELS),
        subject,
        words,
        choices,
        _valid(reader, tree),
        _as_of(reader, parts.get("as_of")),
        _give(reader, reader.need(tree, "give")),
        sections,
        load_caps(reader, parts.get("caps")),
    )


def _setting(
    reader: Reader, tree: Tree, key: str, allowed: tuple[str, ...], choices: dict[str, Choice]
) -> tuple[str, ...]:
    """Return a setting, or nothing after adding it to the choices that are still open."""
    node = reader.need(tree, key)
    if node is None:
        return ()
    if not isinstance(node.value, dict):
        return _words(reader, node, key, allowed)
    reader.known(node, ("choose", "zh", "en"))
    options = reader.need(node, "choose")
    if options is not None:
        lists = tuple(_words(reader, item, key, allowed) for item in reader.items(options, "choose"))
        zh = reader.text(reader.need(node, "zh"), "zh")
        choices[key] = Choice(key, lists, Text(zh, reader.text(reader.need(node, "en"), "en")))
    return ()


def _words(reader: Reader, node: Tree, key: str, allowed: tuple[str, ...]) -> tuple[str, ...]:
    nodes = node.value if isinstance(node.value, list) else [node]
    if not nodes or (key != "per" and len(nodes) > 1):
        reader.report("shape", node, name=key, want_zh="一项", want_en="one word")
        return ()
    return tuple(reader.pick(item, key, allowed) for item in nodes)


def _valid(reader: Reader, tree: Tree) -> tuple[dt.date, dt.date | None]:
    node = reader.need(tree, "valid")
    if node is None:
        return dt.date.min, None
    parts = reader.entries(node, "valid")
    reader.known(node, ("from", "to"))
    start = reader.day(reader.need(node, "from"), "from")
    end = reader.day(parts["to"], "to") if "to" in parts and parts["to"].value else None
    if end is not None and end < start:
        reader.report("period-backwards", parts["to"])
    return start, end


def _as_of(reader: Reader, tree: Tree | None) -> AsOf:
    if tree is None:
        return AsOf()
    if not isinstance(tree.value, dict):
        reader.pick(tree, "as_of", ("today", "{date: …}", "{fact: …}", "{amount: …}"))
        return AsOf()
    parts = tree.value
    kinds = [name for name in ("date", "fact", "amount") if name in parts]
    steps = ("plus_months", "plus_days")
    reader.known(tree, ("date", "amount", "fact", *steps))
    if len(kinds) != 1:
        want_zh, want_en = "today、date、fact或amount之一", "today, or one of date, fact, amount"
        reader.report("shape", tree, name="as_of", want_zh=want_zh, want_en=want_en)
        return AsOf()
    kind = kinds[0]
    months, days = (reader.whole(parts[n], n) if n in parts else 0 for n in steps)
    if kind == "date":
        return AsOf("date", reader.day(parts["date"], "date"), "", months, days)
    return AsOf(kind, None, reader.text(parts[kind], kind), months, days)


def _give(reader: Reader, tree: Tree | None) -> tuple[Give, ...]:
    if tree is None:
        return ()
    nodes = tree.value if isinstance(tree.value, list) else [tree]
    found: list[Give] = []
    for node in nodes:
        parts = reader.entries(node, "give")
        reader.known(node, ("kind", "amount", "zh", "en"))
        kind = reader.pick(reader.need(node, "kind"), "kind", GIVE)
        amount = reader.text(parts["amount"], "amount") if "amount" in parts else ""
        words = None
        if "zh" in parts or "en" in parts:
            zh = reader.text(reader.need(node, "zh"), "zh")
            words = Text(zh, reader.text(reader.need(node, "en"), "en"))
        found.append(Give(kind, amount, words))
    return tuple(found)


def _assemble(
    head: _Head,
    rules: Rules,
    amounts: Mapping[str, Amount],
    catalogue: Catalogue,
    bundle: Mapping[str, str],
) -> Programme:
    fund = head.sections.get("fund")
    one = {key: values[0] if values else "" for key, values in head.words.items()}
    return Programme(
        system=head.system,
        name=head.name,
        source=head.source,
        owner_level=head.level,
        subject=head.subject,
        payee=one["payee"],
        per=head.words["per"],
        choices=head.choices,
        valid_from=head.valid[0],
        valid_to=head.valid[1],
        as_of=head.as_of,
        ask=one["ask"],
        decide=one["decide"],
        give=head.give,
        fund=fund if isinstance(fund, dict) else {},
        sections={name: value for name, value in head.sections.items() if name != "fund"},
        notice=Text(bundle["notice.zh.md"], bundle["notice.en.md"]),
        conditions=rules.conditions,
        formulas=rules.formulas,
        group=rules.group,
        rank_key=rules.rank_key,
        amounts=amounts,
        catalogue=catalogue,
        bundle_hash=bundle_hash(bundle),
        caps=head.caps,
    )


def _check_whole(programme: Programme, head: Reader, amounts: Reader, trees: Mapping[str, Tree]) -> None:
    """Report what only the whole folder shows: names across files, unused and derived numbers."""
    tree = trees["programme.yaml"]
    parts = tree.value if isinstance(tree.value, dict) else {}
    names = list(programme.expressions)
    if "labels" in parts:
        for code, words in head.entries(parts["labels"], "labels").items():
            head.pair(words, code)
            if code not in programme.amounts:
                head.report("name-unknown", words, name=code, **advise(code, list(programme.amounts)))
    for give in programme.give:
        formula = programme.expressions.get(give.amount)
        if give.amount and (formula is None or formula.value.kind.type != "fen"):
            head.report("give-amount", parts["give"], name=give.amount, **advise(give.amount, names))
    as_of = programme.as_of
    if as_of.kind == "fact":
        fact = programme.catalogue.fact(as_of.code)
        if fact is None or fact.type != "date":
            dates = [item.code for item in programme.catalogue.facts if item.type == "date"]
            head.report("name-unknown", parts["as_of"], name=as_of.code, **advise(as_of.code, dates))
    if as_of.kind == "amount":
        amount = programme.amounts.get(as_of.code)
        if amount is None or amount.kind.type != "date":
            known = list(programme.amounts)
            head.report("name-unknown", parts["as_of"], name=as_of.code, **advise(as_of.code, known))
        elif len(amount.entries) > 1:
            head.report("as-of-amount", parts["as_of"], name=as_of.code)
    used = {*programme.amount_codes, *_words_in(programme.sections)}
    place = trees["amounts.yaml"]
    for code, item in programme.amounts.items():
        # A derived number stands there to be read; a rule that used it would make an average a rate.
        if item.derived and code in used:
            amounts.report("amount-derived", place.place_of(code), name=code)
        if not item.derived and code not in used:
            amounts.report("amount-unused", place.place_of(code), name=code)


def _words_in(value: object) -> set[str]:
    """Every text in a section: a room may work with a number of the folder, such as that of the places."""
    if isinstance(value, dict):
        return {word for name, item in value.items() if name != "labels" for word in _words_in(item)}
    if isinstance(value, list):
        return {word for item in value for word in _words_in(item)}
    return {value} if isinstance(value, str) else set()
