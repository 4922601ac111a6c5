"""以往帮扶: ledgers of help from earlier years and from all levels, handed in like any other roster."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from hashlib import blake2b

from django.utils.translation import gettext_lazy as _

from niangjia.benefits.models import PastServing
from niangjia.benefits.services.caps import count_past, uncount_past
from niangjia.core import clock
from niangjia.core.money import yuan
from niangjia.people.household_rows import homes_on
from niangjia.people.rosters import cells
from niangjia.people.rosters.judging import First, Frame, Row
from niangjia.people.rosters.kinds import Column, RosterKind, known_person_columns, roster_kinds
from niangjia.people.rosters.parts import roster_parts, taken_back
from niangjia.people.rosters.parts.person import KnownPersonPart
from niangjia.people.services.roster_pen import Pen
from niangjia.policy import queries as policy

PAST_HELP = "past_help"
AIDS = {
    "living": ("生活救助", "living", "生活", "困难补助", "送温暖"),
    "school": ("子女就学救助", "schooling", "助学", "助学救助", "子女助学", "金秋助学"),
    "medical": ("医疗救助", "medical", "医疗", "大病救助"),
    "work": ("就业帮扶", "work", "就业", "就业救助", "技能培训"),
}
LEVELS = {
    "nation": ("全国", "national", "全总", "中央"), "province": ("省级", "province", "省", "省总"),
    "city": ("市级", "city", "市", "市总"), "county": ("县级", "county", "县", "县总", "区", "区级"),
    "town": ("乡镇", "town", "镇", "乡", "街道"), "primary": ("基层", "primary", "企业", "单位", "村"),
}  # fmt: skip
_IN_FUTURE = _("This day has not come yet. Please compare it with the paper.")
_OTHERWISE = _(
    "This help of this day is entered already with another amount: %(amount)s. Compare it with the paper; what is "
    "wrong there is taken back with the roster that brought it."
)
_TWICE = _("The same help of the same day stands %(where)s. Please leave one of them out, or write what differs.")
Key = tuple[str, int, date]  # slug, person, day


def slug_of(what: str, by_name: dict[str, str]) -> str:
    """The programme a paper means by its name; of one that is none of ours, a mark of its name."""
    return by_name.get(what) or f"past-{blake2b(what.encode(), digest_size=10).hexdigest()}"


class OftenHelpedPart(KnownPersonPart):
    """Finds the person of a row; he may stand in many rows, once for each help."""

    def compare(self, row: Row) -> None:
        """Many rows of one person are no mistake here."""

    def note(self, row: Row) -> None:
        """Nothing to remember."""


class PastHelpPart:
    """Takes over what was given, once for each person, kind of help and day."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame
        self._by_name = policy.slugs_by_name()
        self._stored: dict[Key, PastServing] = {}
        self._first: dict[Key, First] = {}

    def load(self, rows: Sequence[Row]) -> None:
        """Read what these persons are known to have received on paper."""
        ids = [row.person.pk for row in rows if row.person]
        found = PastServing.objects.filter(subject_kind="person", subject_id__in=ids)
        self._stored = {(one.programme_slug, one.subject_id, one.served_on): one for one in found}

    def plan(self, row: Row) -> None:
        """New, the same, or said otherwise before."""
        if row.person is None:
            return
        if row.values["helped_on"] > self._frame.today:
            row.refuse("helped_on", _IN_FUTURE)
            return
        key = self._key(row)
        stored, amount = self._stored.get(key), row.values.get("amount")
        if stored is None:
            row.plans[PAST_HELP] = key
            row.is_new, row.union_id = True, row.person.union_id
        elif amount is not None and stored.amount_fen != amount:
            told = "—" if stored.amount_fen is None else yuan(stored.amount_fen)
            row.refuse("amount", _OTHERWISE, amount=told)

    def compare(self, row: Row) -> None:
        """One help of one day stands in one row."""
        key = row.plans.get(PAST_HELP)
        if key is not None and key in self._first:
            row.refuse_second("what", _TWICE, self._first[key])

    def note(self, row: Row) -> None:
        """Remember what goes in."""
        if PAST_HELP in row.plans:
            self._first.setdefault(row.plans[PAST_HELP], First(row.sheet, row.line, True))

    def write(self, rows: Sequence[Row], pen: Pen) -> None:
        """Take it over, with the household the person belonged to on that day, and count it where caps are kept."""
        going = [row for row in rows if row.person and PAST_HELP in row.plans]
        homes = homes_on({(row.person.pk, row.values["helped_on"]) for row in going if row.person})
        made = [(row, self._serving(row, homes)) for row in going]
        pen.make(made)
        count_past([serving for _row, serving in made])
        for row, serving in made:
            pen.tell(row, "person", serving.subject_id, serving.union_id, PAST_HELP)

    def _serving(self, row: Row, homes: dict[tuple[int, date], int]) -> PastServing:
        slug, person_id, day = row.plans[PAST_HELP]
        values = row.values
        return PastServing(
            programme_slug=slug, programme_name=values["what"], subject_kind="person", subject_id=person_id,
            household_id=homes.get((person_id, day)), union_id=row.person.union_id if row.person else 0,
            served_on=day, amount_fen=values.get("amount"), aid=values.get("aid", ""), level=values.get("level", ""),
            giver=values.get("giver", ""), source=self._frame.source[:80], roster_id=self._frame.roster_id,
            recorded_at=clock.now(),
        )  # fmt: skip

    def _key(self, row: Row) -> Key:
        person_id = row.person.pk if row.person else 0
        return slug_of(row.values["what"], self._by_name), person_id, row.values["helped_on"]


def _take_back(ids: Sequence[int]) -> None:
    uncount_past(PastServing.objects.filter(pk__in=ids))


def _kind() -> RosterKind:
    return RosterKind(
        PAST_HELP, _("Ledger of past help"),
        _("What people were given in earlier years, or by other levels: one help of one person per row."),
        (
            *known_person_columns(),
            Column("what", _("What was given"), cells.text(120),
                   ("帮扶项目", "项目", "救助项目", "帮扶内容", "项目名称", "what was given"), required=True),
            Column("helped_on", _("Day of the help"), cells.DAY,
                   ("帮扶日期", "发放日期", "救助日期", "发放时间", "帮扶时间", "日期", "day of the help"),
                   required=True),
            Column("amount", _("Amount"), cells.YUAN,
                   ("金额", "帮扶金额", "救助金额", "发放金额", "金额（元）", "amount")),
            Column("aid", _("Kind of aid"), cells.choice(AIDS), ("救助类别", "帮扶类别", "救助类型", "kind of aid")),
            Column("level", _("Level that gave it"), cells.choice(LEVELS),
                   ("级别", "层级", "发放级别", "资金级别", "level that gave it")),
            Column("giver", _("Who gave it"), cells.text(120),
                   ("发放单位", "帮扶单位", "救助单位", "资金来源", "who gave it")),
        ),
        ("often_helped", PAST_HELP), needs_source=True,
    )  # fmt: skip


def register() -> None:
    """Offer the kind of roster, what its rows write, and what goes when they are taken back."""
    roster_parts.register("often_helped", OftenHelpedPart)
    roster_parts.register(PAST_HELP, PastHelpPart)
    taken_back.register(PastServing._meta.label_lower, _take_back)
    roster_kinds.register(PAST_HELP, _kind())
