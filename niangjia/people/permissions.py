"""This room's rights and audit actions."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from niangjia.federation.actions import AuditAction, register_actions
from niangjia.federation.rights import Right, register_rights

USAGE = "people.usage:read"

ACTIONS = (
    AuditAction("people.registry:load", _("loaded rows of the registry in bulk")),
    AuditAction("people.person:register", _("registered a person")),
    AuditAction("people.person:move", _("moved a person to another union")),
    AuditAction("people.pair:tell_apart", _("said that two files are of two persons")),
    AuditAction("people.person:merge", _("made two files one")),
    AuditAction("people.person:absorb", _("took up this file into another")),
    AuditAction("people.person:part", _("parted two files that had been made one")),
    AuditAction("people.person:enter", _("logged in for the first time")),
    AuditAction("people.register:complete", _("recorded that a register was complete")),
    AuditAction("people.household:move", _("moved a household to another union")),
    AuditAction("people.household:register", _("registered a household")),
    AuditAction("people.household:join", _("added a member to a household")),
    AuditAction("people.household:leave", _("let a member leave a household")),
    AuditAction("people.household:head", _("changed the head of a household")),
    AuditAction("people.household:unite", _("made two households one")),
    AuditAction("people.household:undo", _("undid the last step in a household")),
    AuditAction("people.hardship:open", _("opened a file of difficulty")),
    AuditAction("people.hardship:close", _("closed a file of difficulty")),
    AuditAction("people.hardship:grade", _("changed the grade of a file of difficulty")),
    AuditAction("people.household:print", _("printed the whole file"), look=True),
    AuditAction("people.employer:register", _("registered an employer")),
    AuditAction("people.employer:registration", _("recorded who stands behind an employer")),
    AuditAction("people.employer:relate", _("decided whether two employers belong together")),
    AuditAction("people.employment:start", _("recorded the start of a job")),
    AuditAction("people.employment:end", _("recorded the end of a job")),
    AuditAction("people.roster:receive", _("handed in a roster")),
    AuditAction("people.roster:columns", _("said what the columns of a roster mean")),
    AuditAction("people.roster:approve", _("approved a roster for entry")),
    AuditAction("people.roster:drop", _("laid a roster aside")),
    AuditAction("people.roster:write", _("entered a row of a roster")),
    AuditAction("people.roster:finish", _("entered a roster")),
    AuditAction("people.roster:export", _("took the refused rows of a roster")),
    AuditAction("people.roster:foresee", _("asked what taking a roster back would do")),
    AuditAction("people.roster:undo", _("took back what a roster had entered")),
    AuditAction("people.roster:elsewhere", _("learned from a table that this person is registered"), look=True),
    AuditAction("people.roster:withhold", _("named more people registered elsewhere than are told in a day")),
    AuditAction("people.roster:unwrite", _("took back a row of a roster")),
    AuditAction("people.officer:say", _("said which file of the register an officer is")),
    AuditAction("people.officer:unsay", _("took back which file of the register an officer is")),
    AuditAction("people.fact:record", _("recorded a fact")),
    AuditAction("people.fact:withdraw", _("withdrew a fact that was recorded by mistake")),
    AuditAction("people.fact:state", _("stated a fact")),
    AuditAction("people.fact:confirm", _("confirmed a stated fact")),
    AuditAction("people.fact:return", _("returned a stated fact")),
    AuditAction("people.consent:give", _("gave consent")),
    AuditAction("people.consent:withdraw", _("took consent back")),
    AuditAction("people.mandate:give", _("let somebody of the family act for the person")),
    AuditAction("people.mandate:end", _("ended a family mandate")),
    AuditAction("people.own:export", _("took a copy of everything that is kept of the person"), look=True),
    AuditAction("people.own:print", _("printed the copy of everything for the person"), look=True),
    AuditAction("people.request:ask", _("asked for a correction or deletion")),
    AuditAction("people.request:answer", _("answered a correction or deletion")),
    AuditAction("people.person:correct", _("put an entry of the register right")),
    AuditAction("people.household:correct", _("put the entries of a household right")),
    AuditAction("people.employer:correct", _("put the entries of an employer right")),
    AuditAction("people.employment:correct", _("put a job right")),
    AuditAction("people.employment:remove", _("took out a job that was entered by mistake")),
    AuditAction("people.membership:join", _("recorded that a person joined the union")),
    AuditAction("people.membership:correct", _("put a membership right, or recorded its end")),
    AuditAction("people.membership:remove", _("took out a membership that was entered by mistake")),
    AuditAction("people.person:erase", _("deleted what was kept of a person")),
    AuditAction("people.identity:look", _("looked at an identity or telephone number"), look=True),
    AuditAction("people.identity:export", _("took a list with the full number or address"), look=True),
    AuditAction("people.evidence:look", _("looked at a photograph or paper"), look=True),
    AuditAction("people.statement:look", _("read what was stated"), look=True),
    AuditAction("people.request:look", _("read a request about what is kept"), look=True),
    AuditAction("people.file:look", _("opened the file"), look=True),
)


def register() -> None:
    """Offer them."""
    register_rights(
        Right("people.registry:read", _("See the files of households and persons")),
        Right("people.registry:write", _("Register persons, households and employers")),
        Right("people.registry:export", _("Take lists of the registry out of the desk")),
        Right("people.identity:export", _("Take lists with full numbers and addresses out, with a second person")),
        Right("people.registry:move", _("Move persons and households to another union")),
        Right("people.registry:merge", _("Make two files of one person one file, and part them again")),
        Right("people.fact:verify", _("Verify what people state against the paper")),
        Right(USAGE, _("See how many use the platform, level by level")),
        Right("people.own:state", _("State facts about oneself and one's household")),
        Right("people.own:print", _("Print the copy of everything for a person at the window")),
        Right("people.erasure:propose", _("Propose the deletion somebody asked for")),
        Right("people.erasure:confirm", _("Confirm the deletion somebody asked for")),
    )
    register_actions(*ACTIONS)
