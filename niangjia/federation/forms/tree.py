"""What is filled in to propose a change of the tree, and to answer it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from niangjia.federation.forms.rights import chosen, day_field
from niangjia.federation.treepage import HIERARCHIES, KINDS, LEVELS

Choices = Iterable[tuple[str, Any]]


class DayForm(forms.Form):
    """Which day's tree, and which of the two."""

    on = day_field(_("On"))
    hierarchy = forms.ChoiceField(label=_("Tree"), choices=list(HIERARCHIES.items()))


class _ChangeForm(forms.Form):
    """What every change has: from which day, on which document."""

    on = day_field(_("From"), _("At most 31 days back, at most a year ahead."))
    document = forms.CharField(
        label=_("Number of the document"),
        max_length=60,
        error_messages={"required": _("Please fill in the number of the document.")},
    )


class MoveForm(_ChangeForm):
    """Another place, in one of the two trees."""

    target = forms.ChoiceField(label=_("Moves under"), error_messages=chosen(_("Please choose the union.")))
    hierarchy = forms.ChoiceField(label=_("Tree"), choices=list(HIERARCHIES.items()))
    field_order = ("target", "hierarchy", "on", "document")

    def __init__(self, *args: Any, unions: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        target: Any = self.fields["target"]
        target.choices = [("", ""), *unions]


class MergeForm(_ChangeForm):
    """What it becomes part of."""

    target = forms.ChoiceField(label=_("Becomes part of"), error_messages=chosen(_("Please choose the union.")))
    field_order = ("target", "on", "document")

    def __init__(self, *args: Any, unions: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        target: Any = self.fields["target"]
        target.choices = [("", ""), *unions]


class FoundForm(_ChangeForm):
    """A new union."""

    name = forms.CharField(
        label=_("Name of the new union"), max_length=120, error_messages={"required": _("Please fill in the name.")}
    )
    code = forms.CharField(
        label=_("Code of the union"),
        max_length=40,
        error_messages={"required": _("Please fill in the code of the new union.")},
    )
    level = forms.ChoiceField(label=_("Level"), choices=list(LEVELS.items()))
    kind = forms.ChoiceField(label=_("What kind of union"), choices=list(KINDS.items()))
    field_order = ("name", "code", "level", "kind", "on", "document")


class SplitForm(FoundForm):
    """A new union beside, and what goes to it."""

    children = forms.MultipleChoiceField(
        label=_("Goes to the new union"),
        widget=forms.CheckboxSelectMultiple,
        error_messages=chosen(_("Choose the units below this one that go to the new union. Nothing was changed.")),
    )
    field_order = ("name", "code", "level", "kind", "children", "on", "document")

    def __init__(self, *args: Any, children: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["children"]
        field.choices = list(children)


class ChangeAnswerForm(forms.Form):
    """As in the document, or back with a sentence."""

    answer = forms.ChoiceField(
        choices=[("confirmed", ""), ("returned", "")],
        error_messages=chosen(
            _("Please choose one of the two answers: as in the document, or send it back. Nothing was changed.")
        ),
    )
    note = forms.CharField(label=_("What is different"), max_length=300, required=False)
