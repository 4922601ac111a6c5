"""The tree of the demo province: towns named after 节气, grids, enterprise unions, pilots, employers."""

from __future__ import annotations

from datetime import date

from niangjia.site.demo import numbers
from niangjia.site.demo.world import World

PROVINCE, CITY, COUNTY = "990000", "990100", "990123"
PROVINCE_NAME, CITY_NAME, COUNTY_NAME = "示范省总工会", "青岚市总工会", "云禾县总工会"
# (code's last digits, name, share of the county's households, grids)
TOWNS = (
    ("001", "立春街道", "Lichun Street", 14, 12),
    ("002", "谷雨街道", "Guyu Street", 12, 9),
    ("101", "雨水镇", "Yushui Town", 9, 8),
    ("102", "惊蛰镇", "Jingzhe Town", 8, 8),
    ("103", "清明镇", "Qingming Town", 8, 8),
    ("104", "立夏镇", "Lixia Town", 7, 7),
    ("105", "小满镇", "Xiaoman Town", 9, 8),
    ("106", "立秋镇", "Liqiu Town", 7, 7),
    ("107", "白露镇", "Bailu Town", 8, 8),
    ("108", "寒露镇", "Hanlu Town", 6, 7),
    ("109", "霜降镇", "Shuangjiang Town", 7, 8),
    ("201", "小雪乡", "Xiaoxue Township", 5, 6),
)
ZONE_TOWN = "990123101"
ZONE_FIRMS = 36
ENTERPRISES = 204
ORDINARY_FIRMS_WITHOUT_UNION = 60
PLATFORMS = ("飞穗外卖云禾站", "快禾配送云禾站", "青藤跑腿云禾站")
STORY_FIRM = "云禾县榴红食品有限公司"
MILL = "云禾县棉桃纺织厂"
_PILOT_AREAS = ("青岚市高新区", "柳溪区", "桑田县", "示范省铁杉建设集团", "示范省白桦机械集团")
_PILOT_PROJECTS = (
    "云杉轴承技能等级试点", "红松重工导师带徒试点", "银杏化工安全技能试点", "木棉纺织工匠学院试点",
    "梧桐电气技能竞赛试点",
    "青檀造纸创新工作室试点", "香樟物流驿站试点", "胡杨矿业安全培训试点", "金桂食品职称贯通试点", "水杉船舶学徒制试点",
    "黄栌陶瓷传承人试点", "椿树制药技术津贴试点", "乌桕光伏产教融合试点", "紫藤软件新职业试点",
)  # fmt: skip
# Two of the fourteen lie in the county, which adds money of its own for them.
_IN_THE_COUNTY = {"金桂食品职称贯通试点": "小满镇", "紫藤软件新职业试点": "立春街道"}
PILOT_FROM = date(2025, 7, 1)
PILOT_ACCEPTED = date(2026, 6, 25)
_REGISTER = ("省总工会试点名册", "Provincial register of pilots")
_ACCEPTANCE = ("省总工会验收组报告", "Report of the provincial acceptance team")


def town_code(name: str) -> str:
    """The code of a town by its name."""
    return next(f"{COUNTY}{code}" for code, zh, *_ in TOWNS if zh == name)


def plant(world: World) -> None:
    """Add province, city, county, towns, grids, firms and their unions, and the province's pilots."""
    founded = date(1950, 5, 1)
    world.unit(PROVINCE, "", PROVINCE_NAME, "federation", "province", founded_on=founded,
               telephone=numbers.desk_phone(1), name_en="Shifan Provincial Federation of Trade Unions")  # fmt: skip
    world.unit(CITY, PROVINCE, CITY_NAME, "federation", "city", founded_on=founded, telephone=numbers.desk_phone(10),
               name_en="Qinglan Municipal Federation of Trade Unions")  # fmt: skip
    world.unit(COUNTY, CITY, COUNTY_NAME, "federation", "county", founded_on=founded, telephone=numbers.desk_phone(100),
               name_en="Yunhe County Federation of Trade Unions")  # fmt: skip
    for at, (tail, name, name_en, _share, grids) in enumerate(TOWNS, start=1):
        code = f"{COUNTY}{tail}"
        world.unit(code, COUNTY, f"{name}总工会", "township_union", "town", telephone=numbers.desk_phone(200 + at),
                   name_en=f"{name_en} Trade Union")  # fmt: skip
        for grid in range(1, grids + 1):
            world.unit(f"{code}-W{grid:02d}", code, f"{name}第{grid}网格工会", "grid", "primary",
                       name_en=f"Grid {grid} of {name_en}")  # fmt: skip
    _plant_firms(world)
    _plant_pilots(world)


def _plant_firms(world: World) -> None:
    towns = [f"{COUNTY}{tail}" for tail, *_ in TOWNS]
    shares = [share for *_, share, _grids in TOWNS]
    names = {f"{COUNTY}{tail}": name for tail, name, *_ in TOWNS}
    short = {code: name.removesuffix("街道").removesuffix("镇").removesuffix("乡") for code, name in names.items()}
    firms = [(town_code("立春街道"), STORY_FIRM, False), (town_code("谷雨街道"), MILL, False)]
    firms += [(ZONE_TOWN, world.names.firm(short[ZONE_TOWN]), True) for _ in range(ZONE_FIRMS)]
    while len(firms) < ENTERPRISES:
        town = world.rng.choices(towns, shares)[0]
        firms.append((town, world.names.firm(short[town]), False))
    for at, (town, name, in_zone) in enumerate(firms, start=1):
        code = f"{town}-Q{at:03d}"
        world.unit(code, town, f"{name.removesuffix('有限公司').removesuffix('厂')}工会", "primary_union", "primary")
        world.employer(code, town, name, in_zone=in_zone)
    for _ in range(ORDINARY_FIRMS_WITHOUT_UNION):
        town = world.rng.choices(towns, shares)[0]
        world.employer(town, town, world.names.firm(short[town]))
    for name in PLATFORMS:
        world.employer(COUNTY, COUNTY, name)


def _plant_pilots(world: World) -> None:
    pilots = [(CITY, CITY_NAME, "comprehensive_city", PROVINCE)]
    pilots.append(("990200", "松原岭市总工会", "comprehensive_city", PROVINCE))
    pilots += [
        (f"{PROVINCE}-Z{at:02d}", f"{name}工会", "comprehensive_area", PROVINCE)
        for at, name in enumerate(_PILOT_AREAS, 1)
    ]
    for at, name in enumerate(_PILOT_PROJECTS, 1):
        above = town_code(_IN_THE_COUNTY[name]) if name in _IN_THE_COUNTY else PROVINCE
        pilots.append((f"{above}-X{at:02d}", f"{name}单位工会", "project", above))
    for code, name, kind, above in pilots:
        if code not in world.units:
            level, union_kind = ("city", "federation") if kind == "comprehensive_city" else ("primary", "primary_union")
            world.unit(code, above, name, union_kind, level)
        world.know("union", code, "pilot_kind", kind, PILOT_FROM, 5, _REGISTER)
        world.know("union", code, "pilot_accepted_on", PILOT_ACCEPTED.isoformat(), PILOT_ACCEPTED, 4, _ACCEPTANCE)
    for code in [code for code in world.units if ("union", code, "pilot_kind") not in world.known]:
        world.know("union", code, "pilot_kind", "none", PILOT_FROM, 5, _REGISTER)
