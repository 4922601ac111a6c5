"""Who acts for providers, on the page of all roles."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from niangjia.people.agents import offer
from niangjia.providers import queries
from niangjia.providers.models import Provider
from niangjia.providers.permissions import READ


def register() -> None:
    """Offer them."""
    offer(Provider, "provider", READ, queries.principal, _("a provider"), _("Providers' people"))
