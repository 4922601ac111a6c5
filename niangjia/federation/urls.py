"""The addresses of this room, under /desk/."""

from __future__ import annotations

from django.urls import path

from niangjia.federation.views import trail

urlpatterns = [
    path("audit/", trail.audit_trail, name="audit_trail"),
    path("audit/verify/", trail.verify_chain, name="audit_verify"),
]
