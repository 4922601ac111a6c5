"""Facts by which few places are shared out: who stands in which group, and who has waited how long."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from niangjia.core.facts import SEAL, Fact, FactReading
from niangjia.people import readers
from niangjia.people.models import Employer

_AID = {"purpose": "按优先顺序分配名额", "legal_ground": "《中华人民共和国工会法》"}


def _recorded(subject: str, code: str, type: str, zh: str, en: str, **more: object) -> Fact:
    read = readers.recorded(subject, code)
    return Fact(code=code, subject=subject, type=type, zh=zh, en=en, read=read, recorded=True, **_AID, **more)  # type: ignore[arg-type]


def staff_count(ids: Collection[int] | None, on: date) -> dict[int, FactReading]:
    """How many people an employer says it employs."""
    rows = Employer.objects.filter(readers.only(ids, "pk"), staff_count__isnull=False)
    return {
        pk: FactReading(count, SEAL, None, "单位登记", "Register of employers")
        for pk, count in rows.values_list("pk", "staff_count")
    }


def allocation_facts() -> tuple[Fact, ...]:
    """Facts of persons who wait for a place, and of employers and unions that share places out."""
    return (*_of_persons(), *_of_employers_and_unions())


def _of_employers_and_unions() -> tuple[Fact, ...]:
    return (
        _recorded(
            "employer",
            "district_top_100",
            "bool",
            "区属百强企业",
            "Among the district's top hundred enterprises",
            supplier="registry",
            absent="false", register="top_hundred",
        ),
        _recorded(
            "employer", "has_union", "bool", "已建工会", "Has a union", supplier="registry", absent="false",
            register="unions", changeable=True,
        ),
        Fact(
            code="staff_count", subject="employer", type="int", zh="职工人数", en="Staff", read=staff_count,
            unit="person", supplier="employer", **_AID,
        ),
        _recorded(
            "union", "front_line_workers", "int", "一线职工人数", "Workers at the front line", unit="person",
            supplier="registry",
        ),
    )  # fmt: skip


def _of_persons() -> tuple[Fact, ...]:
    return (
        _recorded(
            "person",
            "wants_work",
            "bool",
            "入户排摸时在家没有工作、想就业",
            "At home without work and wanting a job, found in the survey",
            supplier="visit",
            absent="false",
            register="home_survey",
        ),
        _recorded(
            "person",
            "land_taken_uninsured",
            "bool",
            "征地时因年龄没能参加社会保险",
            "Too young or too old for social insurance when the land was taken",
            supplier="visit",
        ),
        _recorded(
            "person",
            "insurance_unpaid_months",
            "int",
            "欠缴社会保险的月数",
            "Months of social insurance not paid",
            unit="month",
            supplier="bureau:人社局",
            sensitive=True,
        ),
    )
