"""The kinds of roster a union receives: declared here, with their columns; the parts know what to write."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from niangjia.core.facts import Fact, facts
from niangjia.core.registries import Registry
from niangjia.people.models import RosterImport
from niangjia.people.rosters import cells
from niangjia.people.rosters.cells import CellType
from niangjia.people.shown import label_of


@dataclass(frozen=True)
class Column:
    """What one column of a roster means: its type, and the headings it is known by without being told."""

    code: str
    label: str | Promise
    type: CellType
    headings: tuple[str, ...]
    required: bool = False


def _always_ready(roster: RosterImport) -> None:
    """Nothing but the officer's approval is needed."""


def _none_left_out(roster: RosterImport) -> frozenset[int]:
    """Every row that changes something is entered."""
    return frozenset()


@dataclass(frozen=True)
class RosterKind:
    """One kind of roster: its words, its columns, and the parts that judge and write its rows, in order."""

    code: str
    title: str | Promise
    intro: str | Promise
    columns: tuple[Column, ...]
    parts: tuple[str, ...]
    subject: str = "person"  # what a row is about: person | employer
    fact_subjects: tuple[str, ...] = ()  # beside the columns: every recorded fact of these
    right: str = "people.registry:write"
    needs_source: bool = False
    defaults: dict[str, str] = field(default_factory=dict)  # column -> value where the table is silent
    route: str = ""  # a page of its own, which takes the place of the roster's page
    ready: Callable[[RosterImport], None] = _always_ready  # refuses an approval that comes too early
    left_out: Callable[[RosterImport], frozenset[int]] = _none_left_out  # rows that are not to be entered

    @property
    def is_offered(self) -> bool:
        """Whether it is handed in as any roster: a kind with a page of its own is handed in there."""
        return not self.route

    def all_columns(self) -> dict[str, Column]:
        """The columns by code, with one for each registered fact where the kind takes facts."""
        found = {column.code: column for column in self.columns}
        return found | {column.code: column for column in _fact_columns(self.fact_subjects)}


def _fact_columns(subjects: Iterable[str]) -> Iterable[Column]:
    for subject in subjects:
        for fact in facts.all():
            if fact.subject == subject and fact.recorded:
                yield Column(f"fact:{subject}.{fact.code}", label_of(fact), _fact_type(fact), (fact.zh, fact.en))


def _fact_type(fact: Fact) -> CellType:
    if fact.type == "code":
        return cells.choice(fact.codes)
    if fact.type == "fen":
        return cells.counted(cells.YUAN)
    return {"bool": cells.YES_NO, "date": cells.DAY}.get(fact.type) or cells.counted(cells.WHOLE)


roster_kinds: Registry[RosterKind] = Registry("roster kinds")

SEXES = {"female": ("女", "female", "女性", "f"), "male": ("男", "male", "男性", "m")}
JOB_FORMS = {
    "contract": ("劳动合同", "contract", "合同", "全日制"),
    "platform": ("平台", "platform", "外卖", "快递", "网约车", "骑手", "货运"),
    "dispatch": ("劳务派遣", "dispatch", "派遣"),
    "casual": ("零工", "casual", "临时", "灵活就业"),
}
RELATIONS = {
    "head": ("户主", "head", "本人", "本人或户主"),
    "spouse": ("配偶", "spouse", "妻", "妻子", "夫", "丈夫", "妻子/丈夫"),
    "child": ("子女", "child", "子", "女", "儿子", "女儿", "长子", "长女", "次子", "次女"),
    "parent": ("父母", "parent", "父", "母", "父亲", "母亲", "岳父", "岳母", "公公", "婆婆"),
    "other": ("其他", "other", "其他亲属", "孙子", "孙女", "兄弟", "姐妹"),
}
GRADES = {
    "deep": ("深度困难", "deep", "深度困难职工"),
    "relative": ("相对困难", "relative", "相对困难职工"),
    "sudden": ("意外致困", "sudden", "意外致困职工"),
}

