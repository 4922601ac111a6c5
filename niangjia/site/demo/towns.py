"""What the county asked of its towns: twelve asked, nine have returned, one does it again, two are late."""

from __future__ import annotations

from datetime import date, datetime

from niangjia.accounts.models import User
from niangjia.cases.queries import returns_of
from niangjia.cases.services.assignments import give_return, hand_down, send_back
from niangjia.cases.services.contacts import register_contact
from niangjia.core import clock
from niangjia.site.demo import numbers, tree

ASKED_AT = datetime(2026, 7, 27, 9, 20, tzinfo=clock.LOCAL)
DUE_ON, AGAIN_ON = date(2026, 7, 30), date(2026, 8, 4)
TITLE = "7月困难职工动态"
REQUEST = "报7月新增、退出的困难职工户数，有新增的写明致困原因。没有变化的零报告。"
LATE, SENT_BACK = ("立夏镇", "霜降镇"), "白露镇"
# Told over the telephone, so the county's officer entered it.
ON_BEHALF = "小雪乡"
OFFICERS = {
    "立春街道": "半夏", "谷雨街道": "紫菀", "雨水镇": "当归", "惊蛰镇": "川芎", "清明镇": "忍冬", "立夏镇": "商陆",
    "小满镇": "江篱", "立秋镇": "黄芪", "白露镇": "白薇", "寒露镇": "泽兰", "霜降镇": "佩兰", "小雪乡": "苍术",
}  # fmt: skip
_NEW = {
    "立春街道": "新增2户（本人大病1户、失业1户），退出1户。",
    "惊蛰镇": "新增1户，子女就学。",
    "小满镇": "新增1户，本人大病。",
}


def hand_out(unions: dict[str, int], users: dict[str, User]) -> None:
    """Put the task on the stage, each step at its own hour."""
    county = next(user for user in users.values() if user.display_name == "苏木")
    officers = {user.display_name: user for user in users.values()}
    with clock.frozen(ASKED_AT):
        task = hand_down(
            union_id=unions[tree.COUNTY], title=TITLE, request=REQUEST, due_on=DUE_ON, nil_allowed=True,
            request_id="demo-task", acting_user=county,
        )  # fmt: skip
    dues = {due.union_id: due.public_id for due in returns_of(task)}
    for at, (town, name) in enumerate(OFFICERS.items()):
        if town in LATE:
            continue
        by = county if town == ON_BEHALF else officers[name]
        words = _NEW.get(town, "新增1户。" if town == SENT_BACK else "")
        with clock.frozen(datetime(2026, 7, 28 + at % 3, 9 + at % 8, 10 + at, tzinfo=clock.LOCAL)):
            give_return(
                due_public_id=dues[unions[tree.town_code(town)]], kind="words" if words else "nil", words=words,
                acting_user=by,
            )  # fmt: skip
    with clock.frozen(datetime(2026, 7, 31, 16, 5, tzinfo=clock.LOCAL)):
        send_back(
            due_public_id=dues[unions[tree.town_code(SENT_BACK)]], sentence="新增1户没写致困原因，补上再报。",
            due_on=AGAIN_ON, acting_user=county,
        )  # fmt: skip


def wait_at_the_window(unions: dict[str, int], users: dict[str, User]) -> None:
    """On Friday somebody came to Bailu's window who belongs elsewhere: the county has not taken it over yet."""
    officer = next(user for user in users.values() if user.display_name == "白薇")
    with clock.frozen(datetime(2026, 7, 31, 10, 20, tzinfo=clock.LOCAL)):
        register_contact(
            union_id=unions[tree.town_code("白露镇")], name="浮萍生", phone=numbers.phone(90),
            came_from="外县来，在白露镇工地干活", question="工地欠两个月工资，问找谁。", said_union="",
            due_on=date(2026, 8, 7), request_id="demo-contact",
            acting_user=officer,
        )  # fmt: skip
