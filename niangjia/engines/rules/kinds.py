"""Types, units and the closed list of functions, with the advice for what is not in it."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import replace

from niangjia.engines.rules import tree
from niangjia.engines.rules.errors import Broken
from niangjia.engines.rules.tree import Expression, Kind

TYPE_WORDS: dict[str, tuple[str, str]] = {
    "bool": ("是否", "yes or no"),
    "int": ("整数", "a whole number"),
    "fen": ("金额（分）", "money in fen"),
    "ppm": ("比例（百万分之几）", "a ratio in millionths"),
    "date": ("日期", "a date"),
    "code": ("代码", "a code"),
}

USAGE = {
    "least": "least(a, b)",
    "greatest": "greatest(a, b)",
    "share": "share(fen, ppm)",
    "part": "part(fen, 1, ppm, ppm)",
    "years_since": "years_since(date)",
    "months_since": "months_since(date)",
    "days_since": "days_since(date)",
    "plus_months": "plus_months(date, months)",
    "plus_days": "plus_days(date, days)",
}

# What people reach for and what to write instead.
HINTS: dict[str, tuple[str, str]] = {
    "Is": ("未知由系统处理，条件里不写is null。", "Unknown is handled for you; drop is null."),
    "coalesce": (
        "不要给未知的事实补默认值，系统会去问。",
        "Do not fill an unknown fact; it will be asked for.",
    ),
    "Div": (
        "不能用除法；请把比例写成百万分之几，用share(金额, 比例)。",
        "There is no division; write the ratio in millionths and use share(fen, ppm).",
    ),
    "Like": ("请用登记过的代码来比较。", "Compare registered codes instead."),
    "Select": ("条件里不能查表；请用any、all、count、sum。", "Use any, all, count or sum."),
    "Subquery": ("条件里不能查表；请用any、all、count、sum。", "Use any, all, count or sum."),
    "exists": ("请用any(关系, 条件)。", "Use any(relation, condition)."),
    "cast": ("日期写成date '2026-01-01'。", "Write a date as date '2026-01-01'."),
    "date": ("日期写成date '2026-01-01'。", "Write a date as date '2026-01-01'."),
    "if": ("请用case when … then … else … end。", "Use case when … then … else … end."),
    "min": ("请用least(a, b)。", "Use least(a, b)."),
    "max": ("请用greatest(a, b)。", "Use greatest(a, b)."),
    "Alias": ("两个名称之间缺少运算符，例如and。", "An operator such as and is missing here."),
    "NullSafeEQ": ("请用=。", "Use =."),
    ";": ("一条条件只写一个表达式。", "Write one expression per condition."),
}
# How many payers may share one amount.
PARTS = 8
ALLOWED = ", ".join([*USAGE, "band", "any", "all", "count", "sum"])


def construct(name: str, offset: int | None) -> Broken:
    """Return the problem of something that the language does not have."""
    allowed_zh = f"可以用and、or、not、比较、in、between、case、加减乘和这些函数：{ALLOWED}。"
    allowed_en = f"Use and, or, not, comparisons, in, between, case, plus, minus, times and the functions {ALLOWED}."
    zh, en = HINTS.get(name, (allowed_zh, allowed_en))
    return Broken("construct", offset, name=name, hint_zh=zh, hint_en=en)


def advise(name: str, known: Sequence[str]) -> dict[str, str]:
    """Return the advice for a name that is not known: the nearest ones that are."""
    near = difflib.get_close_matches(name, known, n=3, cutoff=0.6)
    if near:
        text = "、".join(near)
        return {"hint_zh": f"是不是：{text}？", "hint_en": f"Did you mean {', '.join(near)}?"}
    return {
        "hint_zh": "请先登记这个事实，或者在amounts.yaml里写上这个数字。",
        "hint_en": "Register the fact, or write the number in amounts.yaml.",
    }


def adopt(item: Expression, model: Expression) -> Expression:
    """Return a bare number with the kind of what it stands beside."""
    bare = isinstance(item, tree.Literal) and item.kind == Kind("int")
    if bare and model.kind.type in {"int", "fen", "ppm"}:
        return replace(item, kind=model.kind)
    return item


def want(item: Expression, name: str, offset: int | None) -> None:
    """Raise unless the expression has this type."""
    want_type(item, (name,), offset)


def want_type(item: Expression, names: tuple[str, ...], offset: int | None) -> None:
    """Raise unless the expression has one of these types."""
    if item.kind.type in names:
        return
    got = TYPE_WORDS[item.kind.type]
    raise Broken(
        "type",
        offset,
        place_zh="这里",
        place_en="This place",
        want_zh="或".join(TYPE_WORDS[name][0] for name in names),
        want_en=" or ".join(TYPE_WORDS[name][1] for name in names),
        got_zh=got[0],
        got_en=got[1],
    )


def same_kind(left: Expression, right: Expression, offset: int | None) -> Kind:
    """Return the kind that two expressions share, or raise."""
    if left.kind.type != right.kind.type:
        want_type(right, (left.kind.type,), offset)
    one, two = left.kind.unit, right.kind.unit
    if one and two and one != two:
        raise Broken("unit", offset, left_zh=one, left_en=one, right_zh=two, right_en=two)
    return left.kind if one else right.kind


def result_of_product(left: Expression, right: Expression, offset: int | None) -> Kind:
    """Return the kind of a product: a count times a count, or a count times money."""
    types = {left.kind.type, right.kind.type}
    if "ppm" in types:
        hint_zh, hint_en = "请用share(金额, 比例)。", "Use share(fen, ppm)."
        raise Broken("construct", offset, name="*", hint_zh=hint_zh, hint_en=hint_en)
    if left.kind.type == right.kind.type == "fen":
        want_type(right, ("int",), offset)
    if "fen" in types:
        return left.kind if left.kind.type == "fen" else right.kind
    units = {left.kind.unit, right.kind.unit} - {""}
    return Kind("int", units.pop() if len(units) == 1 else "")


def arguments(name: str, items: list[Expression], offset: int | None) -> Expression:
    """Return a checked call of one of the functions."""
    wrong = Broken("arguments", offset, name=name, usage=USAGE[name])
    if name in {"least", "greatest"}:
        if len(items) < 2:
            raise wrong
        model = next((i for i in items if not isinstance(i, tree.Literal)), items[0])
        items = [adopt(item, model) for item in items]
        want_type(model, ("int", "fen", "ppm", "date"), offset)
        kind = model.kind
        for item in items:
            kind = same_kind(tree.AmountRef(kind, ""), item, offset)
        return tree.Call(kind, name, tuple(items))
    if name == "part":
        return _part(items, offset, wrong)
    if len(items) != (1 if name.endswith("_since") else 2):
        raise wrong
    if name == "share":
        want_type(items[0], ("fen",), offset)
        ratio = adopt(items[1], tree.AmountRef(Kind("ppm"), ""))
        want_type(ratio, ("ppm",), offset)
        return tree.Call(items[0].kind, name, (items[0], ratio))
    want_type(items[0], ("date",), offset)
    unit = {"years": "year", "months": "month", "days": "day"}
    if name.endswith("_since"):
        return tree.Call(Kind("int", unit[name.split("_")[0]]), name, tuple(items))
    step = tree.AmountRef(Kind("int", unit[name.split("_")[1]]), "")
    items[1] = adopt(items[1], step)
    same_kind(step, items[1], offset)
    return tree.Call(Kind("date"), name, tuple(items))


def _part(items: list[Expression], offset: int | None, wrong: Broken) -> Expression:
    """Return a checked `part`: an amount, which of its parts, and the ratios of all of them."""
    if len(items) < 3 or len(items) > 2 + PARTS:
        raise wrong
    want_type(items[0], ("fen",), offset)
    place = items[1]
    if not isinstance(place, tree.Literal) or place.value not in range(1, len(items) - 1):
        raise wrong
    ratios = [adopt(item, tree.AmountRef(Kind("ppm"), "")) for item in items[2:]]
    for ratio in ratios:
        want_type(ratio, ("ppm",), offset)
        if not isinstance(ratio, tree.Literal | tree.AmountRef):
            raise wrong
    return tree.Call(items[0].kind, "part", (items[0], place, *ratios))
