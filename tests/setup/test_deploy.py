"""docs/how-to/deploy.md, followed line by line on a PostgreSQL of its own, as far as a test can: to a server that
answers by its name behind a proxy, keeps its anchor and its backup, says no number in any log, and stops well.
"""

from __future__ import annotations

import contextlib
import http.client
import os
import re
import shlex
import signal
import subprocess
import sys
import time
import urllib.parse
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pytest

from niangjia.files.services.store import MAX_ROSTER_BYTES
from niangjia.people.tests.world import identity_number
from tests.setup.cluster import PASSWORD, ROOT, Cluster, block, free_port, own_cluster, part, setting
from tests.setup.test_log_hygiene import said

PAGE, BACKUP_PAGE = "docs/how-to/deploy.md", "docs/how-to/back-up.md"
NUMBER, PHONE, STRANGER = identity_number(date(1980, 1, 2), 7), "13800000077", "13800000078"
START_SECONDS = 90
OFFICER_PASSWORD = "a plant by the way"


@dataclass
class Server:
    """One machine: its database, its folders in place of the page's, its settings, and the site's process."""

    cluster: Cluster
    folder: Path
    port: int
    settings: dict[str, str] = field(default_factory=dict)

    @property
    def host(self) -> str:
        """The name of the site."""
        return self.settings["NIANGJIA_HOSTS"]

    def here(self, text: str) -> str:
        """A line of the page with this machine's folders, ports and Python."""
        found = re.sub(r"(/srv/niangjia/house/)?\.venv/bin/python", sys.executable, text)
        found = re.sub(r"(/usr/bin/)?python3 run\.py", f"{sys.executable} manage.py", found)
        found = found.replace("the-password", urllib.parse.quote(PASSWORD, safe=""))
        found = found.replace(":5432/", f":{self.cluster.port}/").replace("--port 8000", f"--port {self.port}")
        for name, mine in (("/srv/niangjia", "srv"), ("/mnt/auditor", "auditor"), ("/mnt/archives", "archives")):
            found = found.replace(name, str(self.folder / mine))
        return found

    def run(self, line: str, given: str = "") -> str:
        """One line as the account of the programme, with its settings."""
        words = shlex.split(self.here(line), comments=True)
        done = subprocess.run(
            words, cwd=ROOT, env=self.environment(), input=given, capture_output=True, text=True, start_new_session=True
        )
        assert done.returncode == 0, f"{line}: {done.stdout} {done.stderr}"
        return done.stdout

    def environment(self) -> dict[str, str]:
        """The settings of the file, and nothing of this test's."""
        plain = {name: value for name, value in os.environ.items() if not name.startswith("NIANGJIA_")}
        return {**plain, **self.settings, "NIANGJIA_DEMO_NUMBERS": "yes"}

    def ask(
        self, path: str, form: dict[str, str] | None = None, cookies: dict[str, str] | None = None, host: str = ""
    ) -> Answer:
        """A request as the proxy passes it on."""
        headers = {"Host": host or self.host, "X-Forwarded-Proto": "https", "Origin": f"https://{self.host}"}
        headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in (cookies or {}).items())
        headers["Content-Type"] = "application/x-www-form-urlencoded"
        method, body = ("GET", "") if form is None else ("POST", urllib.parse.urlencode(form))
        with contextlib.closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)) as proxy:
            proxy.request(method, path, body, headers)
            with proxy.getresponse() as answer:
                text, set_cookies = answer.read().decode(), answer.headers.get_all("Set-Cookie") or []
                return Answer(answer.status, text, set_cookies)


