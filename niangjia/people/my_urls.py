"""The addresses of this room under /my/."""

from __future__ import annotations

from django.urls import path

from niangjia.people.views import mine

urlpatterns = [
    path("me/data/", mine.data, name="my_data"),
    path("me/data/copy/", mine.copy, name="my_copy"),
    path("me/data/code/", mine.step_up, name="my_step_up"),
    path("me/consents/", mine.consent_list, name="my_consents"),
    path("me/consents/<slug:purpose>/", mine.consent, name="my_consent"),
    path("me/family/", mine.family, name="my_family"),
    path("me/family/<slug:mandate>/end/", mine.mandate_end, name="my_mandate_end"),
    path("me/requests/", mine.request_list, name="my_requests"),
    path("me/requests/correction/", mine.correction, name="my_correction"),
    path("me/requests/deletion/", mine.erasure, name="my_erasure"),
]
