from __future__ import annotations

from django import forms

from niangjia.core.errors import Refusal


def refuse(form: forms.Form, refusal: Refusal) -> None:
    """Put a refusal's sentence beside its field, or above the form."""
    field = refusal.field if refusal.field in form.fields else None
    form.add_error(field, str(refusal.sentence))
