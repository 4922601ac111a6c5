"""What was received: under which keys it is counted, the facts that caps name, and what each reads.

`received_cash_this_year_fen` counts the money of every list that stands, whichever programme or edition
gave it, from the day the list is frozen; what was given on paper before counts on its own day.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import date

from niangjia.benefits.models import Received
from niangjia.core.facts import BUREAU, Fact, FactReading, record_sets, register_fact
from niangjia.people.merged import led_into

EVER = "ever"
CASH = "cash"
PERIODS = ("year", "month")
CODE = re.compile(r"received_(?P<kind>[a-z]+)_(?P<period>this_year|this_month|ever)_(?P<measure>fen|times)")
# What is offered as facts: kind, what it is called.
KINDS = {
    "cash": ("钱", "money"), "voucher": ("券", "vouchers"), "coupon": ("优惠券", "coupons"),
    "goods": ("物品", "goods"), "service": ("服务", "services"),
}  # fmt: skip
SPANS = {"this_year": ("今年", "this year"), "this_month": ("本月", "this month"), "ever": ("历来", "ever")}
SUBJECTS = ("person", "household", "employer", "union")


@dataclass(frozen=True)
class Counted:
    """What a fact of what was received counts."""

    kind: str
    measure: str  # fen | times


def counted(code: str) -> Counted | None:
    """What is counted by a fact that a cap names; None where it is another room's."""
    found = CODE.fullmatch(code.rpartition(".")[2])
    return None if found is None else Counted(found["kind"], found["measure"])


@dataclass(frozen=True)
class Grant:
    """One thing given to somebody, as it is counted: whom it is for, who is paid, when, of which kinds."""

    subject: str  # person:12
    household_id: int | None
    payee: str  # employer:3; empty where it is not known
    day: date
    kinds: tuple[str, ...]
    fen: int  # of the kind that has an amount
    priced: str = ""  # that kind

    def holder(self, words: Collection[str]) -> str:
        """The holder that a cap per these words is kept for; empty where one of them is not known."""
        parts = [self._part(word) for word in words if word not in PERIODS]
        return "/".join(sorted(parts, key=_payee_last)) if parts and all(parts) else ""

    def _part(self, word: str) -> str:
        if word == "payee":
            return f"payee:{self.payee}" if self.payee else ""
        if word == "household" and self.household_id is not None:
            return f"household:{self.household_id}"
        # Who has no registered household counts as one of his own, as everywhere.
        is_own = self.subject.startswith(f"{word}:") or (word == "household" and self.subject.startswith("person:"))
        return self.subject if is_own else ""

    def period(self, words: Collection[str]) -> str:
        """The period that a cap per these words is kept for."""
        if "month" in words:
            return f"{self.day:%Y-%m}"
        return str(self.day.year) if "year" in words else EVER

    def each(self) -> Iterator[tuple[str, str]]:
        """Every holder and period under which it counts."""
        own = self.subject.partition(":")[0]
        words = ((own,), ("household",), ("payee",), (own, "payee"), ("household", "payee"))
        holders = dict.fromkeys(holder for each in words if (holder := self.holder(each)))
        for holder in holders:
            for spans in (("year",), ("month",), ()):
                yield holder, self.period(spans)


def _payee_last(part: str) -> bool:
    return part.startswith("payee:")


def register() -> None:
    """Offer the facts."""
    for subject in SUBJECTS:
        for kind in KINDS:
            if kind != CASH and subject not in {"person", "household"}:
                continue
            for span in SPANS:
                for measure in ("fen", "times") if kind == CASH else ("times",):
                    _register(subject, kind, span, measure)


def _register(subject: str, kind: str, span: str, measure: str) -> None:
    (kind_zh, kind_en), (span_zh, span_en) = KINDS[kind], SPANS[span]
    zh, en = f"{span_zh}领过的{kind_zh}", f"What was received of {kind_en} {span_en}"
    if measure == "times":
        zh, en = f"{span_zh}领{kind_zh}的次数", f"How often {kind_en} were received {span_en}"
    register_fact(
        Fact(
            code=f"received_{kind}_{span}_{measure}", subject=subject, type="fen" if measure == "fen" else "int",
            unit="fen" if measure == "fen" else "time", zh=zh, en=en, read=_reader(subject, kind, span, measure),
            supplier="registry", purpose="核定不超过限额", legal_ground="《中华人民共和国工会法》",
        )
    )  # fmt: skip


def _reader(subject: str, kind: str, span: str, measure: str) -> Callable[..., dict[int, FactReading]]:
    def read(ids: Collection[int] | None, on: date) -> dict[int, FactReading]:
        period = {"this_year": str(on.year), "this_month": f"{on:%Y-%m}"}.get(span, EVER)
        rows = Received.objects.filter(kind=kind, period=period, holder__startswith=f"{subject}:").exclude(
            holder__contains="/"
        )
        stays = led_into(None) if subject == "person" else {}
        given: Counter[int] = Counter()
        for holder, value in rows.values_list("holder", measure):
            pk = int(holder.partition(":")[2])
            given[stays.get(pk, pk)] += value

        def reading(value: int) -> FactReading:
            return FactReading(value, BUREAU, on, "工会发放名单", "The union's lists")

        nothing = reading(0)
        subjects = record_sets.get(subject).unions(ids)  # type: ignore[arg-type]
        return {pk: reading(given[pk]) if pk in given else nothing for pk in subjects}

    return read