@dataclass
class Answer:
    """What came back through the proxy."""

    status: int
    text: str
    set_cookies: list[str]

    def cookies(self) -> dict[str, str]:
        """Name and value of each cookie that was set."""
        return dict(line.partition(";")[0].split("=", 1) for line in self.set_cookies)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Parts 1 and 2 of the page."""
    folder = tmp_path_factory.mktemp("server")
    with own_cluster() as cluster:
        found = Server(cluster, folder, free_port())
        for line in block(PAGE, "createuser").splitlines():
            cluster.run(line.removeprefix("sudo -u postgres "), given=f"{PASSWORD}\n{PASSWORD}\n")
        for name in ("srv/home", "auditor", "archives"):
            (folder / name).mkdir(parents=True, mode=0o700)
        lines = found.here(block(PAGE, "NIANGJIA_HOSTS=")).splitlines()
        found.settings = dict(line.split("=", 1) for line in lines)
        install, prepare = block(PAGE, "manage.py prepare").splitlines()[-2:]
        assert install == "python3 run.py install", "tests/setup/test_run.py runs it: here all is installed"
        found.run(prepare)
        for line in block(PAGE, "manage.py union").splitlines():
            asked = " --password-from-input" if " officer " in line else ""
            found.run(line + asked, given=f"{OFFICER_PASSWORD}\n")
        yield found


@dataclass
class Site:
    """The unit of part 3, started."""

    process: subprocess.Popen[bytes]
    unit: str
    log: Path


@pytest.fixture(scope="module")
def site(server: Server) -> Iterator[Site]:
    """Started as the unit says; its log is what the journal would keep."""
    unit, log = block(PAGE, "ExecStart="), server.folder / "journal"
    with log.open("wb") as out:
        process = subprocess.Popen(
            shlex.split(server.here(setting(unit, "ExecStart"))), cwd=ROOT, env=server.environment(),
            stdout=out, stderr=out, start_new_session=True,
        )  # fmt: skip
        deadline = time.monotonic() + START_SECONDS
        while "Ctrl-C" not in log.read_text() and process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.1)
        yield Site(process, unit, log)
        if process.poll() is None:
            process.kill()
            process.wait()


def _log_in(server: Server, username: str) -> dict[str, str]:
    """An officer's cookies after the log-in page: its form is refused unless it came over TLS from the site itself."""
    page = server.ask("/login/password/")
    cookies = page.cookies()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)
    assert token, page.text
    form = {"csrfmiddlewaretoken": token[1], "username": username, "password": OFFICER_PASSWORD}
    answer = server.ask("/login/password/", form, cookies)
    assert answer.status == 302, answer.text
    assert all("Secure" in line for line in answer.set_cookies)
    return {**cookies, **answer.cookies()}


@pytest.mark.nightly
@pytest.mark.one_database
def test_a_server_set_up_by_the_page_answers_by_its_name_and_lets_officers_in(server: Server, site: Site) -> None:
    assert site.process.poll() is None, site.log.read_text()
    assert server.ask("/login/").status == 200
    assert server.ask("/desk/persons/", cookies=_log_in(server, "sumu")).status == 200
    assert server.ask("/login/", host="other.example.cn").status == 400, "the control: asked by another name"


@pytest.mark.nightly
@pytest.mark.one_database
def test_anchor_backup_and_the_check_by_other_code_work_as_written(server: Server, site: Site) -> None:
    head, verify = block(PAGE, "audit head --to").splitlines()
    server.run(head)
    heads = server.folder / "auditor/heads.txt"
    assert re.fullmatch(r"\S+ \d+:[0-9a-f]+\n", heads.read_text())
    assert "fits the 1 heads" in server.run(verify)
    other = block(PAGE, "niangjia.cli audit verify").replace("postgresql://…", server.settings["DATABASE_URL"])
    server.run(other.replace("keys.json", str(server.folder / "srv/home/keys.json")).replace("heads.txt", str(heads)))
    server.run(
        setting(
            part(block(BACKUP_PAGE, "niangjia-backup.service"), "/etc/systemd/system/niangjia-backup.service"),
            "ExecStart",
        )
    )
    (archive,) = (server.folder / "archives").iterdir()
    assert archive.stat().st_mode & 0o077 == 0


