"""What is filled in to name an employer's agent."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from niangjia.federation.forms.rights import day_field


class AgentForm(forms.Form):
    """Who, by which telephone, until when and why."""

    name = forms.CharField(
        label=_("Name"), max_length=60, error_messages={"required": _("Please fill in the name.")}
    )  # fmt: skip
    phone = forms.CharField(
        label=_("Mobile number"),
        max_length=40,
        help_text=_("The agent logs in with a code sent to this number."),
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
        error_messages={"required": _("Please fill in the mobile number.")},
    )
    until = day_field(_("Last day"), _("At most three years; it can be given again."))
    reason = forms.CharField(
        label=_("Why"),
        max_length=200,
        help_text=_("Kept in the audit trail: the employer's letter, a change of staff."),
        error_messages={"required": _("Please say why.")},
    )
