from __future__ import annotations

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """People."""

    name = "niangjia.people"
    label = "people"

    def ready(self) -> None:
        """Register this room's rights, actions, record sets, facts, purposes and parts of a deletion."""
        from niangjia.people import desk, facts, holdings, login, paperwork, permissions, purposes, turns  # noqa: PLC0415  registration needs the app registry
        from niangjia.people.services import erasure  # noqa: PLC0415

        permissions.register()
        facts.register()
        login.register()
        desk.register()
        turns.register()
        purposes.register()
        paperwork.register()
        holdings.register()
        erasure.register()
