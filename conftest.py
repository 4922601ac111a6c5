"""What every test stands on: a home of its own, a clock that stands still, no network, no silent skip."""

from __future__ import annotations

import atexit
import gc
import os
import shutil
import socket
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from hypothesis import HealthCheck, settings as hypothesis_settings
from pytest_django import DjangoDbBlocker

from niangjia.core import clock
from niangjia.core.catalogues import compile_all

# One registration for the whole house: a fixture imported into two conftests is built twice.
pytest_plugins = ["tests.demo_stage"]

_ROOT = Path(__file__).resolve().parent
_HOME = Path(tempfile.mkdtemp(prefix="niangjia-test-"))
_OWNER = os.getpid()
# Set before the settings are read (lazily, at their first use): a test never touches the
# installation it stands in.
os.environ["NIANGJIA_HOME"] = str(_HOME)
os.environ["NIANGJIA_KEY_FILE"] = str(_HOME / "keys.json")
os.environ["NIANGJIA_SECRET_KEY"] = "only-for-tests-" + "x" * 40
os.environ["DJANGO_SETTINGS_MODULE"] = "niangjia.site.settings"
for _name in ("NIANGJIA_DEMO_NOW", "NIANGJIA_DEMO_STARTED", "NIANGJIA_DEBUG", "NIANGJIA_HOSTS", "NIANGJIA_TLS"):
    os.environ.pop(_name, None)

_BY_MANY = "PYTEST_XDIST_WORKER" in os.environ
_IN_CI = os.environ.get("CI", "").lower() == "true"
_connect = socket.socket.connect
_connect_ex = socket.socket.connect_ex


@atexit.register
def _clear_home() -> None:
    if os.getpid() == _OWNER:
        shutil.rmtree(_HOME, ignore_errors=True)


hypothesis_settings.register_profile(
    "commit", deadline=None, max_examples=60, print_blob=True, suppress_health_check=[HealthCheck.too_slow]
)
hypothesis_settings.register_profile("nightly", parent=hypothesis_settings.get_profile("commit"), max_examples=2_000)


COUNTY = "county"
# Minutes each by night, the longest first; what waits more than it reckons stands between what does not.
LONGEST = (
    "test_every_payload.py", COUNTY, "test_every_page.py", "test_wide_matrix.py", "test_restore_drill.py",
    "test_language_parity.py", "test_malformed_rosters.py", "test_two_federations.py", "test_backup.py",
    "test_mutations.py", "test_killed.py", "test_mutants.py", "test_published.py", "test_publish.py",
    "test_smallest_change.py", "test_secrecy.py", "test_spark.py", "test_queries.py", "test_forms.py",
    "test_uploads.py", "test_lists.py", "test_deploy.py",
)  # fmt: skip

# Test by test, for they share nothing and each takes minutes: one file of them held a process until the end.
APART = "tests/hostile/test_every_payload.py"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--nightly", action="store_true", help="the slow and wide tests, and what they add to others")
    parser.addoption("--with-database", action="store_true", help="only tests that ask a database something")


def pytest_configure(config: pytest.Config) -> None:
    _block_network()
    nightly = config.getoption("--nightly")
    hypothesis_settings.load_profile("nightly" if nightly else "commit")
    if _is_sqlite():
        # In a file: in memory SQLite knows neither a write-ahead log nor a second connection.
        database = settings.DATABASES["default"]
        database.setdefault("TEST", {})["NAME"] = str(_HOME / "test.sqlite3")
        # Nothing of it must outlive the machine: no commit waits for the disk.
        database["OPTIONS"] |= {"init_command": database["OPTIONS"]["init_command"].replace("=FULL", "=OFF")}
    if not hasattr(config, "workerinput"):
        compile_all(_ROOT / "niangjia")


def pytest_collection_finish() -> None:
    # What is loaded stays until the end: to walk through it again and again took a tenth of the time.
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    left_out = [item for item in items if not _wanted(item, config)]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if _wanted(item, config)]
    _in_order(items)


def _in_order(items: list[pytest.Item]) -> None:
    """What takes long begins, then what holds many tests: short ones fill up the end, where else one sat alone."""
    held = Counter(_handed_out_with(str(item.path)) for item in items)

    def place(item: pytest.Item) -> tuple[int, int, str]:
        group = _handed_out_with(str(item.path))
        name = group.rpartition("/")[2]
        return (LONGEST.index(name) if name in LONGEST else len(LONGEST), -held[group], group)

    items.sort(key=place)


def _wanted(item: pytest.Item, config: pytest.Config) -> bool:
    by_night, second = bool(config.getoption("--nightly")), bool(config.getoption("--with-database"))
    is_slow = item.get_closest_marker("nightly") is not None
    on_one = item.get_closest_marker("one_database") is not None
    # Left out, and not ended early: what SQLite was never asked is not green on it.
    if item.get_closest_marker("postgresql") is not None and _is_sqlite():
        return False
    if (is_slow and not by_night) or (second and not asks_a_database(item)):
        return False
    # What is only for the night and one database stays on the one: the second would add half an hour to each night.
    if second and on_one and (is_slow or not by_night):
        return False
    # Whoever names files gets all that is in them.
    is_whole = config.args_source != pytest.Config.ArgsSource.ARGS
    return is_slow or not (by_night and is_whole) or (second and on_one) or _asked_more_by_night(item)


