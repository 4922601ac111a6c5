"""What the documents point to is there."""

from __future__ import annotations

import re

import pytest

from tests.architecture.sources import ROOT

DOCUMENTS = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]
LINK = re.compile(r"\]\((?!https?:|#|mailto:)([^)#\s]+)")
DECISION_PARTS = ("**Context.**", "**Decision.**", "**Consequences.**", "**What would change our mind.**")


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_between_documents_lead_somewhere(document: object) -> None:
    path = ROOT / str(document)
    broken = [link for link in LINK.findall(path.read_text(encoding="utf-8")) if not (path.parent / link).exists()]
    assert broken == []


def test_every_decision_stands_in_the_index_with_its_title_and_has_its_four_parts() -> None:
    index = (ROOT / "docs/decisions/README.md").read_text(encoding="utf-8")
    records = sorted((ROOT / "docs/decisions").glob("[0-9]*.md"))
    assert records
    numbers = [record.name[:4] for record in records]
    assert len(set(numbers)) == len(numbers), "two decisions share a number"
    for record in records:
        text = record.read_text(encoding="utf-8")
        title = text.splitlines()[0].removeprefix("# ")
        assert f"[{title}]({record.name})" in index, f"{record.name} is missing in docs/decisions/README.md"
        for part in DECISION_PARTS:
            assert part in text, f"{record.name} has no {part}"


def test_the_licence_is_whole_and_the_notice_names_what_is_not_permissive() -> None:
    licence = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert "Apache License" in licence
    assert "END OF TERMS AND CONDITIONS" in licence
    assert "LGPL-3.0-only         psycopg" in (ROOT / "NOTICE").read_text(encoding="utf-8")


def test_no_file_names_a_package_registry_except_where_the_default_must_stand() -> None:
    registry = re.compile(r"pypi\.org|pythonhosted\.org|deb\.debian\.org|registry\.npmjs\.org")
    places = {
        str(path.relative_to(ROOT))
        for pattern in ("*", "docs/**/*.md", "niangjia/**/*.py", "tests/**/*.py", ".ci/*", "programmes/**/*.yaml")
        for path in ROOT.glob(pattern)
        if path.is_file() and registry.search(path.read_text(encoding="utf-8", errors="replace"))
    }
    assert places <= {"run.py", "uv.lock", "tests/architecture/test_documents.py"}
