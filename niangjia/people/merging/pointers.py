"""What points at a person, found from the models: foreign keys, and ids without one that stand beside a kind."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.apps import apps
from django.db import models

from niangjia.people.models import Person

# Columns with an id but no foreign key that never name a person, in every room alike.
_OF_OTHERS = {"union_id", "household_id", "employer_id"}
_NUMBERS = (models.IntegerField, models.BigIntegerField, models.PositiveBigIntegerField)


@dataclass(frozen=True)
class Pointer:
    """One column that points, or may point, at a person."""

    label: str
    column: str
    kind_column: str = ""

    @property
    def code(self) -> str:
        """Its name, by which its rule is registered."""
        return f"{self.label}.{self.column}"


def pointers(found: Iterable[type[models.Model]] | None = None) -> list[Pointer]:
    """Every pointer of these models, or of all models of the house."""
    mine = [model for model in apps.get_models(include_auto_created=True) if _is_ours(model)]
    return [pointer for model in (mine if found is None else found) for pointer in _of(model)]


def _is_ours(model: type[models.Model]) -> bool:
    return model.__module__.startswith("niangjia.")


def _of(model: type[models.Model]) -> Iterable[Pointer]:
    names = {field.attname for field in model._meta.concrete_fields}
    for field in model._meta.concrete_fields:
        if isinstance(field, models.ForeignKey):
            if field.related_model is Person:
                yield Pointer(model._meta.label_lower, field.attname)
        elif isinstance(field, _NUMBERS) and field.attname.endswith("_id") and field.attname not in _OF_OTHERS:
            kind = f"{field.attname.removesuffix('_id')}_kind"
            yield Pointer(model._meta.label_lower, field.attname, kind if kind in names else "")
