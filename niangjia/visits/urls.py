"""The addresses of this room, under /desk/."""

from __future__ import annotations

from django.urls import path

from niangjia.visits.views import assess, away, campaigns, figures, papers, samples, standards, surveys, taking_back

urlpatterns = [
    path("visits/", figures.index, name="visits_index"),
    path("visits/no-work/", figures.no_work, name="no_work"),
    path("visits/unchecked/", figures.left_unchecked, name="left_unchecked"),
    path("visits/figures/", figures.reported, name="reported_figures"),
    path("visits/away/", away.page, name="visits_away"),
    path("visits/away/worker.js", away.worker, name="visits_away_worker"),
    path("visits/away/ready/", away.ready, name="visits_away_ready"),
    path("visits/away/choose/", away.choose, name="visits_away_choose"),
    path("visits/away/take/", away.take, name="visits_away_take"),
    path("visits/away/send/", away.send, name="visits_away_send"),
    path("visits/calls/<slug:call_id>/", surveys.call_record, name="call_record"),
    path("visits/calls/<slug:call_id>/take-back/", surveys.call_take_back, name="call_take_back"),
    path("visits/standards/", standards.index, name="standards"),
    path("visits/standards/new/", standards.new, name="standard_new"),
    path("visits/campaigns/new/", campaigns.new, name="campaign_new"),
    path("visits/campaigns/<slug:campaign_id>/", campaigns.one, name="campaign_file"),
    path("visits/campaigns/<slug:campaign_id>/files/", campaigns.files, name="campaign_files"),
    path("visits/samples/new/", samples.new, name="sample_new"),
    path("visits/samples/<slug:sample_id>/", samples.one, name="sample_file"),
    path("visits/samples/<slug:sample_id>/files/", samples.drawn, name="sample_rows"),
    path("visits/samples/<slug:sample_id>/seed/", samples.seed, name="sample_seed"),
    path("visits/samples/<slug:sample_id>/assessors/", samples.assessor, name="sample_assessor"),
    path("visits/samples/<slug:sample_id>/assessors/end/", samples.assessor_end, name="sample_assessor_end"),
    path("visits/samples/<slug:sample_id>/handovers/", samples.handover, name="sample_handover"),
    path("visits/samples/<slug:sample_id>/handovers/end/", samples.handover_end, name="sample_handover_end"),
    path("visits/samples/<slug:sample_id>/strata/<int:stratum>/", samples.stratum_draw, name="sample_stratum"),
    path("visits/findings/<slug:row_id>/", samples.rectify_finding, name="finding_rectify"),
    path("visits/<slug:visit_id>/take-back/", taking_back.visit_take_back, name="visit_take_back"),
    path("visits/<slug:visit_id>/", surveys.visit_file, name="visit_file"),
    path("visits/<slug:visit_id>/place/", surveys.place, name="visit_place"),
    path("visits/photos/<slug:photo_id>/", surveys.photo, name="visit_photo"),
    path("papers/<slug:paper_id>/", papers.paper_open, name="paper_open"),
    path("papers/<slug:paper_id>/take-back/", taking_back.paper_take_back, name="paper_take_back"),
    path("households/<slug:public_id>/papers/new/", papers.paper_new, name="paper_new"),
    path("households/<slug:public_id>/visits/new/", surveys.visit_new, name="visit_new"),
    path("households/<slug:public_id>/visits/form/", surveys.form_print, name="visit_form"),
    path("households/<slug:public_id>/grade/", surveys.grade, name="grade_decide"),
    path("assess/", assess.index, name="assess_index"),
    path("assess/<slug:row_id>/", assess.one, name="assess_file"),
    path("assess/<slug:row_id>/address/", assess.address, name="assess_address"),
]
