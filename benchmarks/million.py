"""A million persons on PostgreSQL, in a database of its own that is thrown away: written by COPY, keys and all.

One county of 12 towns and 240 grids; names drawn by how common surnames are, so that thousands share one.
"""

from __future__ import annotations

import atexit
import importlib
import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from functools import cache
from typing import Any

PERSONS, HOUSEHOLDS, EMPLOYERS, JOBS = 1_000_000, 330_000, 20_000, 400_000
TOWNS, GRIDS = 12, 20
_SURNAMES = (
    "王李张刘陈杨黄赵周吴徐孙马胡朱郭何林罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余单仇查解"
)
_GIVEN = (
    "木林森草芽叶花果桑榆槐椿楸桐柏松竹梅兰菊荷莲葵薇蕊芷芸苔蓉蓝藤藜蒿蓬萝薄"
    "荷茴香芹葱韭菘苋茄瓜豆麦禾黍稷粟稻菽棉麻桃李杏梨枣柿橘柚榴"
)
_NAME = f"niangjia_bench_{os.getpid()}"
BEGAN = time.time()  # the demo clock of a server beside this process goes on from here
BORN_FROM, DAYS = date(1950, 1, 1), 20_000


@cache
def million() -> dict[str, Any]:
    """Build it once; ids of the units and of some persons to ask about."""
    own_database()
    from benchmarks import installation  # noqa: PLC0415  Django starts on the database named above

    assert installation.HOME
    from django.core.management import call_command  # noqa: PLC0415

    from niangjia.core.catalogues import compile_all  # noqa: PLC0415

    compile_all(installation.ROOT / "niangjia")
    for words in ("migrate -v0", "collectstatic --noinput -v0"):
        call_command(*words.split())
    began = time.perf_counter()
    units, users = _federation()
    people = _persons(units)
    _homes_and_work(units)
    _analyse()
    return {"units": units, "users": users, "people": people, "seconds": time.perf_counter() - began}


def in_child(module: str) -> dict[str, str]:
    """Measure in a process of its own: this one may stand on another database already."""
    done = subprocess.run([sys.executable, "-m", "benchmarks.million", module], stdout=subprocess.PIPE, text=True)
    if done.returncode:
        raise RuntimeError(f"{module} ended with {done.returncode}.")
    found: dict[str, str] = json.loads(done.stdout.splitlines()[-1])
    return found


def own_database() -> None:
    """Name a new database on the server of this machine as the one to measure on; it is dropped at the end."""
    import psycopg  # noqa: PLC0415

    from tests.postgres import local_server  # noqa: PLC0415

    url = local_server()
    if not url:
        raise ModuleNotFoundError("a PostgreSQL server on this machine", name="a PostgreSQL server on this machine")
    base = url.rsplit("/", 1)[0]

    def run(statement: str) -> None:
        with psycopg.connect(f"{base}/postgres", autocommit=True) as connection:
            connection.execute(statement)

    run(f"CREATE DATABASE {_NAME}")
    atexit.register(run, f"DROP DATABASE IF EXISTS {_NAME} WITH (FORCE)")
    os.environ["NIANGJIA_BENCH_DATABASE"] = f"{base}/{_NAME}"


def _federation() -> tuple[list[int], dict[str, Any]]:
    from niangjia.accounts.services.users import create_user  # noqa: PLC0415
    from niangjia.federation.services.grants import grant_role, ten_years_from_now  # noqa: PLC0415
    from niangjia.federation.services.tree import found_union  # noqa: PLC0415

    on, units = date(2001, 1, 1), []
    told: dict[str, Any] = {"on": on, "acting_user": None}
    county = found_union(code="c", name="云禾县总工会", kind="federation", level="county", parent=None, **told)
    towns = []
    for town in range(TOWNS):
        at = found_union(
            code=f"t{town}", name=f"第{town}镇总工会", kind="township_union", level="town", parent=county, **told
        )
        towns.append(at)
        units += [
            found_union(
                code=f"t{town}g{n}", name=f"第{town}镇第{n}网格", kind="grid", level="primary", parent=at, **told
            ).pk
            for n in range(GRIDS)
        ]
    users = {}
    for name, role, union in (("county", "county_officer", county), ("town", "town_officer", towns[3])):
        users[name] = create_user(username=name, display_name="葵")
        grant_role(user=users[name], role=role, union=union, expires_at=ten_years_from_now(), acting_user=None)
    return units, users


