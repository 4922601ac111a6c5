from __future__ import annotations

import gettext
from pathlib import Path

import pytest

from niangjia.core import catalogues

PYTHON = """
from django.utils.translation import gettext as _, ngettext, pgettext
_("Good morning")
pgettext("money", "Balance")
ngettext("%(n)s person", "%(n)s persons", 2)
_(name)
"""
TEMPLATE = """{% load i18n %}
  <main>
    <h1 class="it's a title">{% translate "Good evening" %}</h1>
 {% blocktranslate trimmed with n=people.count %}
      {{ n }} people
      wait
  {% endblocktranslate %}
    {% translate "Save" context "button" %}
    {{ _("Later") }} <p title="{% translate 'Quoted "so"' %}">don't</p>
  </main>
"""


@pytest.fixture
def room(tmp_path: Path) -> Path:
    folder = tmp_path / "house" / "kitchen"
    (folder / "templates" / "kitchen").mkdir(parents=True)
    (folder / "tests").mkdir()
    (folder / "__init__.py").touch()
    (folder / "views.py").write_text(PYTHON)
    (folder / "tests" / "test_it.py").write_text('_("Never shown")')
    (folder / "templates" / "kitchen" / "page.html").write_text(TEMPLATE)
    return folder


def fill(room: Path, *pairs: tuple[str, str]) -> None:
    path = room / catalogues.PO
    text = path.read_text()
    for msgid, string in pairs:
        before = f'msgid "{msgid}"\nmsgstr ""'
        assert before in text, msgid
        text = text.replace(before, f'msgid "{msgid}"\nmsgstr "{string}"')
    path.write_text(text)


def whats(room: Path) -> set[tuple[str, str]]:
    return {(fault.msgid, fault.what.split(" (")[0]) for fault in catalogues.check_room(room)}


def test_messages_are_found_in_python_and_templates_but_not_in_tests(room: Path) -> None:
    assert set(catalogues.extract_room(room)) == {
        ("", "Good morning"), ("money", "Balance"), ("", "%(n)s person"), ("", "Good evening"),
        ("", "%(n)s people wait"), ("button", "Save"), ("", "Later"), ("", 'Quoted "so"'),
    }  # fmt: skip


def test_an_update_keeps_translations_adds_what_is_new_and_drops_what_is_gone(room: Path) -> None:
    assert catalogues.update_room(room)
    fill(room, ("Good morning", "早上好"), ("Later", "以后再说"))
    (room / "views.py").write_text('_("Good morning")\n_("Good night")\n')
    assert catalogues.update_room(room)
    text = (room / catalogues.PO).read_text()
    assert 'msgid "Good morning"\nmsgstr "早上好"' in text
    assert 'msgid "Good night"\nmsgstr ""' in text
    assert "Balance" not in text
    assert not catalogues.update_room(room), "a second update changes nothing"


def test_missing_fuzzy_unused_and_broken_messages_are_faults(room: Path) -> None:
    catalogues.update_room(room)
    assert ("Good morning", "not translated") in whats(room)
    fill(room, ("Good morning", "早上好"), ("%(n)s people wait", "有人在等"))
    path = room / catalogues.PO
    path.write_text(path.read_text().replace('msgid "Good morning"', '#, fuzzy\nmsgid "Good morning"'))
    (room / "views.py").write_text('_("Good morning")\n_("中文")\n')
    found = whats(room)
    assert ("Good morning", "fuzzy: read it again and remove the mark") in found
    assert ("Balance", "no longer used") in found
    assert ("中文", "the msgid must be English") in found
    assert ("Good evening", "not translated") in found


def test_a_placeholder_lost_in_translation_is_a_fault(room: Path) -> None:
    (room / "views.py").write_text('_("%(n)s persons")\n')
    catalogues.update_room(room)
    fill(room, ("%(n)s persons", "%(m)s人"))
    assert any(fault.msgid == "%(n)s persons" for fault in catalogues.check_room(room))


def test_one_message_translated_in_two_ways_is_a_fault(room: Path) -> None:
    other = room.parent / "parlour"
    other.mkdir()
    for folder, string in ((room, "早上好"), (other, "早安")):
        (folder / "__init__.py").touch()
        (folder / "views.py").write_text('_("Good morning")\n')
        catalogues.update_room(folder)
        fill(folder, ("Good morning", string))
    assert "translated otherwise in kitchen" in {fault.what for fault in catalogues.check_house(room.parent)}


def test_a_compiled_catalogue_is_what_gettext_reads_and_is_made_anew_only_when_needed(room: Path) -> None:
    catalogues.update_room(room)
    fill(room, ("Good morning", "早上好"))
    assert catalogues.compile_all(room.parent) == 1
    assert catalogues.compile_all(room.parent) == 0
    with (room / catalogues.PO).with_suffix(".mo").open("rb") as file:
        assert gettext.GNUTranslations(file).gettext("Good morning") == "早上好"
