"""The dated records that rules may count and search: somebody's jobs, an employer's jobs, a household's members."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import Q

from niangjia.core.facts import BUREAU, Column, FactReading, Record, Relation, register_relation
from niangjia.people import readers
from niangjia.people.models import HouseholdMember

Records = Mapping[int, list[Record]]
JOB_FORMS = {
    "contract": ("劳动合同", "Contract"),
    "platform": ("平台", "Platform work"),
    "dispatch": ("劳务派遣", "Through an agency"),
    "casual": ("零工", "Casual work"),
}
KIN = {
    "head": ("户主", "Head"),
    "spouse": ("配偶", "Spouse"),
    "child": ("子女", "Child"),
    "parent": ("父母", "Parent"),
    "other": ("其他", "Other"),
}
JOB_COLUMNS = (
    Column("started_on", "date", "上班日期", "First day"),
    Column("ended_on", "date", "离职日期", "Last day"),
    Column("goes_on", "bool", "还在岗", "Goes on"),
    Column("form", "code", "用工形式", "Form of employment", codes=JOB_FORMS),
    Column("in_zone", "bool", "在园区", "In the zone"),
)
MEMBER_COLUMNS = (
    Column("kin", "code", "与户主的关系", "Relation to the head", codes=KIN),
    Column("born_on", "date", "出生日期", "Date of birth"),
    Column("joined_on", "date", "入户日期", "Day of joining the household"),
)
_WORK = {"purpose": "按工作经历核定服务条件", "legal_ground": "《中华人民共和国工会法》"}
_HOME = {"purpose": "按家庭成员核定帮扶条件", "legal_ground": "《中华人民共和国工会法》"}


def register() -> None:
    """Offer them."""
    for subject, zh, en in (("person", "工作经历", "Jobs"), ("employer", "用工记录", "Jobs at the employer")):
        read = jobs_of(f"{subject}_id")
        register_relation(Relation("jobs", subject, zh, en, JOB_COLUMNS, read, "employment", "bureau:人社局", **_WORK))
    register_relation(
        Relation("members", "household", "家庭成员", "Members of the household", MEMBER_COLUMNS, members,
                 "household_members", "visit", **_HOME)
    )  # fmt: skip


def jobs_of(column: str) -> Any:
    """A reader of the jobs that had begun and were known of on a date, by person or by employer."""

    def read(ids: readers.Wanted, on: date) -> Records:
        rows = readers.jobs(None, on).filter(readers.only(ids, column)).order_by("started_on", "pk")
        found: dict[int, list[Record]] = defaultdict(list)
        names = (column, "started_on", "ended_on", "form", "employer__in_zone", "source")
        for pk, started, ended, form, in_zone, source in rows.values_list(*names):
            said = (source, "Register of employment")
            record = {
                "started_on": FactReading(started, BUREAU, started, *said),
                "goes_on": FactReading(ended is None or ended >= on, BUREAU, started, *said),
                "form": FactReading(form, BUREAU, started, *said),
                "in_zone": FactReading(in_zone, BUREAU, started, *said),
            }
            if ended is not None:
                record["ended_on"] = FactReading(ended, BUREAU, ended, *said)
            found[pk].append(record)
        return found

    return read


def members(ids: readers.Wanted, on: date) -> Records:
    """Who belonged to each household on a date."""
    rows = HouseholdMember.objects.filter(readers.only(ids, "household_id"), valid_from__lte=on).filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=on)
    )
    found: dict[int, list[Record]] = defaultdict(list)
    columns = ("household_id", "relation", "person__born_on", "valid_from")
    for pk, kin, born, joined in rows.order_by("valid_from", "pk").values_list(*columns):
        said = ("户籍登记", "Household register")
        record = {
            "kin": FactReading(kin, BUREAU, joined, *said),
            "joined_on": FactReading(joined, BUREAU, joined, *said),
        }
        if born is not None:
            record["born_on"] = FactReading(born, BUREAU, joined, *said)
        found[pk].append(record)
    return found
