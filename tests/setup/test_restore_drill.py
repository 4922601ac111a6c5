"""T60: a machine is gone, and comes back from the copy of its files and its log, by the lines of back-up.md.

A million members, people writing, the server killed at one stroke, its data and its home gone but for the keys in the
safe; then: how much is lost, does the chain hold, is every row and every paper there. People write for longer than
may be lost, and the log of the busy minute alone loses more: what saves the rest is that a quiet log is sent off too.
The clock that counts is this machine's, at both ends.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.setup.cluster import ROOT, Cluster, block, own_cluster, part

PAGE = "docs/how-to/back-up.md"
MEMBERS = 1_000_000
MOST_LOST_SECONDS, QUIET_SECONDS, FILES_EVERY_SECONDS = 60, 90, 15
MOST_RESTORE_SECONDS, FOR_BYTES = 15 * 60, 10 * 1000**3
FLIPS = 20
# Until the million are there: no more of a log than must be.
LOADING = "wal_level = minimal\nmax_wal_senders = 0\nmax_wal_size = 2GB\nfsync = off\nshared_buffers = 256MB"
CONTENT = "SELECT count(*), sum(hashtextextended(t::text, 0)) FROM {} t WHERE id <= {}"


@dataclass
class Machine:
    """A server and what is copied off it: the folders of the page, put below one of the test's own."""

    cluster: Cluster
    home: Path
    heads: Path
    safe: Path  # the keys, and nothing else
    copied_at: float = 0.0

    def here(self, text: str) -> str:
        """The lines of the page, with its folders in this machine's."""
        data = f"{self.cluster.base}/data"
        found = text.replace("/mnt/wal", f"{self.cluster.base}/wal").replace("/var/lib/postgresql/15/main", data)
        found = found.replace("/usr/lib/postgresql/15", str(self.cluster.programs))
        return found.replace("/srv/niangjia/home", str(self.home)).replace("/mnt/auditor/heads.txt", str(self.heads))

    def manage(self, *words: str, given: str = "", checked: bool = True) -> subprocess.CompletedProcess[str]:
        """A command of the installation."""
        done = subprocess.run(
            [sys.executable, *words], cwd=ROOT, env=self.environment(), input=given, capture_output=True, text=True
        )
        assert not checked or done.returncode == 0, done.stdout + done.stderr
        return done

    def environment(self) -> dict[str, str]:
        """What its settings say."""
        plain = {name: value for name, value in os.environ.items() if not name.startswith("NIANGJIA_")}
        return {
            **plain, "NIANGJIA_DEMO_NOW": "", "NIANGJIA_DEMO_NUMBERS": "yes", "NIANGJIA_HOME": str(self.home),
            "DATABASE_URL": self.cluster.url,
        }  # fmt: skip

    def copy_files(self) -> None:
        """What the timer for the uploads does."""
        began = time.time()
        unit = part(block(PAGE, "niangjia-files.service"), "/etc/systemd/system/niangjia-files.service")
        (line,) = [line.removeprefix("ExecStart=") for line in unit.splitlines() if line.startswith("ExecStart=")]
        subprocess.run(self.here(line).split(), check=True)
        self.copied_at = began


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Machine]:
    """A county with a million members on a server of its own, copied off as the page says."""
    (tmp_path / "home" / "files").mkdir(parents=True)
    with own_cluster(LOADING) as cluster:
        found = Machine(cluster, tmp_path / "home", tmp_path / "heads.txt", tmp_path / "safe")
        cluster.run("createdb niangjia")
        found.manage("manage.py", "migrate", "--verbosity=0")
        first = int(found.manage("-m", "tests.setup.acts", "found").stdout)
        found.safe.mkdir()
        shutil.copy(found.home / "keys.json", found.safe)
        _million_members(cluster, first)
        wal = cluster.base / "wal"
        for folder in ("log", "bases", "files"):
            cluster.run(f"install -d -m 700 {wal / folder}")
        conf = part(block(PAGE, "archive_mode = on"), "/etc/postgresql/15/main/conf.d/niangjia.conf")
        with (cluster.data / "postgresql.conf").open("a") as file:
            file.write(f"wal_level = replica\nmax_wal_senders = 10\nfsync = on\n{found.here(conf)}\n")
        cluster.end()
        cluster.start()
        cluster.run(found.here(part(block(PAGE, "pg_basebackup --pgdata"), "/usr/local/bin/niangjia-base")))
        yield found


