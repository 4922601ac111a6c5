"""A rule as rows in words: fact, comparison, threshold, joined by and / or, for the officer."""

from __future__ import annotations

from dataclasses import dataclass

from niangjia.engines.rules import tree
from niangjia.engines.rules.facts import BUREAU, Fact
from niangjia.engines.rules.model import Condition, Need, Programme
from niangjia.engines.rules.tree import Expression, Kind
from niangjia.engines.rules.words import EN, PROOF_WORDS, ZH, Amounts, pick, show

# What the programme says when a number is still open.
OPEN = ("（待定）", "(to be set)")


@dataclass(frozen=True)
class Row:
    """One line of the rule: what is looked at, how it is compared, and with what.

    `join` stands before the row: empty, 且/or 或; `depth` indents what belongs together.
    """

    condition: str
    join: str
    depth: int
    fact: str
    comparison: str
    threshold: str
    need: str
    sentence: str


COMPARISONS: dict[str, tuple[str, str, str, str]] = {
    # operator: zh, en, zh for dates, en for dates
    "=": ("等于", "equals", "就在", "is on"),
    "<>": ("不等于", "is not", "不在", "is not on"),
    "<": ("少于", "is less than", "早于", "is before"),
    "<=": ("不超过", "is at most", "不晚于", "is on or before"),
    ">": ("多于", "is more than", "晚于", "is after"),
    ">=": ("不少于", "is at least", "不早于", "is on or after"),
}
NEGATED = {"=": "<>", "<>": "=", "<": ">=", "<=": ">", ">": "<=", ">=": "<"}
MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "<>": "<>"}


def rows_in_words(programme: Programme, language: str) -> list[Row]:
    """Return the conditions of a programme, each as one or more rows in `zh` or `en`."""
    writer = _Writer(programme, language)
    found: list[Row] = []
    for item in programme.conditions:
        sentence = writer.sentence(item)
        join = "" if not found else writer.both
        found.extend(writer.rows(item, item.when, join, 0, sentence))
    return found


