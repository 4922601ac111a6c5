"""The people of the story: each with every fact that makes the case."""

from __future__ import annotations

from datetime import date

from niangjia.site.demo import families, numbers, sources, tree
from niangjia.site.demo.families import Places
from niangjia.site.demo.world import Employer, Household, Membership, Person, Voucher, World

# name -> place in the list of numbers that workers log in with
PHONES = {"车前草": 1, "桑果红": 2, "石榴红": 3, "麦芒种": 4, "艾草青": 5, "金银花": 6}
NAMES = frozenset(
    "车前草 艾草青 高粱红 杜仲山 桑果红 麦芒种 麦冬冬 苗禾香 向日葵 向阳花 谷满仓 石榴红 金银花 银杏生 柏青松 柏小禾 "
    "苏木 连翘 江篱 白薇 云杉 远志 薄荷 藿香".split()
)
_IN_FULL_YEAR = (date(2025, 3, 10), date(2025, 4, 21), date(2025, 6, 9), date(2025, 7, 14))
_FIFTH = date(2025, 8, 19)


def act(world: World, places: Places) -> None:
    """Put the story's people on the stage."""
    for scene in (_che_qiancao, _ai_caoqing, _du_zhongshan, _mai_mangzhong, _zone_pair, _gu_mancang, _jin_yinhua,
                  _bai_qingsong, _gao_lianghong, _shi_liuhong):  # fmt: skip
        scene(world, places)


def _home(world: World, places: Places, town: str, grid: int) -> Household:
    code = tree.town_code(town)
    return places.home(world, code, f"{code}-W{grid:02d}")


def _cast(
    world: World, home: Household | None, relation: str, name: str, sex: str, born_on: date, **more: str
) -> Person:
    person = world.person(home, relation, sex, born_on, name=name, phone=True, **more)
    if name in PHONES:
        person.phone = numbers.phone(PHONES[name])
    world.cast.setdefault(name, person)
    return person


def _che_qiancao(world: World, places: Places) -> None:
    home = _home(world, places, "立春街道", 3)
    rider = _cast(world, home, "head", "车前草", "male", date(1995, 4, 9))
    for firm, since in zip(places.platforms, (date(2024, 6, 3), date(2025, 3, 11), date(2025, 11, 20)), strict=True):
        world.job(rider, firm, since, form="platform", source="平台骑手名单", wage_fen=None)
    # The old roster of 2023 in another town: same name and telephone, one digit of the number mistyped.
    town = tree.town_code("霜降镇")
    firm = places.firms[town][0]
    twin = _cast(world, None, "", "车前草", "male", date(1995, 4, 9), union=firm.union, town=town)
    twin.phone = rider.phone
    wrong = "8" if rider.id_number[13] != "8" else "3"
    twin.id_number = rider.id_number[:13] + wrong + rider.id_number[14:]
    world.job(twin, firm, date(2023, 2, 13), date(2023, 12, 29), source="2023年职工花名册")
    world.memberships.append(Membership(twin.index, firm.union, date(2023, 3, 1)))


def _ai_caoqing(world: World, places: Places) -> None:
    home = _home(world, places, "立春街道", 7)
    worker = _cast(world, home, "head", "艾草青", "female", date(1978, 5, 12))
    mill = places.by_name[tree.MILL]
    world.job(worker, mill, date(2009, 3, 2), date(2026, 3, 15), wage_fen=312_000)
    world.memberships.append(Membership(worker.index, mill.union, date(2009, 5, 1), date(2026, 3, 15)))
    listed(world, worker, date(2026, 7, 16))


def listed(world: World, person: Person, on: date, value: bool = True) -> None:
    """The grid's survey put a person on the list for help into work (or found that he does not belong there)."""
    world.know("person", person.index, "employment_aid_listed", value, on, 4, sources.SURVEY)


def _du_zhongshan(world: World, places: Places) -> None:
    home = _home(world, places, "立春街道", 5)
    head = _cast(world, home, "head", "杜仲山", "male", date(1974, 2, 11))
    wife = _cast(world, home, "spouse", "桑果红", "female", date(1976, 4, 30))
    world.job(head, places.firms[home.town][1], date(2012, 3, 5), wage_fen=342_000)
    world.job(wife, places.firms[home.town][2], date(2018, 6, 11), wage_fen=289_000)
    families.open_file(world, home, cause="本人大病", entered=date(2026, 2, 9))
    families.know_income(world, home, 104_000, date(2026, 7, 10))
    families.know_school(world, home)
    bill = {
        "medical_bill": 8_640_000,
        "medical_insurance_paid": 6_123_000,
        "serious_illness_paid": 987_000,
        "mutual_aid_paid": 400_000,
    }
    for code, fen in bill.items():
        world.know("household", home.index, code, fen, date(2026, 7, 28), 5, sources.HEALTH_INSURANCE)


