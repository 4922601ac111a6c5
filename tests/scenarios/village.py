"""A small federation for stories that need few people: whoever is in it came through forms or an import."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

from django.test import Client

from niangjia.core import clock
from niangjia.core.facts import BUREAU
from niangjia.people.models import Employer, Household, Person
from niangjia.people.services import load
from niangjia.people.tests.world import World, build_world, credit_code, identity_number
from niangjia.people.values import Value
from tests.scenarios import steps
from tests.scenarios.visitor import Visitor

UNION = "town-a工会"
GROWN_UP = date(1985, 1, 1)
ON_PAPER = {"文号": "葵工发〔2026〕1号", "通过的会议": "主席办公会", "会议日期": "2026-07-30"}
USERS = {"苏木": "su", "连翘": "lian"}


@dataclass
class Village:
    """One county with its two officers, one firm, and the people a story puts in."""

    world: World
    households: dict[str, str] = field(default_factory=dict)
    numbers: int = 0
    firms: dict[str, str] = field(default_factory=dict)

    def client(self, name: str) -> Client:
        """A browser in which one of the officers is logged in."""
        client = Client()
        client.force_login(self.world.user(USERS[name]))
        return client

    def desk(self) -> Visitor:
        """The officer's browser."""
        return steps.visit(self, "苏木")

    def publish(self, recipe: str, values: dict[str, object]) -> str:
        """Take a recipe over, fill it in, and have the second person confirm; returns the version."""
        return steps.publish(self, recipe, {**ON_PAPER, **values})

    def person(self, name: str, born_on: date | None = None) -> None:
        """Enter somebody who lives in no registered household."""
        desk = self.desk()
        desk.open("person_new")
        desk.press("录入个人", {"工会": UNION, "姓名": name, "id_number": self._number(born_on)})

    def household(self, head: str, *children: tuple[str, date], in_file: bool = True) -> None:
        """Enter a household: its head, children with their birthdays, and a file of difficulty."""
        desk = self.desk()
        desk.open("household_new")
        desk.press("录入家庭", {"工会": UNION, "姓名": head, "id_number": self._number(), "登记日期": "2019-01-01"})
        self.households[head] = home = desk.page.address.split("/")[3]
        for child, born_on in children:
            desk.open("member_new", home)
            desk.press("录入成员", {"relation": "子女", "姓名": child, "id_number": self._number(born_on)})
        if in_file:
            self.open_file(head)

    def open_file(self, head: str) -> None:
        """Open a household's file of difficulty today."""
        desk = self.desk()
        desk.open("hardship_open", self.households[head])
        desk.press("建档", {"致困原因": "收入中断", "复核到期": (clock.today() + timedelta(days=365)).isoformat()})

    def close_file(self, head: str) -> None:
        """Close it after a fresh check that found the household better for half a year."""
        desk = self.desk()
        desk.open("visit_new", self.households[head], purpose="review")
        since = (clock.today() - timedelta(days=183)).isoformat()
        desk.press("登记入户", {"已经好转": True, "better_since": since})
        desk.open("hardship_close", self.households[head])
        desk.press("退出", {"reason": "收入恢复"})

    def firm(self, name: str) -> str:
        """Enter an employer, unless it is there; returns its credit code."""
        if name not in self.firms:
            self.firms[name] = credit_code(len(self.firms) + 11)
            desk = self.desk()
            desk.open("employer_new")
            desk.press("录入单位", {"工会": UNION, "name": name, "统一社会信用代码": self.firms[name]})
        return self.firms[name]

    def start_work(self, name: str, on: date, firm: str = "葵园环卫") -> None:
        """Record the first day of a job."""
        code, desk = self.firm(firm), self.desk()
        desk.open("person_file", self.person_id(name))
        desk.click("新增工作")
        values = {"用人单位的统一社会信用代码": code, "开始日期": on.isoformat(), "来源": "花名册"}
        desk.press("记录工作", values)

    def end_work(self, name: str, on: date) -> None:
        """Record the last day of a job."""
        desk = self.desk()
        desk.open("person_file", self.person_id(name))
        desk.click("登记离职")
        desk.press("记录结束", {"结束日期": on.isoformat()})

    def take_over_facts(self, kind: str, name: str, proof: int = BUREAU, **values: Value) -> None:
        """Take facts of a person or a household over from a list, as an import does; before anything is published."""
        if kind == "person":
            found = Person.objects.get(name=name)
            subject_id, union_id = found.pk, found.union_id
        else:
            home = Household.objects.get(public_id=self.households[name])
            subject_id, union_id = home.pk, home.union_id
        rows = [
            load.NewFact(kind, subject_id, union_id, code, value, clock.today(), proof, "名单", "A list", clock.now())
            for code, value in values.items()
        ]
        load.load_facts(rows, root_id=self.world.union("province").pk)

    def know(self, name: str, code: str, value: str, known_by: str = "部门比对") -> None:
        """Record a fact of a person: a code or number as it is typed, `是` or `否` for yes and no."""
        self._record("person", self.person_id(name), code, value, known_by)

    def know_home(self, head: str, code: str, value: str, known_by: str = "部门比对") -> None:
        """Record a fact of a household."""
        self._record("household", self.households[head], code, value, known_by)

    def know_firm(self, name: str, code: str, value: str, known_by: str = "部门比对") -> None:
        """Record a fact of an employer."""
        self._record("employer", Employer.objects.get(name=name).public_id, code, value, known_by)

    def know_union(self, name: str, code: str, value: str, known_by: str = "部门比对") -> None:
        """Record a fact of a union."""
        self._record("union", self.world.union(name).public_id, code, value, known_by)

    def _record(self, kind: str, public_id: str, code: str, value: str, known_by: str) -> None:
        desk = self.desk()
        desk.open("fact_new", kind, public_id, code)
        given = {value: True} if value in ("是", "否") else {"value": value}
        desk.press("记录", {**given, "proof": known_by, "来源": "核对"})

    def member(self, name: str, joined_on: date, ended_on: date | None = None) -> None:
        """Take a line of the rolls of members over; nobody enters one by hand yet."""
        person = Person.objects.get(name=name)
        line = load.NewMembership(person.pk, person.union_id, joined_on, ended_on)
        load.load_memberships([line], root_id=self.world.union("province").pk)
        steps.ticker()

    def is_complete(self, register: str) -> None:
        """Record that a register is complete today: who is not in it is known not to be."""
        desk = self.desk()
        desk.open("register_complete")
        desk.press("记录", {"工会": UNION, "register": register, "来源": "普查"})

    def person_id(self, name: str) -> str:
        """The public id of somebody, by name."""
        return Person.objects.get(name=name).public_id

    def names(self, programme: str, tab: str = "") -> list[str]:
        """Who stands under a tab of a list, by the name in front of the row."""
        rows = steps.open_list(self.desk(), programme, tab).page.rows
        return sorted(row.get("姓名", row.get("户主", "")).split()[0] for row in rows)

    def _number(self, born_on: date | None = None) -> str:
        self.numbers += 1
        return identity_number(born_on or GROWN_UP + timedelta(days=self.numbers), self.numbers)


def build_village() -> Village:
    """The village with nobody in it; needs a database."""
    return Village(build_world())
