from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from niangjia.site.backup import archive, take
from niangjia.site.backup.refusals import BackupRefused
from niangjia.site.backup.restore import bring_keys, restore, what_stands_here


class Command(BaseCommand):
    """Restores an archive into this installation, or only checks it."""

    help = "Read an archive whole, then put it into this installation's place: all of it or nothing."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Which, and over what."""
        parser.add_argument("archive", type=Path)
        parser.add_argument("--keys", type=Path, help="the keys.json of the installation the archive came from")
        parser.add_argument("--replace", default="", help="the name of the federation whose data may be replaced")
        parser.add_argument("--only-check", action="store_true", help="read and compare everything, restore nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it, or say in a sentence why nothing was done."""
        path: Path = options["archive"]
        if not path.is_file():
            raise CommandError(f"没有这个文件：{path}\nThere is no such file: {path}")
        try:
            if options["only_check"] and options["keys"]:
                settings.KEY_FILE = str(options["keys"])  # for this look only; nothing is put anywhere
            bring_keys(options["keys"])
            if options["only_check"]:
                found = archive.check(path)
                done = "备份完好，没有恢复任何东西 / The archive is whole; nothing was restored"
            else:
                self._keep_what_stands(path, options["replace"])
                found = restore(path, replace=options["replace"])
                done = "已恢复并核对 / Restored, and compared"
        except BackupRefused as refused:
            raise CommandError(str(refused)) from None
        self.stdout.write(
            f"{done}: {path}\n"
            f"  {'、'.join(found.roots)} · {found.taken_at} · {found.rows:,} 行 rows · "
            f"{len(found.files):,} 个文件 files\n"
            f"  留痕链头 / Head of the audit trail: {found.head}"
        )

    def _keep_what_stands(self, path: Path, replace: str) -> None:
        if replace and replace == what_stands_here():
            archive.check(path)  # a damaged archive costs nobody a second one
            kept = take.take(Path(settings.HOME) / "backups").path
            self.stdout.write(f"现有的已先备份 / What stood here was backed up first: {kept}")
