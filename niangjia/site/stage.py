"""What makes an installation ready to serve, step by step; and what only the demo stage has."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

import niangjia
from niangjia.core import catalogues, clock
from niangjia.federation import queries
from niangjia.federation.scopes import system_scope
from niangjia.site.demo import accounts as demo
from niangjia.site.demo.accounts import DemoAccount

Step = tuple[str, str, Callable[[], object]]
BUILD = "demo_county"


def steps() -> Iterator[Step]:
    """What is to be done before serving: Chinese, English, and the work. Each may be done twice."""
    _drop_half_built()
    yield "编译文字", "Compiling messages", lambda: catalogues.compile_all(Path(niangjia.__file__).parent)
    yield "准备数据库", "Preparing the database", _migrate
    yield "准备网页文件", "Collecting page files", lambda: call_command("collectstatic", interactive=False, verbosity=0)
    if clock.is_demo() and not queries.unions_in(system_scope()).exists():
        yield "搭建演示县，并算一遍谁符合", "Building the demo county and its first sweep", _build_demo


def _migrate() -> None:
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", interactive=False, verbosity=0)


def _building_mark() -> Path:
    return Path(settings.HOME) / "demo-is-being-built"


def _build_demo() -> None:
    _building_mark().touch()
    # Its last lines would list accounts; they are said once, when the site answers.
    call_command(BUILD, stdout=io.StringIO())
    _building_mark().unlink()


def _drop_half_built() -> None:
    # A build that was interrupted leaves a county without its people: it is thrown away whole.
    # Nothing else is: the mark stands only while the stage is being built.
    if not (_building_mark().exists() and clock.is_demo() and connection.vendor == "sqlite"):
        return
    path = Path(str(connection.settings_dict["NAME"]))
    for suffix in ("", "-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    _building_mark().unlink()


def demo_accounts() -> list[DemoAccount]:
    """One account per role of the demo county; none off the stage."""
    first: dict[str, DemoAccount] = {}
    for account in demo.demo_accounts() if clock.is_demo() else ():
        first.setdefault(account.role, account)
    return list(first.values())


def announcement() -> str:
    """The lines that offer the demo's accounts at each start; empty off the stage."""
    lines = [
        f"  {account.role_zh} / {account.role_en}  {account.name}  {account.login}  "
        f"{account.secret or '手机验证码 / code by phone'}"
        for account in demo_accounts()
    ]
    return "\n".join(["演示账号 / Demo accounts:", *lines, ""]) if lines else ""
