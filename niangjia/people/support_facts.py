"""The facts that aid, study, health and family programmes ask for: of persons, households, and who hosts a service."""

from __future__ import annotations

from niangjia.core.facts import Fact, register_fact
from niangjia.people import readers, support_readers

_AID = {"purpose": "核定工会的帮扶和服务", "legal_ground": "《中华人民共和国工会法》"}

DEGREE_LEVELS = {
    "none": ("没有在提升", "Not studying for one"),
    "college": ("大专", "College"),
    "bachelor": ("大学本科", "Bachelor"),
    "master": ("硕士及以上", "Master or above"),
}
SKILL_LEVELS = {
    "none": ("没有证书", "No certificate"),
    "apprentice": ("学徒工", "Apprentice"),
    "junior": ("初级工", "Junior"),
    "intermediate": ("中级工", "Intermediate"),
    "senior": ("高级工", "Senior"),
    "technician": ("技师", "Technician"),
    "senior_technician": ("高级技师", "Senior technician"),
    "special_technician": ("特级技师", "Special technician"),
    "chief_technician": ("首席技师", "Chief technician"),
}
CERTIFIERS = {
    "enterprise": ("用人单位自主认定", "The employer itself"),
    "institution": ("社会评价组织或人社部门", "An institution or the labour bureau"),
}
VISIT_REASONS = {
    "hardship": ("生活困难", "Hardship"),
    "illness": ("患病住院", "Illness"),
    "accident": ("遭遇意外或灾害", "Accident or disaster"),
    "frontline": ("节日坚守岗位", "At work through the holidays"),
    "honoured": ("劳模先进", "Model worker"),
    "other": ("其他", "Something else"),
}
TRAINING_WISHES = {
    "none": ("暂时不需要", "None for now"),
    "training": ("技能培训", "Training in a skill"),
    "advice": ("就业咨询", "Advice on jobs"),
    "guidance": ("就业指导", "Guidance into work"),
}


def register() -> None:
    """Offer them."""
    for fact in (
        *_study_and_skill(),
        *_work_and_visits(),
        *_hospital_and_child(),
        *_household_from_records(),
        *_household_illness_and_need(),
        *_hosts(),
    ):
        register_fact(fact)


def _recorded(subject: str, code: str, type: str, zh: str, en: str, **more: object) -> Fact:
    read = readers.recorded(subject, code)
    return Fact(code=code, subject=subject, type=type, zh=zh, en=en, read=read, recorded=True, **{**_AID, **more})  # type: ignore[arg-type]


def _study_and_skill() -> tuple[Fact, ...]:
    return (
        Fact(
            code="union_member", subject="person", type="bool", zh="是工会会员", en="Is a union member",
            read=support_readers.union_member, register="membership", supplier="registry", changeable=True, **_AID,
        ),
        _recorded(
            "person", "degree_level", "code", "正在提升的学历", "Degree being studied for",
            supplier="person", codes=DEGREE_LEVELS,
            question_zh="边工作边读的是哪一层次的学历？今年刚毕业的也算。",
            question_en="Which degree are you studying for beside work? One finished this year counts too.",
        ),
        _recorded(
            "person", "degree_diploma", "bool", "提升学历的毕业证书", "Diploma of the degree studied for",
            supplier="person", changeable=True,
            question_zh="请拍一张毕业证书。", question_en="Please photograph the diploma.",
        ),
        _recorded(
            "person", "skill_level", "code", "职业技能等级", "Grade of skill",
            supplier="employer", codes=SKILL_LEVELS,
            question_zh="职业技能等级证书是哪一级？", question_en="Which grade does the skill certificate say?",
        ),
        _recorded(
            "person", "skill_certified_by", "code", "技能等级由谁认定", "Who certified the skill",
            supplier="employer", codes=CERTIFIERS,
            question_zh="证书由谁认定、盖的谁的章？", question_en="Who certified it, and whose seal is on it?",
        ),
    )  # fmt: skip


