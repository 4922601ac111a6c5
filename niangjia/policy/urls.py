"""The addresses of this room; the site places them under desk/."""

from __future__ import annotations

from django.urls import path

from niangjia.policy.views import decisions, programmes, trials, versions

urlpatterns = [
    path("programmes/", programmes.index, name="desk_programmes"),
    path("programmes/drafts/", programmes.drafts_page, name="desk_drafts"),
    path("programmes/requests/", programmes.requests_page, name="desk_requests"),
    path("programmes/recipes/", programmes.shelf_page, name="desk_recipes"),
    path("programmes/recipes/<str:folder>/", programmes.recipe, name="desk_recipe"),
    path("programmes/<str:version>/", versions.version, name="desk_version"),
    path("programmes/<str:version>/draft/", versions.draft, name="desk_version_draft"),
    path("programmes/<str:version>/trial/", trials.trial, name="desk_version_trial"),
    path("programmes/<str:version>/trial/people/", trials.people, name="desk_version_trial_people"),
    path("programmes/<str:version>/request/", versions.request_page, name="desk_version_request"),
    path("programmes/<str:version>/confirmation/", versions.confirmation, name="desk_version_confirmation"),
    path("programmes/<str:version>/document/", versions.document, name="desk_version_document"),
    path("programmes/<str:version>/folder/", versions.folder, name="desk_version_folder"),
    path("programmes/<str:version>/withdrawal/", versions.withdrawal, name="desk_version_withdrawal"),
    path("decisions/<str:decision>/", decisions.decision, name="desk_decision"),
    path("decisions/<str:decision>/replay/", decisions.replay, name="desk_decision_replay"),
]