def _persons(units: Sequence[int]) -> list[tuple[str, str, date, str]]:
    """Write them; every thousandth is remembered, to be asked about."""
    Person = _model("Person")

    dice, some = random.Random(1), []
    key = Person._meta.get_field("data_key").get_prep_value("00" * 16)
    phone_sealed = Person._meta.get_field("phone").get_prep_value("+8613800000000")
    number_field = Person._meta.get_field("id_number")

    def rows() -> Iterator[dict[str, Any]]:
        for at in range(PERSONS):
            person = _drawn(dice, at, units)
            if at % 1_000 == 0:
                some.append((person.name, person.id_number, person.born_on, person.phone))
            yield {
                **{field.attname: getattr(person, field.attname) for field in Person._meta.concrete_fields[1:]},
                "id_number": number_field.get_prep_value(person.id_number), "phone": phone_sealed, "data_key": key,
            }  # fmt: skip

    _copy(Person, rows())
    return some


def invented_name(dice: random.Random) -> str:
    """A name of plants after a surname as common as it is."""
    surname = _SURNAMES[min(int(dice.paretovariate(0.9)) - 1, len(_SURNAMES) - 1)]
    return surname + "".join(dice.choice(_GIVEN) for _ in range(1 if dice.random() < 0.2 else 2))


def _drawn(dice: random.Random, at: int, units: Sequence[int]) -> Any:
    Person = _model("Person")
    from niangjia.people.tests.world import identity_number  # noqa: PLC0415

    name = invented_name(dice)
    born = BORN_FROM + timedelta(days=at % DAYS)
    number = identity_number(born, at // DAYS + 1, f"99{dice.randrange(10_000):04d}")
    person = Person(
        public_id=f"b{at:013d}", union_id=dice.choice(units), name=name, sex="female", born_on=born,
        id_number=number, phone=f"+8613{at:09d}", data_key="00" * 16,
    )  # fmt: skip
    person.fill_keys()
    return person


def _model(name: str) -> Any:
    from django.apps import apps  # noqa: PLC0415

    return apps.get_model("people", name)


def _copy(model: Any, rows: Iterable[dict[str, Any]]) -> None:
    from django.db import connection, transaction  # noqa: PLC0415

    names = [field.attname for field in model._meta.concrete_fields[1:]]
    with transaction.atomic(), connection.cursor() as cursor:
        statement = f"COPY {model._meta.db_table} ({', '.join(names)}) FROM STDIN"
        with cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row([row[name] for name in names])


def _homes_and_work(units: Sequence[int]) -> None:
    from django.db import connection  # noqa: PLC0415

    Household, HouseholdMember = _model("Household"), _model("HouseholdMember")
    Employer, EmploymentSpell = _model("Employer"), _model("EmploymentSpell")
    from niangjia.people.tests.world import credit_code  # noqa: PLC0415

    now, day = "2026-08-01T00:00:00Z", date(2020, 1, 1)
    with connection.cursor() as cursor:
        cursor.execute("SELECT min(id) FROM people_person")
        first = cursor.fetchone()[0]
    _copy(Household, ({"public_id": f"h{at:013d}", "union_id": units[at % len(units)], "address": "",
                       "registered_on": day + timedelta(days=at % 2_000), "closed_on": None, "head_erased_on": None}
                     for at in range(HOUSEHOLDS)))  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("SELECT min(id) FROM people_household")
        home = cursor.fetchone()[0]
    _copy(HouseholdMember, ({"household_id": home + at // 2, "person_id": first + at, "valid_from": day,
                             "valid_to": None, "relation": "spouse" if at % 2 else "head"}
                            for at in range(2 * HOUSEHOLDS)))  # fmt: skip
    _copy(Employer, ({"public_id": f"e{at:013d}", "union_id": units[at % len(units)], "in_zone": False,
                      "name": f"云禾县第{at}厂", "credit_code": credit_code(at), "staff_count": None}
                     for at in range(EMPLOYERS)))  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("SELECT min(id) FROM people_employer")
        firm = cursor.fetchone()[0]
    _copy(EmploymentSpell, ({"person_id": first + at, "employer_id": firm + at % EMPLOYERS, "form": "contract",
                             "started_on": day, "ended_on": None, "monthly_wage_fen": None, "source": "合同",
                             "recorded_at": now} for at in range(JOBS)))  # fmt: skip


def _analyse() -> None:
    from django.db import connection  # noqa: PLC0415

    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


if __name__ == "__main__":
    print(json.dumps(importlib.import_module(sys.argv[1]).measured(million()), ensure_ascii=False))
