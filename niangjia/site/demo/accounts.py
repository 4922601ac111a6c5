"""The demo's accounts: one per role of the story, printed at the start and offered on the log-in page."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import get_language

from niangjia.accounts import demo
from niangjia.site.demo import numbers, story, towns, tree

PASSWORD = "yunhe-demo-2026"  # noqa: S105  invented people on a stage; a real installation has none of them


@dataclass(frozen=True)
class DemoAccount:
    """Somebody a visitor can be: `login` is a log-in name or a telephone, `secret` a password or empty for a code."""

    role: str
    name: str
    login: str
    secret: str
    role_zh: str
    role_en: str
    union: str = ""  # code of the union of an officer's grant
    post: str = ""
    telephone: str = ""


# Named by the county's officer as on any stage, with her telephone: see `visits`.
PARTNER = DemoAccount(
    "provider_assessor", "藿香", numbers.phone(90_000_001), "", "服务机构核查员", "Checks for a provider"
)


def demo_accounts() -> tuple[DemoAccount, ...]:
    """Everybody a visitor can log in as, officers first."""
    return (*_officers(), PARTNER, *_workers())


def register() -> None:
    """Offer them to the log-in page, which shows them on a demo stage only."""
    demo.demo_accounts.register("site.demo", _for_the_login_page)


def _for_the_login_page() -> list[demo.DemoAccount]:
    return [
        demo.DemoAccount(
            name=account.name,
            role=_in_reader_language(account.role_zh, account.role_en),
            phone="" if account.secret else account.login,
            username=account.login if account.secret else "",
            password=account.secret,
        )
        for account in demo_accounts()
    ]


def _in_reader_language(zh: str, en: str) -> str:
    return zh if (get_language() or "zh").startswith("zh") else en


def _officers() -> tuple[DemoAccount, ...]:
    xiaoman, bailu = tree.town_code("小满镇"), tree.town_code("白露镇")
    rows = (
        ("county_officer", "苏木", "sumu", "县总经办人", "County officer", tree.COUNTY, "权益保障部 部长", 101),
        ("deputy_chair", "连翘", "lianqiao", "县总副主席", "Deputy chair", tree.COUNTY, "副主席", 102),
        (
            "town_officer",
            "江篱",
            "jiangli",
            "小满镇经办人",
            "Officer of Xiaoman Town",
            xiaoman,
            "干事",
            207,
        ),
        ("town_officer", "白薇", "baiwei", "白露镇经办人", "Officer of Bailu Town", bailu, "干事", 209),
        ("viewer", "云杉", "yunshan", "省总查看", "Provincial viewer", tree.PROVINCE, "省总工会 权益保障部", 2),
        ("auditor", "远志", "yuanzhi", "经审", "Auditor", tree.COUNTY, "经费审查委员会", 103),
        ("assessor", "薄荷", "bohe", "第三方核查员", "Outside assessor", tree.COUNTY, "核查机构", 110),
    )
    return tuple(
        DemoAccount(role, name, login, PASSWORD, zh, en, union, post, numbers.desk_phone(extension))
        for role, name, login, zh, en, union, post, extension in rows
    )


def behind_the_scenes() -> tuple[DemoAccount, ...]:
    """Officers of the province, who draft and confirm its own programme, and of the towns; nobody logs in as them."""
    rows = (
        ("county_officer", "云柏", "yunbai", "省总经办人", "Provincial officer", "示范省总工会 改革办", 3),
        ("deputy_chair", "雪松", "xuesong", "省总副主席", "Provincial deputy chair", "示范省总工会 副主席", 4),
    )
    province = tuple(
        DemoAccount(role, name, login, "", zh, en, tree.PROVINCE, post, numbers.desk_phone(extension))
        for role, name, login, zh, en, post, extension in rows
    )
    return province + _other_towns()


def _other_towns() -> tuple[DemoAccount, ...]:
    on_stage = {account.name for account in demo_accounts()}
    return tuple(
        DemoAccount(
            "town_officer", name, f"town-{at}", "", "乡镇经办人", "Town officer", tree.town_code(town), "干事",
            numbers.desk_phone(220 + at),
        )
        for at, (town, name) in enumerate(towns.OFFICERS.items(), start=1)
        if name not in on_stage
    )  # fmt: skip


def _workers() -> tuple[DemoAccount, ...]:
    said = {
        "车前草": ("外卖骑手", "Delivery rider"),
        "桑果红": ("病人家属", "A patient's wife"),
        "石榴红": ("榴红食品负责人", "Owner of Liuhong Food"),
        "麦芒种": ("建筑工人", "Builder"),
        "艾草青": ("下岗女工", "Out of work since March"),
        "金银花": ("困难职工", "Worker in hardship"),
    }
    return tuple(
        DemoAccount("employer_agent" if name == "石榴红" else "worker", name, numbers.phone(place), "", *said[name])
        for name, place in story.PHONES.items()
    )
