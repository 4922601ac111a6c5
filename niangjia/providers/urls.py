"""The addresses of this room, under /desk/."""

from __future__ import annotations

from django.urls import path

from niangjia.providers.views import agents, contracts, providers

urlpatterns = [
    path("providers/", providers.provider_list, name="provider_list"),
    path("providers/new/", providers.provider_new, name="provider_new"),
    path("providers/contracts/<slug:contract>/end/", contracts.contract_end, name="contract_end"),
    path("providers/<slug:public_id>/", providers.provider_file, name="provider_file"),
    path("providers/<slug:public_id>/contracts/new/", contracts.contract_new, name="contract_new"),
    path("providers/<slug:public_id>/agents/new/", agents.agent_new, name="provider_agent_new"),
    path("providers/<slug:public_id>/agents/<int:grant>/take/", agents.agent_take, name="provider_agent_take"),
]
