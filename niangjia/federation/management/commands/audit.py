"""The audit chain from the command line: `audit verify [--head PLACE:DIGEST]`, `audit head`."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from niangjia.federation.services import audit

_WORDS = {
    "missing": "a link is missing",
    "edited": "a row was changed after it was sealed",
    "shorter": "the chain is shorter than the head that was noted",
    "rewritten": "the chain was computed anew: the digest is not the one that was noted",
}


class Command(BaseCommand):
    """Verify the audit chain, or print its head so that it can be noted outside this machine."""

    help = "Verify the audit chain, or print its head (note it outside: only that shows a cut or rewritten chain)."

    def add_arguments(self, parser: CommandParser) -> None:
        """What to do, and the head noted earlier."""
        parser.add_argument("what", choices=["verify", "head"])
        parser.add_argument("--head", default="", help="a head noted earlier, PLACE:DIGEST")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it; a chain that does not hold ends with status 1."""
        audit.advance_feed()
        if options["what"] == "head":
            self.stdout.write(audit.head_note())
            return
        try:
            anchor = audit.parse_head(options["head"]) if options["head"] else None
        except ValueError:
            raise CommandError("--head wants a place and a digest as `audit head` prints them, 12:ab…") from None
        state = audit.verify_chain(anchor)
        if state.broken:
            place = state.broken.chain_no
            raise CommandError(
                f"The chain breaks at place {place}: {_WORDS[state.broken.what]}. {state.links} links before it hold."
            )
        noted = "" if anchor else " A cut or rewritten chain shows only against a head noted earlier (--head)."
        self.stdout.write(f"{state.links} links hold, {state.unsealed} rows wait. Head {state.head_note}.{noted}")
