"""What can be wrong with a programme, each with a place and with what to do, in both languages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


class RuleOverflow(ArithmeticError):
    """A number left the signed 64-bit range or a date left the years 1 to 9999."""


class ReadingInvalid(ValueError):
    """A reading does not have the type that its fact was registered with."""


class AmountMissing(LookupError):
    """A programme was asked to decide while a number or a choice is still open."""

    def __init__(self, codes: Iterable[str]) -> None:
        """Remember which amounts or choices are open."""
        self.codes = tuple(codes)
        super().__init__(", ".join(self.codes))


@dataclass(frozen=True)
class Problem:
    """One thing wrong in a folder: where it is, what it is and what to do about it.

    Lines and columns count from 1; line 0 means the whole file.
    """

    code: str
    file: str
    line: int
    column: int
    message_zh: str
    message_en: str
    advice_zh: str
    advice_en: str

    def __str__(self) -> str:
        """Return the problem on one line, as editors print it."""
        place = f"{self.file}:{self.line}:{self.column}"
        return f"{place}: {self.code}: {self.message_en} {self.advice_en}"


class RuleErrors(ValueError):
    """A programme folder could not be read; `problems` lists everything that is wrong with it."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        """Remember the problems, ordered by place."""
        self.problems = tuple(sorted(problems, key=lambda p: (p.file, p.line, p.column)))
        super().__init__("\n".join(str(item) for item in self.problems))


class Broken(Exception):
    """A part of a file that cannot be used; carries the code and words of the problem to report."""

    def __init__(self, code: str, offset: int | None = None, **words: object) -> None:
        """Remember what is wrong and how far into the expression."""
        self.code = code
        self.offset = offset
        self.words = {name: str(value) for name, value in words.items()}
        super().__init__(f"{code} {self.words}")


# code: (what is wrong in zh, in en, what to do in zh, in en)
SENTENCES: dict[str, tuple[str, str, str, str]] = {
    "file-missing": (
        "缺少文件{name}。",
        "The file {name} is missing.",
        "请补上这个文件，再重新载入。",
        "Add this file and load again.",
    ),
    "file-unknown": (
        "不认识文件{name}。",
        "The file {name} does not belong to a programme.",
        "请删掉它，或者改成规定的文件名。",
        "Remove it, or give it one of the known names.",
    ),
    "file-too-large": (
        "文件太大，超过{limit}字。",
        "The file is longer than {limit} characters.",
        "请把它拆短，一个项目只写自己的规则。",
        "Shorten it; one folder holds one programme.",
    ),
    "yaml-syntax": (
        "格式读不懂：{detail}",
        "The YAML cannot be read: {detail}",
        "请检查这一行的缩进、冒号、引号和括号。",
        "Check the indentation, colons, quotes and brackets near this line.",
    ),
    "yaml-feature": (
        "这里用了{name}，规则文件里不允许。",
        "{name} is not allowed in a programme file.",
        "请直接写出内容。",
        "Write the content out in full.",
    ),
    "key-repeated": (
        "“{name}”写了两次。",
        "The key {name} is written twice.",
        "请只留一个。",
        "Keep one of them.",
    ),
    "key-unknown": (
        "不认识“{name}”。",
        "The key {name} is not known here.",
        "{hint_zh}",
        "{hint_en}",
    ),
    "key-missing": (
        "缺少“{name}”。",
        "The key {name} is missing.",
        "请补上“{name}”。",
        "Add the key {name}.",
    ),
    "shape": (
        "“{name}”应当是{want_zh}。",
        "{name} must be {want_en}.",
        "请按这个写法修改。",
        "Write it that way.",
    ),
    "choice-unknown": (
        "“{name}”不能写成“{value}”。",
        "{name} cannot be {value}.",
        "可以写：{allowed}。{hint_zh}",
        "Use one of: {allowed}. {hint_en}",
    ),
    "date-invalid": (
        "没有{value}这一天。",
        "There is no day {value}.",
        "请写成年-月-日，例如2026-08-03。",
        "Write year-month-day, as in 2026-08-03.",
    ),
    "period-backwards": (
        "结束日期早于开始日期。",
        "The period ends before it begins.",
        "请调换或改正两个日期。",
        "Correct one of the two dates.",
    ),
    "syntax": (
        "条件读不懂：{detail}",
        "The expression cannot be read: {detail}",
        "请检查括号是否成对、and和or两边是否都有内容。",
        "Check that brackets match and that and/or have something on both sides.",
    ),
    "construct": (
        "条件里不能用{name}。",
        "{name} is not part of the rule language.",
        "{hint_zh}",
        "{hint_en}",
    ),
    "name-unknown": (
        "没有登记“{name}”。",
        "{name} is neither a registered fact nor an amount of this programme.",
        "{hint_zh}",
        "{hint_en}",
    ),
    "name-ambiguous": (
        "“{name}”既是{one_zh}又是{two_zh}。",
        "{name} is both {one_en} and {two_en}.",
        "请给其中一个换个名字，或者写全名。",
        "Rename one of them, or write its full dotted name.",
    ),
    "type": (
        "{place_zh}要{want_zh}，这里是{got_zh}。",
        "{place_en} needs {want_en}, this is {got_en}.",
        "请换成同一类的内容再比较。",
        "Use something of the same type.",
    ),
    "unit": (
        "单位不一样：左边是{left_zh}，右边是{right_zh}。",
        "The units differ: {left_en} and {right_en}.",
        "请用同一个单位；月和年、元和个数不能直接比。",
        "Use one unit; months and years, money and counts do not compare.",
    ),
    "code-unknown": (
        "“{fact}”没有“{value}”这个代码。",
        "{fact} has no code {value}.",
        "可以写：{allowed}。",
        "Use one of: {allowed}.",
    ),
    "arguments": (
        "{name}应当写成{usage}。",
        "{name} is written {usage}.",
        "请照这个样子写。",
        "Write it that way.",
    ),
    "not-yes-no": (
        "条件的结果必须是“是”或“否”，这里是{got_zh}。",
        "A condition must answer yes or no, this is {got_en}.",
        "请写成比较，例如 月数 >= 要求的月数。",
        "Write a comparison, such as months >= months_required.",
    ),
    "number-not-whole": (
        "“{value}”不是整数。",
        "{value} is not a whole number.",
        "钱用分、比例用百万分之几，都写整数。",
        "Write money in fen and ratios in millionths, both whole.",
    ),
    "number-too-large": (
        "数字{value}太大。",
        "The number {value} is too large.",
        "请核对位数；钱的单位是分。",
        "Check the digits; money is in fen.",
    ),
    "too-long": (
        "条件太长或太深。",
        "The expression is too long or too deep.",
        "请拆成几条条件，逐条说明。",
        "Split it into several conditions with a sentence each.",
    ),
    "id-invalid": (
        "名称“{value}”只能用小写字母、数字和下划线，并以字母开头。",
        "{value} must be lower-case letters, digits and underscores, beginning with a letter.",
        "请改名。",
        "Rename it.",
    ),
    "id-repeated": (
        "“{name}”已经用过。",
        "{name} is already used.",
        "每条条件要有自己的名称。",
        "Give each condition its own id.",
    ),
    "conditions-empty": (
        "没有任何条件。",
        "There is no condition.",
        "至少写一条条件，否则人人都符合。",
        "Write at least one condition, or everybody would qualify.",
    ),
    "placeholder": (
        "句子里的{{{name}}}不是这条条件用到的数字或事实。",
        "The sentence names {{{name}}}, which this condition does not use.",
        "请改成条件里出现的名称，或者去掉它。",
        "Use a name that occurs in the condition, or drop it.",
    ),
    "notice-number": (
        "告知里的{{{name}}}不是amounts.yaml里的数字。",
        "The notice names {{{name}}}, which is no number of amounts.yaml.",
        "请改成amounts.yaml里的名称，或者去掉花括号。",
        "Use a name of amounts.yaml, or drop the braces.",
    ),
    "amount-origin": (
        "这个数字没有说明来历。",
        "This number does not say where it comes from.",
        "请只写一项：stated: true（文件写明）、set（工会定的）、derived: true（推算）或missing: true（缺）。",
        "Write exactly one of stated: true, set: {{document, by}}, derived: true or missing: true.",
    ),
    "amount-derived": (
        "“{name}”是推算出来的数字，不能用在规则里。",
        "{name} is a derived number and may not be used in a rule.",
        "请由工会另定一个数字，或者标成missing: true。",
        "Let the union set a number, or mark it missing: true.",
    ),
    "amount-unit": (
        "“{name}”没有写单位。",
        "{name} has no unit.",
        "请写unit，例如fen（分）、month（月）、count（个）、date（日期）。",
        "Write a unit such as fen, month, count or date.",
    ),
    "amount-mixed": (
        "“{name}”前后的单位或类型不一致。",
        "The entries of {name} differ in unit or type.",
        "换单位就是换意思，请另起一个名称。",
        "A new unit is a new meaning: use a new name.",
    ),
    "amount-gap": (
        "“{name}”在{day}没有数字。",
        "{name} has no number on {day}.",
        "数字要从头到尾盖住项目的有效期，请补一段或改日期。",
        "The entries must cover the whole validity; add one or correct a date.",
    ),
    "amount-order": (
        "“{name}”的时间段重叠或顺序不对。",
        "The periods of {name} overlap or are out of order.",
        "请按日期先后写，每段只写一次。",
        "Write them by date, each period once.",
    ),
    "amount-value": (
        "“{name}”的数值和单位{unit}对不上。",
        "The value of {name} does not fit its unit {unit}.",
        "请改数值或单位。",
        "Correct the value or the unit.",
    ),
    "amount-unused": (
        "“{name}”没有用到。",
        "{name} is not used by any rule.",
        "请检查名称有没有写错，或者删掉它。",
        "Check its spelling, or remove it.",
    ),
    "as-of-amount": (
        "计算日“{name}”只能有一个数值。",
        "The day of reckoning {name} must have exactly one entry.",
        "请只留一个日期。",
        "Keep one date.",
    ),
    "bands": (
        "分档要从小到大，最后一档不写upto。",
        "Bands must rise, and the last one has no upto.",
        "请补上不封顶的最后一档，并按从小到大排列。",
        "Add an open last band and order the others.",
    ),
    "give-amount": (
        "“{name}”不是rules.yaml里的金额。",
        "{name} is not an amount expression in rules.yaml.",
        "{hint_zh}",
        "{hint_en}",
    ),
    "examples-incomplete": (
        "例子里没有“{answer}”的。",
        "No example expects {answer}.",
        "至少要有一个符合、一个不符合、一个信息不全的例子。",
        "Give at least one yes, one no and one unknown.",
    ),
    "example-failed": (
        "例子“{name}”：{what}应当是{want}，算出来是{got}。",
        "Example {name}: {what} should be {want}, the rule gives {got}.",
        "请核对规则和例子，改正写错的一边。",
        "Compare the rule with the example and correct the one that is wrong.",
    ),
    "example-broken": (
        "例子“{name}”不能计算：{detail}",
        "Example {name} cannot be decided: {detail}",
        "请核对例子里的数值；缺的数字写在assume里。",
        "Check its values; give missing numbers under assume.",
    ),
    "section": ("{zh}", "{en}", "{advice_zh}", "{advice_en}"),
}


def problem(code: str, file: str, line: int, column: int, words: dict[str, str]) -> Problem:
    """Return a problem with its four sentences filled in."""
    texts = [text.format_map(_Words(words)) for text in SENTENCES[code]]
    return Problem(code, file, line, column, *texts)


class _Words(dict[str, str]):
    """Words of a sentence; one that was not given is left empty instead of failing."""

    def __missing__(self, key: str) -> str:
        return ""
