"""The addresses of this room, under /desk/."""

from __future__ import annotations

from django.urls import path

from niangjia.people.views import employers, facts, households, papers, persons, requests, rosters, verify

urlpatterns = [
    path("search/", persons.search, name="desk_search"),
    path("verify/", verify.verify_queue, name="verify_queue"),
    path("verify/<slug:public_id>/", verify.verify_statement_page, name="verify_statement"),
    path("evidence/<slug:file_id>/", verify.evidence, name="evidence"),
    path("households/", households.household_list, name="household_list"),
    path("households/new/", households.household_new, name="household_new"),
    path("households/<slug:public_id>/", households.household_file, name="household_file"),
    path("households/<slug:public_id>/members/new/", households.member_new, name="member_new"),
    path("households/<slug:public_id>/hardship/", households.hardship_open, name="hardship_open"),
    path("households/<slug:public_id>/hardship/exit/", households.hardship_close, name="hardship_close"),
    path("persons/new/", persons.person_new, name="person_new"),
    path("persons/<slug:public_id>/", persons.person_file, name="person_file"),
    path("persons/<slug:public_id>/numbers/", persons.reveal, name="person_reveal"),
    path("persons/<slug:public_id>/jobs/new/", persons.job_new, name="job_new"),
    path("persons/<slug:public_id>/jobs/<int:spell>/end/", persons.job_end, name="job_end"),
    path("persons/<slug:public_id>/move/", persons.person_move, name="person_move"),
    path("persons/<slug:public_id>/consents/", requests.person_consents, name="person_consents"),
    path("persons/<slug:public_id>/mandates/", requests.person_mandate, name="person_mandate"),
    path("persons/<slug:public_id>/consents/paper/", papers.consent_paper, name="consent_paper"),
    path("papers/", papers.paper_list, name="papers"),
    path("papers/<slug:photo>/", papers.paper_file, name="paper_file"),
    path("papers/<slug:photo>/picture/", papers.paper_picture, name="paper_picture"),
    path("requests/", requests.desk_requests, name="desk_requests"),
    path("requests/<slug:own_request>/", requests.desk_request, name="desk_request"),
    path("requests/<slug:own_request>/paper/", requests.request_paper, name="request_paper"),
    path("requests/<slug:own_request>/deletion/", requests.desk_erasure, name="desk_erasure"),
    path("employers/new/", employers.employer_new, name="employer_new"),
    path("employers/<slug:public_id>/", employers.employer_file, name="employer_file"),
    path("registers/new/", employers.register_complete, name="register_complete"),
    path("rosters/", rosters.roster_list, name="roster_list"),
    path("rosters/new/", rosters.roster_new, name="roster_new"),
    path("rosters/blank/<slug:roster_kind>/", rosters.roster_blank, name="roster_blank"),
    path("rosters/<slug:public_id>/", rosters.roster_file, name="roster_file"),
    path("rosters/<slug:public_id>/columns/", rosters.roster_columns, name="roster_columns"),
    path("rosters/<slug:public_id>/approve/", rosters.roster_approve, name="roster_approve"),
    path("rosters/<slug:public_id>/drop/", rosters.roster_drop, name="roster_drop"),
    path("rosters/<slug:public_id>/refused/", rosters.roster_refused, name="roster_refused"),
    path("rosters/<slug:public_id>/undo/", rosters.roster_undo, name="roster_undo"),
    path("facts/<slug:kind>/<slug:public_id>/", facts.fact_list, name="fact_list"),
    path("facts/<slug:kind>/<slug:public_id>/<slug:code>/", facts.fact_new, name="fact_new"),
]
