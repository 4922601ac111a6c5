from __future__ import annotations

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """People."""

    name = "niangjia.people"
    label = "people"

    def ready(self) -> None:
        """Register this room's rights, actions, record sets and facts."""
        from niangjia.people import desk, facts, lists, login, page_parts, permissions, turns  # noqa: PLC0415  registration needs the app registry
        from niangjia.people.merging import own_rules  # noqa: PLC0415  as above

        permissions.register()
        facts.register()
        login.register()
        desk.register()
        lists.register()
        turns.register()
        page_parts.register()
        own_rules.register()