def _mai_mangzhong(world: World, places: Places) -> None:
    home = _home(world, places, "小满镇", 3)
    head = _cast(world, home, "head", "麦芒种", "male", date(1981, 6, 6))
    _cast(world, home, "spouse", "苗禾香", "female", date(1983, 10, 2))
    daughter = _cast(world, home, "child", "麦冬冬", "female", date(2008, 1, 15))
    # Drawn even where a builder is found: whoever the seed makes after him stays who he is.
    drawn = places.firm(world, home.town)
    builders = (firm for firm in places.firms[tree.town_code("白露镇")] if "建筑" in firm.name)
    world.job(head, next(builders, drawn), date(2025, 2, 20), form="dispatch", wage_fen=420_000)
    world.know("household", home.index, "migrant_household", True, date(2026, 5, 14), 4, sources.VISIT)
    families.know_income(world, home, 118_000, date(2026, 5, 14), visit=True)
    world.know("person", daughter.index, "school_stage", "university", date(2026, 8, 1), 5, sources.EDUCATION)
    families.know_school(world, home)


def _zone_pair(world: World, places: Places) -> None:
    firm = places.zone[0]
    for name, sex, born_on, started in (
        ("向日葵", "female", date(1993, 7, 7), date(2026, 2, 28)),
        ("向阳花", "female", date(1992, 3, 21), date(2026, 3, 1)),
    ):  # fmt: skip
        home = _home(world, places, "雨水镇", 2)
        worker = _cast(world, home, "head", name, sex, born_on)
        worker.union = firm.union
        world.job(worker, firm, started, source="园区用工花名册", wage_fen=455_000)
        world.memberships.append(Membership(worker.index, firm.union, date(2026, 4, 1)))


def _gu_mancang(world: World, places: Places) -> None:
    home = _home(world, places, "立夏镇", 4)
    farmer = _cast(world, home, "head", "谷满仓", "male", date(1968, 3, 9))
    world.job(farmer, places.ordinary[3], date(2014, 3, 1), date(2024, 11, 30), form="casual", wage_fen=226_000)
    before = f"{tree.town_code('霜降镇')}-W01"
    world.memberships.append(Membership(farmer.index, before, date(2015, 5, 1), date(2026, 6, 11)))
    world.memberships.append(Membership(farmer.index, home.union, date(2026, 6, 12)))
    listed(world, farmer, date(2026, 7, 2))


def _jin_yinhua(world: World, places: Places) -> None:
    home = _home(world, places, "谷雨街道", 2)
    mother = _cast(world, home, "head", "金银花", "female", date(1982, 5, 20))
    son = _cast(world, home, "child", "银杏生", "male", date(2004, 1, 28))
    world.job(mother, places.firms[home.town][0], date(2019, 9, 2), wage_fen=264_000)
    world.job(son, places.firms[home.town][1], date(2026, 5, 11), wage_fen=398_000)
    families.open_file(world, home, cause="子女就学", entered=date(2023, 10, 16))
    families.know_income(world, home, 82_000, date(2025, 11, 12), visit=True)
    world.know("person", son.index, "school_stage", "none", date(2026, 7, 6), 5, sources.EDUCATION)
    families.know_school(world, home)


def _bai_qingsong(world: World, places: Places) -> None:
    home = _home(world, places, "清明镇", 6)
    father = _cast(world, home, "head", "柏青松", "male", date(1985, 7, 19))
    world.person(home, "child", "female", date(2017, 3, 8), name="柏小禾", phone=False)
    world.job(father, places.firm(world, home.town), date(2021, 4, 6), wage_fen=331_000)
    families.open_file(world, home, cause="家属大病", entered=date(2024, 12, 3))
    families.know_income(world, home, 96_000, date(2026, 6, 18), visit=True)
    families.know_school(world, home)
    world.know("household", home.index, "study_space_poor", True, date(2026, 6, 18), 4, sources.VISIT)
    world.know("household", home.index, "study_room_estimate", 986_000, date(2026, 7, 15), 4,
               ("入户量房，含实物660元", "Measured at home; includes 660 yuan in kind"))  # fmt: skip


def _gao_lianghong(world: World, places: Places) -> None:
    home = _home(world, places, "白露镇", 2)
    worker = _cast(world, home, "head", "高粱红", "male", date(1976, 8, 20))
    world.job(worker, places.firm(world, home.town), date(2013, 5, 6), date(2025, 11, 28), wage_fen=298_000)
    listed(world, worker, date(2026, 7, 8), value=False)


def _shi_liuhong(world: World, places: Places) -> None:
    """榴红食品: 46 on the books, four holders past twelve months, the fifth on 19 August, one left after eleven."""
    firm = places.by_name[tree.STORY_FIRM]
    firm.staff_count = 46
    home = _home(world, places, "立春街道", 9)
    owner = _cast(world, home, "head", "石榴红", "female", date(1980, 10, 1))
    owner.union = firm.union
    world.job(owner, firm, date(2016, 4, 18))
    for at, bound_on in enumerate((*_IN_FULL_YEAR, _FIFTH), start=1):
        _holder(world, places, firm, 30 + 3 * at, bound_on, None)
    left = _holder(world, places, firm, 36, date(2025, 5, 12), date(2026, 4, 11))
    world.job(left, places.ordinary[5], date(2026, 4, 27), wage_fen=355_000)


def _holder(world: World, places: Places, firm: Employer, age: int, bound_on: date, left_on: date | None) -> Person:
    home = places.home(world, firm.town)
    holder = families.adults(world, home, [age])[0]
    holder.union = firm.union
    world.job(holder, firm, bound_on, left_on, wage_fen=336_000)
    issued = date(2025, 2, 17)
    world.vouchers.append(Voucher(holder.index, issued, date(2027, 2, 16), firm.index, bound_on))
    return holder
