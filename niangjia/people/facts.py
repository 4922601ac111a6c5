"""The facts and record sets this room offers to the rules."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

from django.db.models import QuerySet

from niangjia.core.facts import Fact, RecordSet, record_sets, register_fact
from niangjia.federation.queries import existing_union_ids
from niangjia.people import coverage, readers, relations, support_facts, union_facts, work_facts
from niangjia.people.allocation_facts import allocation_facts
from niangjia.people.models import Employer, Household, HouseholdMember, Person

_AID = {"purpose": "找到符合工会服务条件的职工", "legal_ground": "《中华人民共和国工会法》"}


def _fact(subject: str, code: str, type: str, zh: str, en: str, **more: object) -> Fact:
    return Fact(code=code, subject=subject, type=type, zh=zh, en=en, **{**_AID, **more})  # type: ignore[arg-type]


def _recorded(subject: str, code: str, type: str, zh: str, en: str, **more: object) -> Fact:
    read = readers.recorded(subject, code)
    return _fact(subject, code, type, zh, en, read=read, recorded=True, **more)


SCHOOL_STAGES = {
    "none": ("不在校", "Not in school"),
    "primary": ("小学", "Primary school"),
    "junior": ("初中", "Junior middle school"),
    "senior": ("高中（含中职）", "Senior middle or vocational school"),
    "college": ("大专", "College"),
    "university": ("大学本科", "University"),
}
PILOT_KINDS = {
    "comprehensive_city": ("综合试点城市", "Comprehensive pilot city"),
    "comprehensive_area": ("综合试点地区、单位", "Comprehensive pilot area or unit"),
    "project": ("项目试点", "Project pilot"),
    "none": ("不是试点", "Not a pilot"),
}
SEXES = {"female": ("女", "Female"), "male": ("男", "Male")}


def register() -> None:
    """Register record sets and registers first, then facts by subject."""
    coverage.register_registers()
    for found in _record_sets():
        record_sets.register(found.code, found)
    for fact in (
        *_person_facts(),
        *_person_work_and_school(),
        *_household_facts(),
        *_household_study_and_illness(),
        *_union_facts(),
        *union_facts.facts(),
        *allocation_facts(),
    ):
        register_fact(fact)
    support_facts.register()
    work_facts.register()
    relations.register()


def _person_facts() -> tuple[Fact, ...]:
    return (
        _fact(
            "person",
            "born_on",
            "date",
            "出生日期",
            "Date of birth",
            read=readers.person_column("born_on"),
            supplier="registry",
        ),
        _fact(
            "person",
            "sex",
            "code",
            "性别",
            "Sex",
            read=readers.person_column("sex"),
            supplier="registry",
            codes=SEXES,
            sensitive=True,
        ),
        _fact(
            "person",
            "in_work",
            "bool",
            "现在有工作",
            "In work now",
            read=readers.in_work,
            register="employment",
            supplier="bureau:人社局",
            changeable=True,
        ),
        _fact(
            "person",
            "is_worker",
            "bool",
            "是职工",
            "Is a worker",
            read=readers.is_worker,
            register="employment",
            supplier="bureau:人社局",
        ),
        _recorded(
            "person",
            "employment_aid_listed",
            "bool",
            "列入就业帮扶排摸名单",
            "On the survey list for help into work",
            supplier="visit",
            absent="false",
            register="home_survey",
        ),
    )


def _person_work_and_school() -> tuple[Fact, ...]:
    return (
        _fact(
            "person",
            "zone_started_on",
            "date",
            "到园区上班的日子",
            "First day of work in the zone",
            read=readers.zone_started_on,
            register="zone_roster",
            supplier="employer",
        ),
        _fact(
            "person",
            "zone_unbroken_months",
            "int",
            "在园区连续上班的月数",
            "Months of unbroken work in the zone",
            read=readers.zone_unbroken_months,
            register="zone_roster",
            unit="month",
            supplier="employer",
            changeable=True,
        ),
        _recorded(
            "person",
            "school_stage",
            "code",
            "就读阶段",
            "Stage of school",
            supplier="person",
            codes=SCHOOL_STAGES,
            question_zh="现在读到哪一阶段？",
            question_en="Which stage of school?",
        ),
        _recorded(
            "person",
            "admission_letter",
            "bool",
            "录取通知书或在读证明",
            "Letter of admission or proof of enrolment",
            supplier="person",
            changeable=True,
            question_zh="请拍一张录取通知书（或在读证明）。",
            question_en="Please photograph the letter of admission (or proof of enrolment).",
        ),
    )


def _household_facts() -> tuple[Fact, ...]:
    return (
        _fact(
            "household",
            "hardship_in_file",
            "bool",
            "在档困难职工家庭",
            "Household with an open hardship file",
            read=readers.hardship_in_file,
            supplier="visit",
            absent="false",
            register="hardship",
            sensitive=True,
        ),
        _recorded(
            "household",
            "migrant_household",
            "bool",
            "农民工家庭",
            "Migrant worker's household",
            supplier="visit",
            absent="false",
            register="home_survey",
        ),
        _recorded(
            "household",
            "income_per_head",
            "fen",
            "家庭人均月收入",
            "Monthly income per head",
            unit="fen",
            supplier="bureau:民政局",
            sensitive=True,
            changeable=True,
            stale_after_days=365,
            question_zh="家里平均每人每月收入多少元？",
            question_en="Monthly income per head of the household, in yuan?",
        ),
        _fact(
            "household",
            "has_child_under_18",
            "bool",
            "家有未成年子女",
            "Has a child under 18",
            read=readers.has_child_under_18,
            supplier="registry",
            absent="false",
            register="household_members",
        ),
    )


def _household_study_and_illness() -> tuple[Fact, ...]:
    money = {"unit": "fen", "supplier": "person", "sensitive": True}
    return (
        _recorded(
            "household",
            "study_space_poor",
            "bool",
            "孩子没有像样的学习角落",
            "The child has no proper place to study",
            supplier="visit",
            absent="false",
            register="home_survey",
        ),
        _recorded(
            "household",
            "study_room_estimate",
            "fen",
            "书屋改造概算",
            "Estimate for the study room",
            unit="fen",
            supplier="visit",
        ),
        _recorded("household", "medical_bill", "fen", "医疗总费用", "Medical bill in all", **money),
        _recorded("household", "medical_insurance_paid", "fen", "医保已报", "Paid by medical insurance", **money),
        _recorded(
            "household", "serious_illness_paid", "fen", "大病保险已报", "Paid by serious-illness insurance", **money
        ),
        _recorded("household", "mutual_aid_paid", "fen", "医疗互助已补", "Paid by mutual aid", **money),
        _recorded(
            "household",
            "medical_slips_complete",
            "bool",
            "医保结算单",
            "Settlement slips of the medical insurance",
            supplier="person",
            changeable=True,
            sensitive=True,
            question_zh="请拍第三次住院的医保结算单。",
            question_en="Please photograph the insurance slip of the third stay in hospital.",
        ),
    )


def _union_facts() -> tuple[Fact, ...]:
    return (
        _recorded("union", "pilot_kind", "code", "试点类型", "Kind of pilot", supplier="registry", codes=PILOT_KINDS),
        _recorded(
            "union",
            "pilot_accepted_on",
            "date",
            "试点验收通过日期",
            "Day the pilot passed acceptance",
            supplier="visit",
        ),
    )


def _household_of(ids: Collection[int]) -> Mapping[int, int]:
    rows = HouseholdMember.objects.filter(readers.only(ids, "person_id"), valid_to__isnull=True)
    return dict(rows.values_list("person_id", "household_id"))


def _homes() -> QuerySet[Household]:
    return Household.objects.filter(closed_on__isnull=True)


def _record_sets() -> tuple[RecordSet, ...]:
    def owned(model: type) -> RecordSet:
        return RecordSet(
            code="",
            zh="",
            en="",
            unit_zh="",
            unit_en="",
            ids=lambda unions: list(model.objects.filter(union_id__in=unions).values_list("pk", flat=True)),  # type: ignore[attr-defined]
            unions=lambda ids: dict(model.objects.filter(readers.only(ids, "pk")).values_list("pk", "union_id")),  # type: ignore[attr-defined]
        )

    return (
        replace(
            owned(Person),
            code="person",
            zh="个人",
            en="Person",
            unit_zh="人",
            unit_en="persons",
            links={"household": _household_of},
            # Who asked to be deleted is counted nowhere.
            ids=lambda unions: list(
                Person.objects.filter(union_id__in=unions, erased_at__isnull=True).values_list("pk", flat=True)
            ),
        ),
        replace(
            owned(Household),
            code="household",
            zh="家庭",
            en="Household",
            unit_zh="户",
            unit_en="households",
            # The last member left: nobody is there to be decided about.
            ids=lambda unions: list(_homes().filter(union_id__in=unions).values_list("pk", flat=True)),
            unions=lambda ids: dict(_homes().filter(readers.only(ids, "pk")).values_list("pk", "union_id")),
        ),
        replace(owned(Employer), code="employer", zh="用人单位", en="Employer", unit_zh="家", unit_en="employers"),
        RecordSet(
            code="union",
            zh="工会",
            en="Union",
            unit_zh="家",
            unit_en="unions",
            ids=lambda unions: existing_union_ids(unions),
            unions=lambda ids: {pk: pk for pk in ids},
        ),
    )
