"""What comes back from a question, and whether two answers can be told apart."""

from __future__ import annotations

import io
import json
import re
import zipfile
from dataclasses import dataclass
from urllib.parse import quote

from django.http import FileResponse, HttpResponse

# Against forgery, in a form or by itself: another one each time.
_TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="[^"]+"|"token": "[^"]+"')


@dataclass(frozen=True)
class Answer:
    """What came back: status, headers and body in one text to look for canaries in."""

    status: int
    body: bytes
    headers: str
    cache: str
    # What the trail says was looked at by this very question: kind and key of each object.
    looks: frozenset[tuple[str, int]] = frozenset()
    harmed: tuple[str, ...] = ()  # tables in which rows of others were changed


def answer_of(response: HttpResponse) -> Answer:
    """What a response says; a package is unpacked, and what travels escaped is written out."""
    if isinstance(response, FileResponse):
        body = b"".join(response.streaming_content)
        # The file only: closing the answer would close the test's connection to the database too.
        for close in response._resource_closers:
            close()
    else:
        body = response.content
    headers = "\n".join(f"{name}: {value}" for name, value in response.items())
    if response.headers.get("Content-Type") == "application/json":
        body = json.dumps(json.loads(body), ensure_ascii=False).encode()  # a name in it stands as it is read
    if response.headers.get("Content-Type") == "application/zip":
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            body = b"\n".join(archive.read(name) for name in archive.namelist())
    return Answer(response.status_code, _TOKEN.sub(b"", body), headers, response.headers.get("Cache-Control", ""))


def alike(answer: Answer, nothing: Answer, address: str, nowhere: str) -> bool:
    """Whether nobody could tell the answer about one address from the answer about another."""
    same = (answer.status, answer.body) == (nothing.status, nothing.body)
    return same and _told(answer.headers, address) == _told(nothing.headers, nowhere)


def _told(headers: str, address: str) -> str:
    """The headers without what the asker said himself: a way to the log-in, or up from where he is, carries that."""
    lines = []
    for line in headers.replace(quote(address, safe=""), "(the address)").split("\n"):
        name, _colon, way = line.partition(": ")
        up = name == "Location" and way != "/" and address.startswith(way)
        lines.append(f"up to part {way.count('/')} of the address" if up else line)
    return "\n".join(lines)
