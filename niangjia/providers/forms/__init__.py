"""What officers fill in about providers and contracts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from niangjia.federation.forms.rights import chosen, day_field
from niangjia.people.forms.agents import AgentForm
from niangjia.providers.words import KINDS


class _OfUnionForm(forms.Form):
    """A form whose thing belongs to a union the officer acts for."""

    union = forms.ChoiceField(label=_("Union"), error_messages=chosen(_("Please choose the union.")))

    def __init__(self, *args: Any, unions: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        union: Any = self.fields["union"]
        union.choices = list(unions)


class ProviderForm(_OfUnionForm):
    """A provider as its licence says."""

    name = forms.CharField(
        label=_("Name of the provider"), max_length=120,
        error_messages={"required": _("Please fill in the name as it stands on the licence.")},
    )  # fmt: skip
    credit_code = forms.CharField(
        label=_("Unified social credit code"), max_length=40, help_text=_("18 places, as on the licence."),
        error_messages={"required": _("Please fill in the credit code.")},
    )  # fmt: skip
    kind = forms.ChoiceField(
        label=_("Kind"), choices=lambda: [("", ""), *KINDS.items()],
        error_messages=chosen(_("Please choose what kind of provider it is.")),
    )  # fmt: skip


class ContractForm(_OfUnionForm):
    """A contract as it was concluded."""

    union = forms.ChoiceField(
        label=_("Concluded by"), help_text=_("It reaches this union and all below it."),
        error_messages=chosen(_("Please choose the union.")),
    )  # fmt: skip
    document_number = forms.CharField(
        label=_("Number of the contract"), max_length=60,
        error_messages={"required": _("Please fill in the number of the contract.")},
    )  # fmt: skip
    valid_from = day_field(_("First day"))
    valid_to = day_field(_("Last day"), _("On it the provider's people still see what is in their hands."))


class ContractEndForm(forms.Form):
    """Why a contract ends before its last day."""

    reason = forms.CharField(
        label=_("Why"), max_length=200, help_text=_("Kept with the contract and in the audit trail."),
        error_messages={"required": _("Please say why.")},
    )  # fmt: skip


class ProvidersAgentForm(AgentForm):
    """Who acts for a provider."""

    until = day_field(_("Last day"), _("No later than the contract ends, and at most a year."))
    reason = forms.CharField(
        label=_("Why"), max_length=200,
        help_text=_("Kept in the audit trail: the provider's letter, a change of staff."),
        error_messages={"required": _("Please say why.")},
    )  # fmt: skip