def _work_and_visits() -> tuple[Fact, ...]:
    return (
        # A roster is of one month: what stood on the last one says nothing of this one. Who is on none is not on it.
        _recorded(
            "person", "sanitation_roster_listed", "bool", "在环卫作业花名册上", "On the roster of sanitation workers",
            supplier="employer", absent="false", register="sanitation_roster", stale_after_days=31,
        ),
        _recorded(
            "person", "sanitation_shift_days", "int", "本月排班天数", "Days on this month's roster",
            unit="day", supplier="employer", stale_after_days=31,
        ),
        # The list of visits is the union's own: who is not on it is known not to be. It is drawn up anew each year.
        _recorded(
            "person", "visit_listed", "bool", "列入走访慰问名单", "On the list for a visit",
            supplier="registry", absent="false", register="visit_list", sensitive=True, stale_after_days=365,
        ),
        _recorded(
            "person", "visit_reason", "code", "走访慰问的事由", "Reason for a visit",
            supplier="registry", codes=VISIT_REASONS, sensitive=True,
        ),
        _recorded(
            "person", "training_wish", "code", "想要的就业帮助", "Help into work that is wanted",
            supplier="person", codes=TRAINING_WISHES, changeable=True,
            question_zh="想参加技能培训，还是要人介绍、指导找工作？",
            question_en="Do you want training, or advice and guidance on finding work?",
        ),
    )  # fmt: skip


def _hospital_and_child() -> tuple[Fact, ...]:
    return (
        _recorded(
            "person", "mutual_plan_joined_on", "date", "本期医疗互助保障参加日期",
            "Day of joining this term of mutual medical aid", supplier="registry",
        ),
        _recorded(
            "person", "hospital_admitted_on", "date", "住院日期", "Day of admission to hospital",
            supplier="person", sensitive=True,
            question_zh="这次哪一天住的院？", question_en="On which day were you admitted to hospital?",
        ),
        _recorded(
            "person", "hospital_own_cost", "fen", "这次住院医保结算后自付", "Own cost of this stay after insurance",
            unit="fen", supplier="person", sensitive=True,
            question_zh="医保结算单上个人自付多少元？",
            question_en="What does the insurance slip say you paid yourself, in yuan?",
        ),
        _recorded(
            "person", "guardian_consent_to_class", "bool", "家长同意参加暑期班",
            "Guardian agrees to the summer class", supplier="person", changeable=True,
            question_zh="请家长签好同意书（写明谁来接），拍照交来。",
            question_en="Please photograph the consent a guardian signed; it names who fetches the child.",
        ),
    )  # fmt: skip


def _household_from_records() -> tuple[Fact, ...]:
    return (
        Fact(
            code="has_worker", subject="household", type="bool", zh="家里有职工", en="A member is a worker",
            read=support_readers.has_worker, register="employment", supplier="bureau:人社局", **_AID,
        ),
        Fact(
            code="children_at_school", subject="household", type="int", unit="person", zh="在读子女人数",
            en="Children at school or university", read=support_readers.children_at_school, supplier="visit", **_AID,
        ),
    )  # fmt: skip


def _household_illness_and_need() -> tuple[Fact, ...]:
    return (
        _recorded(
            "household", "serious_illness", "bool", "家里有人患重大疾病", "A member has a serious illness",
            supplier="person", sensitive=True,
            question_zh="请拍医院的诊断证明。", question_en="Please photograph the hospital's diagnosis.",
        ),
        _recorded(
            "household", "medical_assistance_paid", "fen", "民政医疗救助已付",
            "Paid by civil-affairs medical assistance",
            unit="fen", supplier="bureau:民政局", sensitive=True,
        ),
        _recorded(
            "household", "relief_need", "fen", "入户核定的困难金额", "Need found by the visit",
            unit="fen", supplier="visit", sensitive=True, stale_after_days=365,
        ),
    )  # fmt: skip


def _hosts() -> tuple[Fact, ...]:
    return (
        _recorded(
            "employer", "visit_listed", "bool", "列入走访慰问名单", "On the list for a visit",
            supplier="registry", absent="false", register="visit_list", stale_after_days=365,
        ),
        _recorded(
            "employer", "mothers_room_accepted_on", "date", "妈咪暖心小屋验收通过日期",
            "Day the mothers' room passed acceptance", supplier="visit",
        ),
        _recorded(
            "union", "summer_classes_held", "int", "今年开办并验收的暑期班",
            "Summer classes held and accepted this year",
            unit="count", supplier="visit", stale_after_days=365,
        ),
    )  # fmt: skip
