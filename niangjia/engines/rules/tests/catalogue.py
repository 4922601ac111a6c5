"""The facts that the recipes in `programmes/` ask for, as the rooms register them."""

from __future__ import annotations

from niangjia.engines.rules import Catalogue, Fact

PILOT_KINDS = {
    "none": ("不是试点", "not a pilot"),
    "comprehensive_city": ("综合试点城市", "comprehensive pilot city"),
    "comprehensive_area": ("综合试点地区或单位", "comprehensive pilot area or unit"),
    "project": ("单项试点", "project pilot"),
}
SCHOOL_STAGES = {
    "none": ("未在校", "not in school"),
    "primary": ("小学", "primary school"),
    "junior": ("初中", "middle school"),
    "senior": ("高中（中职）", "high or vocational school"),
    "college": ("大专", "college"),
    "university": ("本科及以上", "university"),
}

FACTS = (
    Fact("employment_aid_listed", "bool", "就业帮扶名单", "employment aid list", supplier="visit"),
    Fact("in_work", "bool", "正在上班", "in work", changeable=True, cost=1),
    Fact(
        "voucher_holders_full_year",
        "int",
        "干满一年的持券人",
        "voucher holders employed for a full year",
        unit="person",
        changeable=True,
        supplier="registry",
        cost=3,
    ),
    Fact(
        "holder_monthly_wage",
        "fen",
        "持券人月工资",
        "monthly wage of the voucher holder",
        changeable=True,
        supplier="employer",
        cost=2,
    ),
    Fact(
        "household.hardship_in_file",
        "bool",
        "困难职工档案",
        "hardship file in force",
        supplier="registry",
        cost=3,
    ),
    Fact(
        "household.migrant_household",
        "bool",
        "农民工家庭",
        "migrant worker's household",
        cost=1,
    ),
    Fact("is_worker", "bool", "职工", "a worker", supplier="registry", cost=2),
    Fact("hardship_in_file", "bool", "困难职工档案", "hardship file in force", supplier="registry"),
    Fact(
        "medical_slips_complete",
        "bool",
        "医保结算单齐全",
        "settlement slips complete",
        changeable=True,
        cost=2,
    ),
    Fact("medical_bill", "fen", "医疗总费用", "medical bill", cost=2),
    Fact("medical_insurance_paid", "fen", "基本医保已报", "paid by basic insurance", cost=2),
    Fact("serious_illness_paid", "fen", "大病保险已报", "paid by serious-illness insurance", cost=2),
    Fact("mutual_aid_paid", "fen", "医疗互助已报", "paid by mutual aid", supplier="registry"),
    Fact("pilot_kind", "code", "试点类型", "kind of pilot", codes=PILOT_KINDS, supplier="registry"),
    Fact(
        "pilot_accepted_on",
        "date",
        "验收通过日期",
        "date of acceptance",
        changeable=True,
        supplier="registry",
    ),
    Fact("admission_letter", "bool", "录取通知书", "admission letter", changeable=True, cost=1),
    Fact("school_stage", "code", "就读阶段", "school stage", codes=SCHOOL_STAGES, cost=1),
    Fact(
        "household.income_per_head",
        "fen",
        "家庭人均月收入",
        "monthly household income per head",
        supplier="visit",
        cost=3,
    ),
    Fact("zone_started_on", "date", "到岗日期", "first day of work in the zone"),
    Fact(
        "zone_unbroken_months",
        "int",
        "连续上班月数",
        "unbroken months of work",
        unit="month",
        supplier="employer",
        cost=2,
    ),
    Fact("has_child_under_18", "bool", "家里有未成年孩子", "a child under 18", supplier="registry"),
    Fact(
        "study_space_poor",
        "bool",
        "孩子缺少学习空间",
        "the child lacks a place to study",
        supplier="visit",
        cost=2,
    ),
    Fact("study_room_estimate", "fen", "改造预算", "estimate for the room", supplier="visit"),
)

CATALOGUE = Catalogue(FACTS)
