"""What people fill in about programmes."""

from __future__ import annotations

from niangjia.policy.forms.draft import DraftForm
from niangjia.policy.forms.others import ConfirmationForm, MovedForm, RecipeForm, WithdrawalForm
from niangjia.policy.forms.refuse import refuse

__all__ = ["ConfirmationForm", "DraftForm", "MovedForm", "RecipeForm", "WithdrawalForm", "refuse"]