def _million_members(cluster: Cluster, first: int) -> None:
    """A million rows like the first one, in one statement each; indexes are made afterwards, which is quicker."""
    own = {
        "public_id": "lpad(n::text, 16, '0')", "id_key": "md5(n::text) || md5(n::text)", "phone_key": "md5(n::text)",
        "id_tail_key": "md5((n % 10000)::text)", "name": "'芒' || n", "name_key": "'芒' || n",
    }  # fmt: skip
    spell = "people_membershipspell"
    everybody = f"LATERAL (SELECT id FROM people_person WHERE id <> {first}) p"
    drop, make = (
        f"SELECT format({form}) FROM pg_index WHERE indrelid IN ('people_person'::regclass, '{spell}'::regclass)"
        " AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)"
        for form in ("'DROP INDEX %I', indexrelid::regclass", "'%s', pg_get_indexdef(indexrelid)")
    )
    indexes = [row[0] for row in cluster.rows(make)]
    cluster.rows(
        # References were checked when the first was made.
        "SET session_replication_role = replica; SET maintenance_work_mem = '256MB';\n"
        + ";\n".join(
            [
                *(row[0] for row in cluster.rows(drop)),
                _like(cluster, "people_person", f"t.id = {first}", f"generate_series(1, {MEMBERS}) n", own),
                _like(cluster, spell, f"t.person_id = {first}", everybody, {"person_id": "p.id"}),
                *indexes,
            ]
        )
    )


def _like(cluster: Cluster, table: str, one: str, numbers: str, own: dict[str, str]) -> str:
    columns = [
        row[0]
        for row in cluster.rows(
            f"SELECT column_name FROM information_schema.columns WHERE table_name = '{table}' AND column_name <> 'id'"
        )
    ]
    values = ", ".join(own.get(column, f"t.{column}") for column in columns)
    return f"INSERT INTO {table} ({', '.join(columns)}) SELECT {values} FROM {table} t, {numbers} WHERE {one}"


@dataclass
class Gone:
    """What was known when the machine was gone: when that was, what people had been told is kept, and how long the
    share's log was when it became quiet.
    """

    at: float
    kept: list[list[str]]
    early: list[str]

    @property
    def persons(self) -> dict[int, float]:
        """Who was registered, and when."""
        return {int(words[1]): float(words[2]) for words in self.kept if words[0] == "person"}

    def lost(self, there: set[int]) -> dict[int, float]:
        """Who is not among these."""
        return {pk: at for pk, at in self.persons.items() if pk not in there}

    def lost_seconds(self, there: set[int]) -> float:
        """From the first who is lost to the end."""
        return self.at - min(self.lost(there).values(), default=self.at)


