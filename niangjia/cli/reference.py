"""Writes `docs/reference/programmes.md` from the recipe folders: `python -m niangjia.cli.reference`.

Everything on the page is read from the folders: the source, the rule in the words of both languages, each
number with its origin, what is open, and the worked examples. It needs no site and no Django.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from niangjia.cli.shelf import programme_of
from niangjia.engines import rules
from niangjia.engines.rules.examples import Example, load_examples
from niangjia.engines.rules.facts import BUREAU
from niangjia.engines.rules.model import Amount, Condition, Entry, Formula, Need
from niangjia.engines.rules.reader import Reader
from niangjia.engines.rules.words import EN, PROOF_WORDS, ZH, money, show, show_fact
from niangjia.engines.rules.yamltree import Tree, read

ROOT = Path(__file__).resolve().parents[2]
SHELF = ROOT / "programmes"
PAGE = ROOT / "docs" / "reference" / "programmes.md"
ORIGINS = ("stated", "set", "derived", "missing")
HEAD = """# Programmes on the shelf

Generated from `programmes/` by `python -m niangjia.cli.reference`; a test fails when it is stale.

Each programme is a folder: what one union did, with its source. A number is **stated** where the source says it,
**set** where somebody named decides it, **derived** where it is our own division of a total (no rule may use it), and
**missing** where the source lost it or is silent: a union that adopts the recipe enters its own, and publishes
nothing before. The examples are worked again each time a folder is loaded; where they assume an invented number, it
is named.
"""


def page(shelf: Path = SHELF) -> str:
    """The text of the page for all folders of a shelf, in the order of their systems."""
    found = [_Recipe(folder) for folder in sorted(shelf.iterdir()) if (folder / "programme.yaml").is_file()]
    found.sort(key=lambda recipe: (len(recipe.programme.system), recipe.programme.system, recipe.programme.slug))
    systems = dict.fromkeys(recipe.programme.system for recipe in found)
    count = f"\n{len(found)} programmes of {len(systems)} systems: {', '.join(systems)}.\n"
    return "\n".join([HEAD + count, *_contents(found), *(line for recipe in found for line in recipe.lines()), ""])


def _contents(found: list[_Recipe]) -> Iterator[str]:
    heads = ["system", "programme", *ORIGINS, "examples"]
    yield _row(heads)
    yield _row(["---"] * len(heads))
    for recipe in found:
        origins = Counter(entry.origin for amount in recipe.programme.amounts.values() for entry in amount.entries)
        numbers = [str(origins[origin] or "") for origin in ORIGINS]
        name = f"[{recipe.programme.name.zh}](#{recipe.programme.slug}) {recipe.programme.name.en}"
        yield _row([recipe.programme.system, name, *numbers, str(len(recipe.examples))])


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


class _Recipe:
    """One folder, read and checked, as the lines of the page."""

    def __init__(self, folder: Path) -> None:
        bundle = rules.read_folder(folder)
        self.programme = programme_of(folder)
        self.notes = _tree("amounts.yaml", bundle).plain()
        self.examples = load_examples(Reader("examples.yaml", []), _tree("examples.yaml", bundle), self.programme)

    def lines(self) -> Iterator[str]:
        name = self.programme.name
        yield f'\n<a id="{self.programme.slug}"></a>\n\n## {self.programme.system} · {name.zh} · {name.en}\n'
        yield from self._what_it_is()
        yield from self._rule()
        yield from self._numbers()
        yield from self._examples()

    def _what_it_is(self) -> Iterator[str]:
        programme = self.programme
        source = programme.source
        where = [f"page {source['page']}" if "page" in source else "", _lines_of(source.get("lines"))]
        about = f"about {source['about']}" if "about" in source else str(source.get("date", ""))
        yield f"`programmes/{programme.slug}`, from {', '.join(filter(None, [str(source['paper']), about, *where]))}.\n"
        until = f" to {programme.valid_to}" if programme.valid_to else ""
        yield f"- Decides about: {programme.subject}; valid from {programme.valid_from}{until}."
        gives = "; ".join(f"{give.kind}{f' ({give.words.zh}, {give.words.en})' if give.words else ''}"
                          for give in programme.give)  # fmt: skip
        payee = f", paid to the {programme.payee}" if programme.payee else ""
        yield f"- Gives {gives}{payee}{f', once per {_and(programme.per)}' if programme.per else ''}."
        asked = f"Asked for: {programme.ask}" if programme.ask else ""
        decided = f"decided by: {programme.decide}" if programme.decide else ""
        if asked or decided:
            yield f"- {'; '.join(filter(None, [asked, decided]))}."
        yield f"- {self._fund()}"
        notice = programme.sections.get("notice")
        if isinstance(notice, Mapping):
            order = "after" if "after" in notice else "before"
            yield f"- Public notice of {notice.get('days')} working days, {order} the approval."
        for choice in programme.choices.values():
            options = " or ".join(_and(option) for option in choice.options)
            yield f"- Left open, `{choice.key}`: {options}. {choice.words.zh} {choice.words.en}"

    def _fund(self) -> str:
        fund = self.programme.fund
        stated = fund.get("stated_fen")
        line = f"Fund line `{fund.get('line')}`"
        if not isinstance(stated, int):
            return f"{line}."
        return f"{line}; the source sets aside {money(stated, EN)} ({_lines_of(fund.get('line_of_source'))})."

    def _rule(self) -> Iterator[str]:
        yield "\n**Rule.** All of these must hold:\n"
        sentences = {
            language: {
                row.condition: row.sentence for row in rules.rows_in_words(self.programme, language) if row.sentence
            }
            for language in (ZH, EN)
        }
        for at, item in enumerate(self.programme.conditions, 1):
            needs = "".join(f"; {words}" for words in _needs(item.need))
            yield f"{at}. {sentences[ZH][item.id]}。{sentences[EN][item.id]}. `{_one_line(item.text)}`{needs}"
            yield from _beside(item)
        formulas = self.programme.every_formula
        if formulas:
            yield "\n**What it comes to.**\n"
            yield from map(_formula, formulas)

    def _numbers(self) -> Iterator[str]:
        if not self.programme.amounts:
            yield "\n**Numbers.** None."
            return
        yield "\n**Numbers.**\n"
        yield _row(["number", "value", "from", "origin"])
        yield _row(["---"] * 4)
        for amount in self.programme.amounts.values():
            for at, entry in enumerate(amount.entries):
                yield _row(
                    [self._label(amount), _value(amount, entry), str(entry.from_), self._origin(amount, at, entry)]
                )

    def _label(self, amount: Amount) -> str:
        labels: Any = self.programme.sections.get("labels", {})
        words = labels.get(amount.code)
        return f"`{amount.code}`" + (f" {words['zh']}, {words['en']}" if words else "")

    def _origin(self, amount: Amount, at: int, entry: Entry) -> str:
        notes: Any = self.notes
        row = notes[amount.code][at]
        if entry.origin == "set":
            return f"set: {entry.document}, {entry.by}"
        more = _lines_of(entry.line) if entry.line else str(row.get("note", ""))
        return f"{entry.origin}{f': {more}' if more else ''}"

    def _examples(self) -> Iterator[str]:
        assumed = {code: value for example in self.examples for code, value in example.assume.items()}
        words = ", ".join(
            f"`{code}` {show(value, self.programme.amounts[code].kind, EN)}" for code, value in assumed.items()
        )
        yield f"\n**Examples**{f', with the invented {words}' if words else ''}.\n"
        yield _row(["example", "day", "what is known", "answer"])
        yield _row(["---"] * 4)
        for example in self.examples:
            yield _row([example.name, str(example.today), self._known(example), _answer(example)])

    def _known(self, example: Example) -> str:
        found = []
        for code, reading in example.readings.items():
            fact = self.programme.catalogue.fact(code)
            if fact is not None:
                found.append(f"{fact.en}: {_reading_words(fact, reading)}")
        return "; ".join(found) or "nothing"


def _tree(name: str, bundle: Mapping[str, str]) -> Tree:
    found = read(name, bundle[name], [])
    if found is None:  # a folder that loaded has every file
        raise ValueError(name)
    return found


def _and(words: tuple[str, ...]) -> str:
    return " and ".join(words)


def _one_line(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def _lines_of(lines: object) -> str:
    text = str(lines or "")
    return f"lines {text}" if re.search(r"\D", text) else f"line {text}" if text else ""


def _needs(need: Need) -> Iterator[str]:
    if need.proof:
        yield f"proof: {PROOF_WORDS[need.proof][1]}"
    if need.fresh_days is not None:
        yield f"not older than {need.fresh_days} days"


def _beside(item: Condition) -> Iterator[str]:
    if item.near_text:
        yield f"   - a near miss while `{_one_line(item.near_text)}`"
    clause = item.clause
    if clause is not None:
        title = " ".join(filter(None, [clause.title, clause.article, clause.date]))
        yield f"   - clause: {title} {clause.zh} {clause.en}".rstrip()


def _formula(formula: Formula) -> str:
    needs = "".join(f"; {words}" for words in _needs(formula.need))
    return f"- `{formula.name} = {_one_line(formula.text)}`{needs}"


def _value(amount: Amount, entry: Entry) -> str:
    if amount.over is not None:
        return "; ".join(
            f"{f'up to {show(upto, amount.over, EN)}' if upto is not None else 'above'}: {show(value, amount.kind, EN)}"
            for upto, value in entry.bands
        )
    return "—" if entry.value is None else show(entry.value, amount.kind, EN)


def _reading_words(fact: rules.Fact, reading: rules.Reading) -> str:
    if reading.low is not None or reading.high is not None:
        low, high = (
            show_fact(value, fact, EN, None) if value is not None else "?" for value in (reading.low, reading.high)
        )
        return f"between {low} and {high}"
    value = show_fact(reading.value, fact, EN, None)
    return value if reading.value is None or reading.proof == BUREAU else f"{value} ({PROOF_WORDS[reading.proof][1]})"


def _answer(example: Example) -> str:
    expect: Mapping[str, Any] = example.expect
    words = [str(expect["outcome"])]
    if isinstance(expect.get("amount_fen"), int):
        words.append(money(expect["amount_fen"], EN))
    if expect.get("near_miss") is True:
        words.append("a near miss")
    if expect.get("if_confirmed") is True:
        words.append("yes if confirmed")
    if expect.get("ask"):
        asked = expect["ask"]
        words.append(f"asks for {', '.join(f'`{code}`' for code in ([asked] if isinstance(asked, str) else asked))}")
    return ", ".join(words)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    sys.stdout.write(f"{PAGE.name}\n")
