"""The addresses of this room, under /partner/."""

from __future__ import annotations

from django.urls import path

from niangjia.visits.views import assess, partner

urlpatterns = [
    path("", partner.home, name="partner_home"),
    path("files/<slug:row_id>/", assess.one, {"home": "partner_home"}, name="partner_file"),
    path("files/<slug:row_id>/address/", assess.address, {"home": "partner_home"}, name="partner_address"),
]