def _work_until_killed(machine: Machine, later: Path) -> Gone:
    """People write, the timers run, and the server is gone."""
    machine.copy_files()
    said = machine.heads.with_name("kept.txt")
    with said.open("w") as out:
        worker = subprocess.Popen(
            [sys.executable, "-m", "tests.setup.acts", "write"], cwd=ROOT, env=machine.environment(),
            stdout=out, stderr=subprocess.DEVNULL,
        )  # fmt: skip
    try:
        while "quiet" not in said.read_text():
            assert worker.poll() is None, "nobody writes"
            time.sleep(0.1)
        # The file of the log is full: nothing but its age sends off the next one.
        machine.cluster.rows("SELECT pg_switch_wal()")
        early = machine.cluster.run(f"ls {machine.cluster.base}/wal/log | grep -v part").stdout.split()
        for _ in range(QUIET_SECONDS // FILES_EVERY_SECONDS):
            time.sleep(FILES_EVERY_SECONDS)
            machine.copy_files()
        machine.manage("manage.py", "audit", "head", "--to", str(later))
        machine.cluster.end(signal.SIGKILL)
        at = time.time()
        worker.wait(60)
        return Gone(at, [line.split() for line in said.read_text().splitlines()], early)
    finally:
        worker.kill()
        worker.wait()


def _empty_machine(machine: Machine) -> None:
    """Another one: its PostgreSQL as it was installed, and a home with the keys out of the safe."""
    assert machine.cluster.running == [], "it was killed"
    machine.cluster.run(f"rm -rf {machine.cluster.data} {machine.cluster.data}.before")
    machine.cluster.run(f"install -d -m 700 {machine.cluster.data}")
    shutil.rmtree(machine.home)
    machine.home.mkdir()
    shutil.copy(machine.safe / "keys.json", machine.home)


def _restore(machine: Machine, *options: str, log: str = "log") -> float:
    """The lines of the page, with starting and stopping done by this test; how long it took until it was open."""
    _empty_machine(machine)
    began = time.monotonic()
    for line in machine.here(block(PAGE, "recovery.signal").replace("/mnt/wal/log", f"/mnt/wal/{log}")).splitlines():
        words = line.removeprefix("sudo -u postgres ").removeprefix("sudo -u niangjia ")
        if line.startswith("sudo systemctl start"):
            machine.cluster.start(*options)
        elif line.startswith("sudo -u niangjia"):
            subprocess.run(["bash", "-c", words], check=True)
        elif not line.startswith("sudo systemctl stop"):  # nothing runs here yet
            machine.cluster.run(words)
    deadline = time.monotonic() + MOST_RESTORE_SECONDS
    while machine.cluster.rows("SELECT pg_is_in_recovery()") != [["f"]] and time.monotonic() < deadline:
        time.sleep(0.2)
    return time.monotonic() - began


def _with_the_early_log_alone(machine: Machine, gone: Gone, last: int) -> float:
    """How much is lost where a log is sent off only when it is full: what was written in the quiet time never was."""
    log = machine.cluster.base / "wal/log"
    machine.cluster.run(f"install -d -m 700 {log}-early")
    machine.cluster.run(f"cd {log} && cp {' '.join(gone.early)} {log}-early")
    # It must not send what it writes to the log that the next one comes back from.
    _restore(machine, "-c", "archive_mode=off", log="log-early")
    there = _since(machine.cluster, last)
    machine.cluster.end()
    return gone.lost_seconds(there)


def _since(cluster: Cluster, last: int) -> set[int]:
    return {int(row[0]) for row in cluster.rows(f"SELECT id FROM people_person WHERE id > {last}")}


def _bytes_restored(machine: Machine) -> int:
    wal = machine.cluster.base / "wal"
    parts = [wal / "bases/newest", wal / "log", wal / "files"]
    return sum(path.stat().st_size for part in parts for path in part.rglob("*") if path.is_file())


def _flip(path: Path, place: int) -> None:
    """XOR, not set: setting a byte may write what stands there already. Twice is as before."""
    with path.open("r+b") as file:
        file.seek(place)
        value = file.read(1)[0]
        file.seek(place)
        file.write(bytes([value ^ 0x10]))


def _every_flipped_byte_is_found(machine: Machine) -> None:
    base, dice = machine.cluster.base / "wal/bases/newest", random.Random(60)
    (check,) = [line for line in block(PAGE, "recovery.signal").splitlines() if "pg_verifybackup" in line]
    check = machine.here(check.removeprefix("sudo -u postgres "))
    files = sorted(path for path in base.glob("base/**/*") if path.is_file() and path.stat().st_size)
    places = {path: dice.randrange(path.stat().st_size) for path in dice.sample(files, FLIPS)}
    assert machine.cluster.run(check).returncode == 0, "the control: whole, it passes"
    for path, place in places.items():
        _flip(path, place)
    told = machine.cluster.run(check, checked=False)
    assert told.returncode == 1
    assert [path for path in places if str(path.relative_to(base)) not in told.stderr] == []
    for path, place in places.items():
        _flip(path, place)


def _counts(cluster: Cluster) -> dict[str, int]:
    tables = [row[0] for row in cluster.rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
    each = " UNION ALL ".join(f"SELECT '{table}', count(*) FROM {table}" for table in tables)
    return {name: int(rows) for name, rows in cluster.rows(each)}


def _contents(cluster: Cluster, upto: int) -> list[list[str]]:
    return [
        *cluster.rows(CONTENT.format("people_person", upto)),
        *cluster.rows(CONTENT.format("people_membershipspell", MEMBERS + 1)),
    ]


@pytest.mark.nightly
@pytest.mark.one_database
def test_a_machine_that_is_gone_comes_back_with_at_most_a_minute_lost(machine: Machine) -> None:
    cluster, later = machine.cluster, machine.heads.with_name("later.txt")
    last = int(cluster.rows("SELECT max(id) FROM people_person")[0][0])
    before, counts = _contents(cluster, last), _counts(cluster)
    assert counts["people_person"] == counts["people_membershipspell"] == MEMBERS + 1
    machine.manage("manage.py", "audit", "head", "--to", str(machine.heads))
    gone = _work_until_killed(machine, later)
    persons, kept = gone.persons, gone.kept
    assert len(persons) > 50

    lost_early = _with_the_early_log_alone(machine, gone, last)
    assert lost_early > MOST_LOST_SECONDS, "the control: people wrote for no longer than may be lost"
    restore_seconds, size = _restore(machine), _bytes_restored(machine)
    there = _since(cluster, last)
    lost, lost_seconds = gone.lost(there), gone.lost_seconds(there)
    print(f"{len(persons)} kept, {len(lost)} lost: {lost_seconds:.1f} s; with the early log {lost_early:.1f} s")  # noqa: T201
    print(f"{size / 1e9:.1f} GB restored in {restore_seconds:.1f} s")  # noqa: T201
    assert there, "nothing came from the log: only the copy of the files was restored"
    assert lost_seconds <= MOST_LOST_SECONDS
    assert restore_seconds <= MOST_RESTORE_SECONDS * size / FOR_BYTES
    assert not lost or max(persons[pk] for pk in there & persons.keys()) < min(lost.values()), "a hole, not an end"

    assert _contents(cluster, last) == before
    assert [name for name, rows in _counts(cluster).items() if rows < counts[name]] == []
    verify = machine.manage("manage.py", "audit", "verify", "--heads", str(machine.heads))
    assert "fits the 1 heads" in verify.stdout
    links = int(cluster.rows("SELECT count(*) FROM federation_auditseal")[0][0])
    noted = int(later.read_text().split()[-1].partition(":")[0])
    told = machine.manage("manage.py", "audit", "verify", "--heads", str(later), checked=False)
    assert ("shorter than the head" in told.stderr) == (noted > links), told.stdout + told.stderr
    papers = [words[1:3] for words in kept if words[0] == "paper" and float(words[3]) < machine.copied_at]
    rows = {row[0] for row in cluster.rows("SELECT public_id FROM files_storedfile")}
    asked = "".join(f"{name} {number}\n" for name, number in papers if name in rows)
    assert asked
    assert machine.manage("-m", "tests.setup.acts", "papers", given=asked).stdout == ""
    for path in (machine.home / "files").glob("??/*"):
        path.write_bytes(b"rotten")
    damaged = machine.manage("-m", "tests.setup.acts", "papers", given=asked).stdout
    assert len(damaged.split()) == asked.count("\n"), "the control: a rotten paper is found"
    _every_flipped_byte_is_found(machine)
