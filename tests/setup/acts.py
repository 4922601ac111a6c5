"""What people do at a county while its server is killed: python -m tests.setup.acts WHAT, on the installation named
by the environment. `found` makes it, `write` registers people until it is killed, `papers` reads what was uploaded.
"""

from __future__ import annotations

import os
import sys
import time
from datetime import date
from itertools import count

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "niangjia.site.settings")
django.setup()

from django.core.files.uploadedfile import SimpleUploadedFile  # noqa: E402  the settings come first

from niangjia.accounts.models import User  # noqa: E402
from niangjia.federation.models import Union  # noqa: E402
from niangjia.federation.services import audit  # noqa: E402
from niangjia.files.queries import file_card, file_response  # noqa: E402
from niangjia.files.services.store import store_upload  # noqa: E402
from niangjia.people.models import MembershipSpell  # noqa: E402
from niangjia.people.services.persons import register_person  # noqa: E402
from niangjia.people.tests.world import build_world  # noqa: E402

PAPER_EVERY = 5
# A busy minute fills one file of the log after the other; in a quiet one only its age sends it off.
BUSY, BUSY_PAUSE_SECONDS, QUIET_PAUSE_SECONDS = 60, 0.02, 2.0


def _say(*words: object) -> None:
    print(*words, flush=True)  # noqa: T201  read by the test at the other end


def _paper(number: int) -> bytes:
    return b"%PDF-1.4\n" + f"paper {number} of {os.environ['NIANGJIA_HOME']}".encode() * 50


def found() -> None:
    """A county with its officers, and one person and membership to make many of."""
    world = build_world()
    person = register_person(
        union_id=world.union("town-a").pk, name="麦芒种", phone="13800000001", acting_user=world.user("su")
    )
    MembershipSpell.objects.create(person=person, union_id=person.union_id, joined_on=date(2020, 1, 1))
    audit.seal_all()
    _say(person.pk)


def write() -> None:
    """Register, one after another; a line for each that is kept: its id and when, and each paper with its number.

    `quiet` stands where the busy time ends.
    """
    officer, union = User.objects.get(username="su"), Union.objects.get(code="town-a")
    for number in count():
        if number == BUSY:
            _say("quiet")
        if number % PAPER_EVERY == 0:
            paper = store_upload(
                upload=SimpleUploadedFile("x.pdf", _paper(number), "application/pdf"), purpose="evidence",
                object_kind="statement", union_id=union.pk, acting_user=officer,
            )  # fmt: skip
            _say("paper", paper.public_id, number, time.time())
        person = register_person(union_id=union.pk, name=f"芒种{number}", acting_user=officer)
        audit.seal_all()
        _say("person", person.pk, time.time())
        time.sleep(BUSY_PAUSE_SECONDS if number < BUSY else QUIET_PAUSE_SECONDS)


def papers() -> None:
    """Read pairs of paper and number from standard input: which are not there as they were handed in."""
    for line in sys.stdin:
        public_id, number = line.split()
        try:
            content = b"".join(file_response(file_card(public_id)).streaming_content)  # type: ignore[arg-type]
        except OSError:
            content = b""
        if content != _paper(int(number)):
            _say(public_id)


if __name__ == "__main__":
    {"found": found, "write": write, "papers": papers}[sys.argv[1]]()