_NAME = Column("name", _("Name"), cells.NAME, ("姓名", "职工姓名", "会员姓名", "成员姓名", "name"), required=True)
_NUMBER = Column(
    "id_number", _("Identity number"), cells.IDENTITY,
    ("身份证号", "身份证号码", "身份证", "公民身份号码", "证件号码", "证件号", "公民身份证号码", "identity number"),
)  # fmt: skip
_PHONE = Column(
    "phone", _("Mobile number"), cells.PHONE,
    ("手机号", "手机号码", "手机", "联系电话", "电话", "联系方式", "电话号码", "移动电话", "mobile number", "phone"),
)  # fmt: skip
_SEX = Column("sex", _("Sex"), cells.choice(SEXES), ("性别", "sex"))
_BORN = Column("born_on", _("Date of birth"), cells.DAY, ("出生日期", "出生年月日", "生日", "date of birth"))
_UNION = Column(
    "union", _("Union"), cells.text(120),
    (
        "工会", "所属工会", "所在工会", "基层工会", "工会名称", "乡镇", "所属乡镇", "网格", "所属网格", "微网格",
        "所属微网格", "union",
    ),
)  # fmt: skip
_PERSON = (_NAME, _NUMBER, _PHONE, _SEX, _BORN, _UNION)
_EMPLOYER = Column(
    "employer", _("Employer"), cells.text(120),
    ("单位", "工作单位", "单位名称", "用人单位", "所在单位", "企业名称", "所属企业", "employer"),
)  # fmt: skip
_CREDIT = Column(
    "credit_code", _("Unified social credit code"), cells.CREDIT,
    ("统一社会信用代码", "信用代码", "社会信用代码", "单位信用代码", "credit code"),
)  # fmt: skip
_STARTED = Column(
    "started_on", _("First day"), cells.DAY, ("入职日期", "入职时间", "参加工作日期", "上岗日期", "first day")
)
_FORM = Column(
    "form", _("Kind of work"), cells.choice(JOB_FORMS), ("用工形式", "就业形式", "从业类型", "工种类别", "kind of work")
)
_WAGE = Column("wage", _("Monthly wage"), cells.YUAN, ("月工资", "月收入", "工资", "月工资收入", "monthly wage"))
_JOB = (_EMPLOYER, _CREDIT, _STARTED, _FORM, _WAGE)
_RELATION = Column(
    "relation", _("Relation to the head"), cells.choice(RELATIONS),
    ("与户主关系", "家庭关系", "关系", "与本人关系", "称谓", "relation"),
)  # fmt: skip
_HEAD_NUMBER = Column(
    "head_number", _("Identity number of the head"), cells.IDENTITY,
    ("户主身份证号", "户主身份证", "户主证件号", "户主身份证号码", "head's identity number"),
)  # fmt: skip
_ADDRESS = Column("address", _("Address"), cells.text(200), ("住址", "家庭住址", "地址", "居住地址", "address"))
_SINCE = Column(
    "registered_on", _("Registered on"), cells.DAY, ("登记日期", "登记时间", "建档日期", "建档时间", "registered on")
)


def register() -> None:
    """Offer the usual kinds."""
    for kind in (_members(), _outdoor(), _hardship(), _households(), _employers(), _bureau()):
        roster_kinds.register(kind.code, kind)


def _members() -> RosterKind:
    joined = Column(
        "joined_on", _("Joined on"), cells.DAY, ("入会日期", "入会时间", "加入工会日期", "joined on"), required=True
    )
    return RosterKind(
        "members", _("Union members"),
        _("Members of the union, with the day they joined. Employer and first day may stand beside it."),
        (*_PERSON, joined, *_JOB), ("person", "membership", "job"),
    )  # fmt: skip


def _outdoor() -> RosterKind:
    return RosterKind(
        "outdoor", _("Outdoor workers"),
        _("Riders, couriers, drivers, sanitation and building workers, with whom they work for."),
        (*_PERSON, *_JOB), ("person", "job"), defaults={"form": "platform"},
    )  # fmt: skip


def _hardship() -> RosterKind:
    return RosterKind(
        "hardship", _("Workers in difficulty"),
        _("One worker per row, as head of the household, with grade, cause and the day of the next review."),
        (
            *_PERSON, _ADDRESS,
            Column("grade", _("Grade"), cells.choice(GRADES), ("困难类别", "困难等级", "等级", "困难类型", "grade"),
                   required=True),
            Column("cause", _("Cause"), cells.text(200), ("致困原因", "困难原因", "主要致困原因", "cause"),
                   required=True),
            Column("entered_on", _("Entered on"), cells.DAY, ("建档日期", "建档时间", "进档日期", "entered on"),
                   required=True),
            Column("review_due_on", _("Review due on"), cells.DAY,
                   ("复核日期", "复核到期日", "下次复核", "review due on"), required=True),
        ),
        ("person", "household", "hardship"),
    )  # fmt: skip


def _households() -> RosterKind:
    return RosterKind(
        "households", _("Households with their members"),
        _("Everybody of a household, the head first; the others follow, or name the head's identity number."),
        (*_PERSON, _RELATION, _HEAD_NUMBER, _ADDRESS, _SINCE), ("person", "household"),
    )  # fmt: skip


def _employers() -> RosterKind:
    return RosterKind(
        "employers", _("Employers"), _("Employers with their unified social credit code."),
        (
            Column("employer", _("Name of the employer"), cells.text(120), _EMPLOYER.headings, required=True),
            Column("credit_code", _("Unified social credit code"), cells.CREDIT, _CREDIT.headings, required=True),
            Column("staff_count", _("Staff"), cells.WHOLE, ("职工人数", "职工数", "从业人数", "人数", "staff")),
            Column("in_zone", _("In the zone"), cells.YES_NO, ("是否在园区", "园区企业", "in the zone")),
            _UNION,
        ),
        ("employer",), subject="employer",
    )  # fmt: skip


def known_person_columns() -> tuple[Column, Column]:
    """Number and name of somebody who has a file: for rows that add nobody."""
    number = Column("id_number", _NUMBER.label, cells.IDENTITY, _NUMBER.headings, required=True)
    return number, Column("name", _NAME.label, cells.NAME, _NAME.headings)


def _bureau() -> RosterKind:
    return RosterKind(
        "bureau", _("Results of a bureau"),
        _("What another bureau answered, one person per row; each column is a fact, proved by that bureau."),
        known_person_columns(), ("known_person", "facts"),
        fact_subjects=("person", "household"), needs_source=True, right="people.fact:verify",
    )  # fmt: skip


def answer_kind(
    code: str, route: str, ready: Callable[[RosterImport], None], left_out: Callable[[RosterImport], frozenset[int]]
) -> RosterKind:
    """Results of a bureau as the answer to a batch: only about those it was asked about."""
    return replace(
        _bureau(), code=code, parts=("known_person", "checked", "facts"), right="people.check:send", route=route,
        ready=ready, left_out=left_out,
    )  # fmt: skip
