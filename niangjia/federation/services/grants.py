"""Giving roles, taking them back, and naming a deputy for the time of one's leave."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from niangjia.accounts.models import User
from niangjia.core import clock
from niangjia.core.errors import NotFoundHere, Refusal, RightMissing
from niangjia.federation.models import Grant, Union, UnionClosure
from niangjia.federation.rights import Role, roles
from niangjia.federation.scopes import active_grants, require, rights_in
from niangjia.federation.services import audit

GIVE = "federation.grant:give"
# Of these the rights are about somebody's own data: whoever gives them need not hold them.
OWN_DATA = frozenset({"employer", "self"})
SELF_GRANT_YEARS = 10
LONGEST_LEAVE_DAYS = 60


class ScopeDoesNotFit(Refusal):
    """A worker's role is for oneself, an agent's for an employer or a provider, an officer's for a union."""

    sentence = _(
        "This role cannot be given for that: a worker's is for the person, an agent's for the employer or "
        "the provider, an officer's for a union. Nothing was changed."
    )


class NothingForAProgramme(Refusal):
    """Who audits or confirms does so for all programmes."""

    sentence = _("This role cannot be narrowed to one programme. Nothing was changed. Choose another role.")


class RolesApart(Refusal):
    """Two roles that one person may not hold together."""

    sentence = _("These two roles must be held by two different people. Nothing was changed.")


class TooLong(Refusal):
    """Over the longest time of a role, or over already."""


class OwnRole(Refusal):
    """Neither given to oneself nor taken from oneself."""

    sentence = _("This is your own role: somebody else must give it or take it back. Nothing was changed.")


class NotAColleague(Refusal):
    """A deputy works in the same union, above it or below it."""

    sentence = _(
        "This account holds no role in your union. Only a colleague can stand in for you. Nothing was changed."
    )


class NotToPassOn(Refusal):
    """A deputy does not name a deputy."""

    sentence = _(
        "This role is yours only while you stand in for somebody; it cannot be passed on. Nothing was changed."
    )


@transaction.atomic
def grant_role(
    *,
    user: User,
    role: str,
    union: Union | None = None,
    programme: str = "",
    employer_id: int | None = None,
    provider_id: int | None = None,
    person_id: int | None = None,
    expires_at: datetime,
    acting_user: User | None,
    owner_union_id: int | None = None,
    reason: str = "",
) -> Grant:
    """Give a role within one scope until it expires; one can only give rights one holds there.

    With a programme (its code) the role over the union is narrowed to that one.

    For the scope of an employer, a provider or a person, `owner_union_id` is the union that owns it: the giver
    must give roles there. Of an employer and a person the rights are about their own data, so he need not hold
    them; of a provider they are about what a union put into its hands, so he must. With no acting user it is a
    system act: seeding, or the self-grant of a person logging in.
    """
    chosen = roles.get(role)
    over = {"union": union, "employer": employer_id, "provider": provider_id, "self": person_id}
    kinds = [kind for kind, whose in over.items() if whose is not None]
    if kinds != [chosen.scope_kind] or (programme and not union):
        raise ScopeDoesNotFit
    grant = Grant(
        user=user, role=role, scope_kind="programme" if programme else kinds[0], union=union, programme=programme,
        scope_id=employer_id or provider_id or person_id, valid_from=clock.now(), expires_at=expires_at,
        granted_by=acting_user,
    )  # fmt: skip
    if programme and not chosen.by_programme:
        raise NothingForAProgramme(field="programme")
    if acting_user is not None:
        _may_give(acting_user, grant, union.pk if union else owner_union_id)
        if user.pk == acting_user.pk:
            raise OwnRole
        _refuse_too_long(chosen, expires_at)
    return _give(grant, "federation.grant:give", reason, owner_union_id)


@transaction.atomic
def name_deputy(*, grant_id: int, username: str, first: date, last: date, acting_user: User) -> Grant:
    """Let a colleague hold one of one's own roles from the first to the last day of a leave; one keeps it too."""
    own = active_grants(acting_user).filter(pk=grant_id, scope_kind="union").select_related("union").first()
    if own is None or own.union is None:
        raise NotFoundHere
    if own.stands_in_for_id is not None:
        raise NotToPassOn
    deputy = User.objects.filter(username=username.strip(), is_active=True).first()
    if deputy is not None and deputy.pk == acting_user.pk:
        raise OwnRole(field="username")
    if last < first or first < clock.today():
        raise TooLong(_("The leave begins today or later and ends after it begins. Nothing was changed."), field="last")
    begins, ends = max(_midnight(first), clock.now()), _midnight(last + timedelta(days=1))
    if (last - first).days >= LONGEST_LEAVE_DAYS or ends > own.expires_at:
        sentence = _("A deputy stands in for at most %(days)s days, and no longer than you hold the role yourself.")
        raise TooLong(sentence % {"days": LONGEST_LEAVE_DAYS}, field="last")
    if deputy is None or not _is_colleague(deputy, own.union):
        raise NotAColleague(field="username")
    return _give(
        Grant(
            user=deputy, role=own.role, scope_kind="union", union=own.union, valid_from=begins, expires_at=ends,
            granted_by=acting_user, stands_in_for=acting_user,
        ),
        "federation.grant:deputise", "",
    )  # fmt: skip


