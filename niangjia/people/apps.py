from __future__ import annotations

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """People."""

    name = "niangjia.people"
    label = "people"

    def ready(self) -> None:
        """Register this room's rights, actions, record sets, facts, purposes and parts of a deletion."""
        from niangjia.people import (  # noqa: PLC0415  registration needs the app registry
            agents,
            appointing,
            desk,
            facts,
            holdings,
            lists,
            login,
            officer_persons,
            officers,
            page_parts,
            paperwork,
            permissions,
            purposes,
            turns,
            worklists,
        )
        from niangjia.people.bureaux import registration as bureaux  # noqa: PLC0415  as above
        from niangjia.people.merging import own_rules  # noqa: PLC0415  as above
        from niangjia.people.services import erasure, roster_leavers  # noqa: PLC0415  as above
        from niangjia.people.upper import registration as upper  # noqa: PLC0415  as above

        permissions.register()
        facts.register()
        login.register()
        agents.register()
        desk.register()
        lists.register()
        worklists.register()
        officers.register()
        officer_persons.register()
        appointing.register()
        turns.register()
        page_parts.register()
        own_rules.register()
        purposes.register()
        paperwork.register()
        holdings.register()
        erasure.register()
        roster_leavers.register()
        bureaux.register()
        upper.register()