def _journeys(server: Server) -> None:
    """Search by number, register twice, ask for codes, meet faults: what each log may tell of."""
    desk = _log_in(server, "sumu")
    for path in ("/desk/search/", "/desk/persons/", "/no/such/page/"):
        server.ask(f"{path}?{urllib.parse.urlencode({'q': NUMBER})}", cookies=desk)
    page = server.ask("/desk/persons/new/", cookies=desk)
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)
    union = re.search(r'<option value="([^"]+)"[^>]*>[^<]*云禾县总工会', page.text) or re.search(
        r'name="union" value="([^"]+)"', page.text
    )
    assert token
    form = {"csrfmiddlewaretoken": token[1], "name": "麦芒种", "id_number": NUMBER, "phone": PHONE}
    form["union"] = union[1] if union else ""
    assert server.ask("/desk/persons/new/", form, desk).status == 302, page.text
    server.ask("/desk/persons/new/", form, desk)
    server.ask("/desk/persons/new/", {**form, "csrfmiddlewaretoken": "wrong"}, desk)
    for phone in (PHONE, STRANGER):
        page = server.ask("/login/")
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)
        assert token
        server.ask("/login/", {"csrfmiddlewaretoken": token[1], "phone": phone}, page.cookies())


@pytest.mark.nightly
@pytest.mark.one_database
def test_no_log_of_the_running_server_says_a_number(server: Server, site: Site) -> None:
    """T52: the journal, the database's log and every file of the home that is text; and a control for each search."""
    _journeys(server)
    outbox = server.folder / "srv/home/outbox/texts.log"
    code = outbox.read_text().split("验证码")[-1][:6]
    assert re.fullmatch(r"\d{6}", code)
    logs = {"journal": site.log.read_text(), "database": (server.cluster.base / "log").read_text()}
    assert {name: found for name, text in logs.items() if (found := said(text, NUMBER, PHONE, STRANGER, code))} == {}
    assert said(outbox.read_text(), NUMBER, PHONE, STRANGER) == []
    assert said(_log_with_addresses(server), NUMBER) == [f"plain of {NUMBER}"]


def _log_with_addresses(server: Server) -> str:
    """The control: the same web server with its access log, asked for the same page."""
    port, log = free_port(), server.folder / "control"
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--port", str(port), "--access-log",
               "--access-log-fmt", "%(path)s?%(query_string)s", "niangjia.site.wsgi:application"]  # fmt: skip
    with log.open("wb") as out:
        process = subprocess.Popen(command, cwd=ROOT, env=server.environment(), stdout=out, stderr=out)
    try:
        other = Server(server.cluster, server.folder, port, server.settings)
        deadline = time.monotonic() + START_SECONDS
        while NUMBER not in log.read_text() and time.monotonic() < deadline:
            with contextlib.suppress(OSError):
                other.ask(f"/desk/search/?q={NUMBER}")
            time.sleep(0.3)
        return log.read_text()
    finally:
        process.terminate()
        process.wait(20)


@pytest.mark.nightly
@pytest.mark.one_database
def test_stopping_is_no_failure(server: Server, site: Site) -> None:
    site.process.send_signal(signal.Signals[setting(site.unit, "KillSignal")])
    assert site.process.wait(30) == int(setting(site.unit, "SuccessExitStatus"))
    assert setting(site.unit, "KillMode") == "mixed", "else the web server and the ticker are told behind its back"
    assert "ticker: exit code" not in site.log.read_text()


def test_the_proxy_lets_rosters_through_and_writes_down_no_address() -> None:
    proxy = block(PAGE, "server {")
    (most,) = re.findall(r"client_max_body_size (\d+)m;", proxy)
    assert int(most) * 1024 * 1024 > MAX_ROSTER_BYTES
    (log_format,) = re.findall(r"log_format niangjia '(.*)';", proxy)
    names = set(re.findall(r"\$(\w+)", log_format))
    assert "uri" in names
    assert not names & {"request", "request_uri", "args", "query_string", "http_referer", "is_args", "http_cookie"}
    assert re.findall(r"access_log (.*);", proxy) == ["/var/log/nginx/niangjia.log niangjia", "off"]
    assert re.findall(r"error_log \S+ (\w+);", proxy) == ["emerg"]


def test_the_unit_may_write_where_the_settings_say() -> None:
    unit, settings = block(PAGE, "ExecStart="), block(PAGE, "NIANGJIA_HOSTS=")
    writable = [path.removeprefix("-") for path in setting(unit, "ReadWritePaths").split()]
    for name in ("NIANGJIA_HOME", "NIANGJIA_AUDIT_HEADS"):
        path = setting(settings, name)
        assert any(path.startswith(folder) for folder in writable), f"{name} lies out of reach: {path}"