def _give(grant: Grant, action: str, reason: str, owner_union_id: int | None = None) -> Grant:
    # Locked, so that two roles that exclude each other are not given in two windows at once.
    User.objects.select_for_update().get(pk=grant.user_id)
    _refuse_past_the_union(grant)
    chosen = roles.get(grant.role)
    overlapping = Grant.objects.filter(
        user_id=grant.user_id, revoked_at__isnull=True, expires_at__gt=grant.valid_from, valid_from__lt=grant.expires_at
    )
    apart = {roles.get(held.role).apart for held in overlapping} - {""}
    if chosen.apart and apart and apart != {chosen.apart}:
        raise RolesApart
    grant.save()
    after = {"role": grant.role, "scope": grant.scope_kind, "from": grant.valid_from, "until": grant.expires_at}
    if grant.programme:
        after["programme"] = grant.programme
    if grant.stands_in_for_id:
        after["for"] = grant.stands_in_for_id
    audit.record(
        action, acting_user=grant.granted_by, object_kind="user", object_id=grant.user_id,
        union_id=grant.union_id or owner_union_id,
        after=after, reason=reason,
    )  # fmt: skip
    return grant


def _refuse_past_the_union(grant: Grant) -> None:
    if grant.union_id is None:
        return
    # Locked, so that no role is given past a merger that is confirmed at the same moment.
    ends = Union.objects.select_for_update(no_key=True).get(pk=grant.union_id).ended_on
    if ends is not None and grant.expires_at > _midnight(ends):
        raise TooLong(_("This union ends before that day. Choose an earlier day. Nothing was changed."), field="until")


def _may_give(acting_user: User, grant: Grant, union_id: int | None) -> None:
    if union_id is None:
        raise RightMissing(GIVE)
    # What somebody holds for the time of another's leave is work to be done, not power to be passed on.
    require(acting_user, GIVE, union_id, as_deputy=False)
    if grant.scope_kind not in OWN_DATA:
        for right in rights_in(grant):
            require(acting_user, right, union_id, as_deputy=False)


def _refuse_too_long(role: Role, expires_at: datetime) -> None:
    if expires_at <= clock.now():
        raise TooLong(_("The role would end before it begins. Choose a later day. Nothing was changed."), field="until")
    if expires_at > clock.now() + timedelta(days=role.most_days + 1):
        sentence = _("This role is given for at most %(days)s days at a time. Choose an earlier day.")
        raise TooLong(sentence % {"days": role.most_days}, field="until")


def _is_colleague(user: User, union: Union) -> bool:
    theirs = active_grants(user).filter(scope_kind="union", stands_in_for__isnull=True).values("union_id")
    lines = UnionClosure.objects.filter(ancestor=union, descendant_id__in=theirs) | UnionClosure.objects.filter(
        descendant=union, ancestor_id__in=theirs
    )
    return lines.exists()


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=clock.LOCAL)


def end_of(day: date) -> datetime:
    """The moment after the last one of a day: until when a role given to that day counts."""
    return _midnight(day + timedelta(days=1))


def ten_years_from_now() -> datetime:
    """The expiry of a person's right to his own data: long, but not for ever."""
    return clock.now() + timedelta(days=365 * SELF_GRANT_YEARS)


@transaction.atomic
def revoke_grant(*, grant: Grant, acting_user: User, reason: str, owner_union_id: int | None = None) -> None:
    """Take a role back at once: rights are read from the database at each request.

    Who may give a role may take it; whoever is away may send his deputy home. Deputies go with the role.
    For the scope of an employer, a provider or a person, `owner_union_id` is the union that owns it.
    """
    union_id = grant.union_id or owner_union_id
    if grant.stands_in_for_id != acting_user.pk:
        _may_give(acting_user, grant, union_id)
        if grant.user_id == acting_user.pk:
            raise OwnRole
    _revoke(grant, acting_user, reason, union_id)
    again = Grant.objects.filter(
        user_id=grant.user_id, role=grant.role, union_id=grant.union_id, scope_kind=grant.scope_kind,
        programme=grant.programme, stands_in_for__isnull=True, revoked_at__isnull=True, expires_at__gt=clock.now(),
    )  # fmt: skip
    if grant.scope_kind == "union" and grant.stands_in_for_id is None and not again.exists():
        for deputy in Grant.objects.filter(
            stands_in_for_id=grant.user_id, role=grant.role, union_id=grant.union_id, expires_at__gt=clock.now()
        ).order_by("pk"):
            _revoke(deputy, acting_user, reason, union_id)


@transaction.atomic
def end_grants(*, grants: Iterable[Grant], acting_user: User, reason: str, owner_union_id: int) -> None:
    """Take roles back whose ground is gone: the contract they were given under ended.

    The caller has checked the right to end the ground, so that whoever may do that need not give roles too.
    """
    for grant in grants:
        _revoke(grant, acting_user, reason, owner_union_id)


def _revoke(grant: Grant, acting_user: User, reason: str, union_id: int | None) -> None:
    if not Grant.objects.filter(pk=grant.pk, revoked_at__isnull=True).update(revoked_at=clock.now()):
        return  # taken back already: nothing happened twice
    audit.record(
        "federation.grant:revoke",
        acting_user=acting_user,
        object_kind="user",
        object_id=grant.user_id,
        union_id=union_id,
        before={"role": grant.role},
        reason=reason,
    )