def _asked_more_by_night(item: pytest.Item) -> bool:
    """Whether the night is more than the same again, which every commit has seen green already."""
    is_generated = getattr(getattr(item, "obj", None), "is_hypothesis_test", False)
    return is_generated or item.get_closest_marker("wider_by_night") is not None


def _is_sqlite() -> bool:
    return str(settings.DATABASES["default"]["ENGINE"]).endswith("sqlite3")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[Any]:
    """Under every test of a room: a service that changes something tells the audit trail of it."""
    if not (item.path.is_relative_to(_ROOT / "niangjia") and asks_a_database(item)):
        return (yield)
    from tests.setup.watching import watching  # noqa: PLC0415  Django is not set up when this file is read

    with watching() as watch:
        result = yield
    assert watch.untold() == [], "changed, and no audit row in the same transaction"
    return result


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """File by file, but all that stands on the demo county in one process: building it takes half a minute."""
    if config.getoption("dist") != "loadfile":
        return None
    from xdist.scheduler import LoadFileScheduling  # noqa: PLC0415  only where tests run side by side

    class OneCounty(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            file = super()._split_scope(nodeid)
            return nodeid if file.endswith(APART) else _handed_out_with(file)

    config.option.loadscopereorder = False  # the order is that of `pytest_collection_modifyitems`
    return OneCounty(config, log)


def _handed_out_with(file: str) -> str:
    return COUNTY if _stands_on_the_county(file) else file


@cache
def _stands_on_the_county(file: str) -> bool:
    return "DemoCounty" in (_ROOT / file).read_text(encoding="utf-8")


def asks_a_database(item: pytest.Item) -> bool:
    """Whether what a test finds can differ with the database: it is marked so, or a fixture of it opens one."""
    opened = {"db", "transactional_db", "django_db_setup"}
    return item.get_closest_marker("django_db") is not None or bool(opened & set(getattr(item, "fixturenames", ())))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """With CI=true a skip is a failure: what was not looked at is not green."""
    report: pytest.TestReport = yield
    if _IN_CI and report.skipped and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        report.outcome = "failed"
        report.longrepr = f"With CI=true a skip is a failure. {reason}"
    return report  # type: ignore[return-value]


def _is_here(address: Any) -> bool:
    if not isinstance(address, tuple):
        return True  # a socket in the file system
    return str(address[0]) in {"::1", "localhost"} or str(address[0]).startswith("127.")


def _connect_here(self: socket.socket, address: Any) -> None:
    if not _is_here(address):
        raise AssertionError(f"A test reached beyond this machine: {address!r}")
    _connect(self, address)


def _connect_ex_here(self: socket.socket, address: Any) -> int:
    if not _is_here(address):
        raise AssertionError(f"A test reached beyond this machine: {address!r}")
    return _connect_ex(self, address)


def _block_network() -> None:
    # Once for the process and not by a fixture: one that every test has would be set up before the
    # test's own, and what a test patches would be put back after its stage was taken down.
    socket.socket.connect = _connect_here  # type: ignore[method-assign]
    socket.socket.connect_ex = _connect_ex_here  # type: ignore[method-assign]


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Without Chromium a browser test is skipped with the reason, before it builds anything."""
    if item.get_closest_marker("browser") and not (shutil.which("chromium") or Path("/usr/bin/chromium").exists()):
        pytest.skip("There is no Chromium on this machine (Debian's package `chromium`).")


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None,
    django_db_modify_db_settings: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[str]:
    """The empty database of all tests; gives the name of the one it is a copy of, as the demo county is too."""
    from tests.databases import empty_database  # noqa: PLC0415  Django is not set up when this file is read

    base = tmp_path_factory.getbasetemp()
    with ExitStack() as held:
        with django_db_blocker.unblock():
            template = held.enter_context(empty_database(base.parent if _BY_MANY else base))
        yield template
        with django_db_blocker.unblock():
            held.close()


@pytest.fixture
def frozen() -> Iterator[datetime]:
    """The clock stands at the demo county's moment: Monday 3 August 2026, 08:30, in Shanghai."""
    with clock.frozen(datetime(2026, 8, 3, 8, 30, tzinfo=clock.LOCAL)) as moment:
        yield moment


@pytest.fixture
def demo_stage(monkeypatch: pytest.MonkeyPatch) -> datetime:
    """The site believes it shows the demo county: its fixed day, in every thread."""
    moment = datetime(2026, 8, 3, 8, 30, tzinfo=clock.LOCAL)
    monkeypatch.setattr(settings, "DEMO_NOW", moment)
    return moment
