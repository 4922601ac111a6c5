"""This room's rights and audit actions."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from niangjia.federation.actions import AuditAction, register_actions
from niangjia.federation.rights import Right, register_rights

READ, RECORD, ADOPT = "visits.visit:read", "visits.visit:record", "visits.standard:adopt"
RUN, DRAW, ASSESS = "visits.campaign:run", "visits.sample:draw", "visits.sample:assess"


def register() -> None:
    """Offer them."""
    register_rights(
        Right(READ, _("See visits, re-checks and samples")),
        Right(RECORD, _("Record visits, papers, calls back and what was put right")),
        Right(ADOPT, _("Adopt the standard of files, papers and leaving")),
        Right(RUN, _("Start a re-check of all files")),
        Right(DRAW, _("Draw a sample for outsiders and name who sees it")),
        Right(ASSESS, _("Check the drawn files of a sample in one's hands")),
    )
    register_actions(
        AuditAction("visits.standard:adopt", _("adopted a standard of files")),
        AuditAction("visits.paper:hand_in", _("handed in a paper")),
        AuditAction("visits.visit:record", _("recorded a visit")),
        AuditAction("visits.visit:take_back", _("took back a visit that was recorded by mistake")),
        AuditAction("visits.paper:take_back", _("took back a paper that was handed in by mistake")),
        AuditAction("visits.departure:record", _("let a household leave the file upon a check")),
        AuditAction("visits.grade:decide", _("decided the grade of a file")),
        AuditAction("visits.follow_up:record", _("called a household back")),
        AuditAction("visits.follow_up:take_back", _("took back a call that was noted by mistake")),
        AuditAction("visits.campaign:start", _("started a re-check of all files")),
        AuditAction("visits.sample:fix", _("fixed the list of a sample")),
        AuditAction("visits.sample:draw", _("entered the seed of a sample")),
        AuditAction("visits.sample:name", _("named an assessor of a sample")),
        AuditAction("visits.sample:unname", _("ended an assessor's look into a sample")),
        AuditAction("visits.sample:hand_over", _("handed a sample to a provider")),
        AuditAction("visits.sample:take_from", _("took a sample from a provider")),
        AuditAction("visits.finding:look", _("read what an outside check found"), look=True),
        AuditAction("visits.finding:record", _("recorded what an outside check found")),
        AuditAction("visits.finding:rectify", _("put right what an outside check found")),
        AuditAction("visits.figure:enter", _("entered a reported figure")),
        AuditAction("visits.paper:look", _("looked at a paper of the file"), look=True),
        AuditAction("visits.visit:look", _("read the record of a visit"), look=True),
        AuditAction("visits.photo:look", _("looked at a photograph of a visit"), look=True),
        AuditAction("visits.place:look", _("looked at where a visit was recorded"), look=True),
        AuditAction("visits.form:take", _("took the survey form along on a device"), look=True),
        AuditAction("visits.sample:look", _("looked at the file as an outside assessor"), look=True),
        AuditAction("visits.address:look", _("looked at the address as an outside assessor"), look=True),
    )
