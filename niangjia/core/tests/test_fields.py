from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.exceptions import FieldError
from django.db import connection, models
from django.test.utils import isolate_apps

from niangjia.core import crypto
from niangjia.core.fields import SealedTextField


@pytest.fixture
def note(transactional_db: None) -> Iterator[Any]:
    """A throw-away model with a sealed text."""
    with isolate_apps("niangjia.core"):

        class SealedNote(models.Model):
            text = SealedTextField(blank=True, default="", null=True)
            other = SealedTextField(blank=True, default="")

            class Meta:
                app_label = "core"

        with connection.schema_editor() as editor:
            editor.create_model(SealedNote)
        yield SealedNote
        with connection.schema_editor() as editor:
            editor.delete_model(SealedNote)


def raw(model: Any, column: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM {model._meta.db_table}")
        return cursor.fetchone()[0]


def test_a_sealed_text_stands_in_the_database_unreadable_and_comes_back_readable(note: Any) -> None:
    note.objects.create(text="330000199001010011")
    assert "3300" not in raw(note, "text")
    assert note.objects.get().text == "330000199001010011"


def test_empty_and_null_stay_what_they_are(note: Any) -> None:
    note.objects.create(text=None, other="")
    assert raw(note, "text") is None
    assert raw(note, "other") == ""
    assert note.objects.get().text is None
    assert note.objects.filter(other="", text__isnull=True).exists()


def test_bulk_writes_and_updates_seal_too(note: Any) -> None:
    note.objects.bulk_create([note(text="one")])
    assert "one" not in raw(note, "text")
    note.objects.update(text="two")
    assert "two" not in raw(note, "text")
    assert note.objects.get().text == "two"


def test_a_value_moved_to_another_column_does_not_open(note: Any) -> None:
    note.objects.create(text="secret")
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {note._meta.db_table} SET other = text")
    with pytest.raises(crypto.Unreadable):
        list(note.objects.all())


@pytest.mark.parametrize("lookup", ["exact", "contains", "startswith", "in", "iexact", "gt"])
def test_searching_a_sealed_column_is_an_error_and_not_an_empty_answer(note: Any, lookup: str) -> None:
    with pytest.raises(FieldError):
        list(note.objects.filter(**{f"text__{lookup}": ["x"] if lookup == "in" else "x"}))
