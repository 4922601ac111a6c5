from __future__ import annotations

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """People."""

    name = "niangjia.people"
    label = "people"

    def ready(self) -> None:
        """Register this room's rights, actions, record sets and facts."""
        from niangjia.people import desk, facts, login, permissions, turns  # noqa: PLC0415  registration needs the app registry
        from niangjia.people.bureaux import registration as bureaux  # noqa: PLC0415  as above
        from niangjia.people.upper import registration as upper  # noqa: PLC0415  as above

        permissions.register()
        facts.register()
        login.register()
        desk.register()
        turns.register()
        bureaux.register()
        upper.register()