class _Writer:
    """Writes expressions of one programme in one language."""

    def __init__(self, programme: Programme, language: str) -> None:
        self.programme = programme
        self.language = language
        self.both = pick(("且", "and"), language)
        self.either = pick(("或", "or"), language)

    def sentence(self, item: Condition) -> str:
        values = {code: (amount.entries[-1].value, amount.kind) for code, amount in self.programme.amounts.items()}
        text = item.words.zh if self.language == ZH else item.words.en
        text = Amounts(values).fill(text, self.language, None)
        for code in self.programme.fact_codes:
            text = text.replace(f"{{{code}}}", self._label(self.programme.catalogue.fact(code), code))
        return text

    def rows(self, item: Condition, node: Expression, join: str, depth: int, sentence: str) -> list[Row]:
        if isinstance(node, tree.And | tree.Or):
            word = self.both if isinstance(node, tree.And) else self.either
            found: list[Row] = []
            for part in node.items:
                inner = depth + 1 if isinstance(part, tree.And | tree.Or) else depth
                found += self.rows(item, part, join if not found else word, inner, sentence)
                sentence = ""
            return found
        fact, comparison, threshold = self._simple(node)
        need = self._need(item.need)
        return [Row(item.id, join, depth, fact, comparison, threshold, need, sentence)]

    def _simple(self, node: Expression, *, negated: bool = False) -> tuple[str, str, str]:
        if isinstance(node, tree.Not):
            return self._simple(node.item, negated=not negated)
        if isinstance(node, tree.Compare):
            return self._comparison(node, negated=negated)
        if isinstance(node, tree.In):
            options = ("、" if self.language == ZH else ", ").join(
                self.value(option, self._fact(node.item)) for option in node.options
            )
            word = ("不在其中", "is none of") if negated else ("是其中之一", "is one of")
            return self.value(node.item), pick(word, self.language), options
        answer = pick(("否", "no") if negated else ("是", "yes"), self.language)
        return self.value(node), pick(("是", "is"), self.language), answer

    def _comparison(self, node: tree.Compare, *, negated: bool) -> tuple[str, str, str]:
        left, right, operator = node.left, node.right, node.operator
        if not tree.facts_of(left) and tree.facts_of(right):
            left, right, operator = right, left, MIRRORED[operator]
        if negated:
            operator = NEGATED[operator]
        words = COMPARISONS[operator]
        pair = words[2:] if left.kind.type == "date" else words[:2]
        if left.kind.type in {"code", "bool"} and operator in {"=", "<>"}:
            pair = ("是", "is") if operator == "=" else ("不是", "is not")
        return self.value(left), pick(pair, self.language), self.value(right, self._fact(left))

    def _need(self, need: Need) -> str:
        parts = []
        if need.proof:
            stronger = pick(("或更强的证明", " or stronger proof"), self.language) if need.proof < BUREAU else ""
            parts.append(pick(PROOF_WORDS[need.proof], self.language) + stronger)
        if need.fresh_days is not None:
            days = need.fresh_days
            parts.append(f"{days}天内" if self.language == ZH else f"within {days} days")
        return ("，" if self.language == ZH else ", ").join(parts)

    def _fact(self, node: Expression) -> Fact | None:
        if isinstance(node, tree.FactRef):
            return self.programme.catalogue.fact(node.code)
        if isinstance(node, tree.ColumnRef):
            relation = self.programme.catalogue.relation(node.relation)
            columns = relation.columns if relation is not None else ()
            return next((item for item in columns if item.code == node.code), None)
        return None

    def _label(self, fact: Fact | None, code: str) -> str:
        if fact is None:
            return code
        return fact.zh if self.language == ZH else fact.en

    def value(self, node: Expression, beside: Fact | None = None) -> str:
        """Return an expression in words; codes are shown by the label of the fact beside them."""
        codes = beside.codes if beside is not None else None
        match node:
            case tree.FactRef() | tree.ColumnRef():
                return self._label(self._fact(node), node.code)
            case tree.Literal():
                return show(node.value, node.kind, self.language, None, codes)
            case tree.AmountRef():
                return self._amount(node.code)
            case tree.Arithmetic():
                sign = {"-": "−", "*": "×"}.get(node.operator, node.operator)
                return f"{self.value(node.left)} {sign} {self.value(node.right)}"
            case tree.Call():
                return self._call(node)
            case tree.Band():
                words = ("按{x}分档", "the band of {x}")
                return pick(words, self.language).format(x=self.value(node.item))
            case tree.Case():
                return pick(("按情况而定", "by case"), self.language)
            case tree.Aggregate():
                return self._aggregate(node)
            case _:
                return self._nested(node)

    def _nested(self, node: Expression) -> str:
        if isinstance(node, tree.And | tree.Or):
            word = self.both if isinstance(node, tree.And) else self.either
            gap = "" if self.language == ZH else " "
            return f"{gap}{word}{gap}".join(self._nested(item) for item in node.items)
        if isinstance(node, tree.Not | tree.Compare | tree.In):
            gap = "" if self.language == ZH else " "
            return gap.join(self._simple(node))
        return self.value(node)

    def _amount(self, code: str) -> str:
        amount = self.programme.amounts[code]
        if amount.missing:
            return pick(OPEN, self.language)
        return show(amount.entries[-1].value, amount.kind, self.language)

    def _call(self, node: tree.Call) -> str:
        items = [self.value(item) for item in node.items]
        zh = self.language == ZH
        joined = ("、" if zh else ", ").join(items)
        match node.name:
            case "least":
                return f"{joined}中最小的" if zh else f"the least of {joined}"
            case "greatest":
                return f"{joined}中最大的" if zh else f"the greatest of {joined}"
            case "share":
                return f"{items[0]}的{items[1]}" if zh else f"{items[1]} of {items[0]}"
            case "part":
                ratios = ("、" if zh else ", ").join(items[2:])
                return (
                    f"{items[0]}按{ratios}分担的第{items[1]}份" if zh else f"part {items[1]} of {items[0]} at {ratios}"
                )
            case "plus_months" | "plus_days":
                return f"{items[0]}再加{items[1]}" if zh else f"{items[0]} plus {items[1]}"
            case _:
                unit = {"years_since": "year", "months_since": "month", "days_since": "day"}[node.name]
                if zh:
                    word = {"year": "周年数", "month": "满月数", "day": "天数"}[unit]
                    return f"从{items[0]}起的{word}"
                return f"{unit}s since {items[0]}"

    def _aggregate(self, node: tree.Aggregate) -> str:
        relation = self.programme.catalogue.relation(node.relation)
        zh = self.language == ZH
        name = (relation.zh if zh else relation.en) if relation is not None else node.relation
        test = self._nested(node.condition) if node.condition is not None else ""
        if node.name == "sum" and node.value is not None:
            what = self.value(node.value)
            base = f"{name}的{what}合计" if zh else f"total {what} of {name}"
        else:
            words = {
                "any": ("任一{n}", "any of {n}"),
                "all": ("每一{n}", "all of {n}"),
                "count": ("{n}的个数", "number of {n}"),
            }[node.name]
            base = pick(words, self.language).format(n=name)
        if not test:
            return base
        return f"{base}（{test}）" if zh else f"{base} ({test})"


def open_amounts(programme: Programme, language: str) -> list[tuple[str, str]]:
    """Return the numbers that a union still has to set, with their unit in words."""
    units = {"fen": ("元", "yuan"), "date": ("日期", "a date"), "ppm": ("百分比", "per cent")}
    found: list[tuple[str, str]] = []
    for code in programme.missing_amounts:
        kind: Kind = programme.amounts[code].kind
        words = units.get(kind.type, (kind.unit or "个", kind.unit or "number"))
        found.append((code, words[1] if language == EN else words[0]))
    return found
