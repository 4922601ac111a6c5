"""The audit chain from the command line: `audit head [--to FILE]`, `audit verify [--head …] [--heads FILE]`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from niangjia.federation import anchors
from niangjia.federation.services import audit

_WORDS = {
    "missing": "a link is missing",
    "edited": "a row was changed after it was sealed",
    "shorter": "the chain is shorter than the head that was noted",
    "rewritten": "the chain was computed anew: the digest is not the one that was noted",
}


class Command(BaseCommand):
    """Verify the audit chain, or note its head outside this machine."""

    help = "Verify the audit chain, or print its head (note it outside: only that shows a cut or rewritten chain)."

    def add_arguments(self, parser: CommandParser) -> None:
        """What to do, and the heads noted earlier."""
        parser.add_argument("what", choices=["verify", "head"])
        parser.add_argument("--to", type=Path, help="add the head to this file, a line with the time")
        parser.add_argument("--head", default="", help="a head noted earlier, PLACE:DIGEST")
        parser.add_argument("--heads", type=Path, help="a file of heads noted earlier: each is compared")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it; a chain that does not hold ends with status 1."""
        audit.seal_all()
        if options["what"] == "head":
            self.stdout.write(anchors.note_head(options["to"]) if options["to"] else audit.head_note())
            return
        noted = self._noted(options["head"], options["heads"])
        state = audit.verify_chain(*noted)
        if state.broken:
            place = state.broken.chain_no
            raise CommandError(
                f"The chain breaks at place {place}: {_WORDS[state.broken.what]}. {state.links} links before it hold."
            )
        said = (
            f" It fits the {len(noted)} heads noted earlier."
            if noted
            else " A cut or rewritten chain shows only against a head noted earlier (--head, --heads)."
        )
        self.stdout.write(f"{state.links} links hold, {state.unsealed} rows wait. Head {state.head_note}.{said}")

    def _noted(self, head: str, heads: Path | None) -> list[tuple[int, str]]:
        try:
            found = [audit.parse_head(head)] if head else []
            found += anchors.noted_heads(heads) if heads else []
        except ValueError:
            raise CommandError("--head wants a place and a digest as `audit head` prints them, 12:ab…") from None
        except OSError as error:
            raise CommandError(f"{heads}: {error.strerror}") from None
        except anchors.BadHeads as bad:
            raise CommandError(f"{heads}, line {bad.line}: not a head as `audit head --to` writes them.") from None
        if heads and not found:
            raise CommandError(f"{heads} holds no head: nothing was compared.")
        return found
