from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from niangjia.site.backup import take
from niangjia.site.backup.refusals import BackupRefused


class Command(BaseCommand):
    """Backs the installation up into one sealed file, while it runs."""

    help = "Write database and files into one file, sealed with this installation's keys, and read it back."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Where to, and how many to keep there."""
        parser.add_argument("--to", type=Path, help="the folder for the archive (default: `backups` beside the data)")
        parser.add_argument("--keep", type=int, default=0, help="then remove all but the newest so many archives there")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it, and say plainly what is in it and what is not."""
        folder = options["to"] or Path(settings.HOME) / "backups"
        try:
            taken = take.take(folder)
        except BackupRefused as refused:
            raise CommandError(str(refused)) from None
        found, size = taken.contents, taken.path.stat().st_size
        self.stdout.write(
            f"已备份并读回核对 / Backed up, and read back: {taken.path}\n"
            f"  {'、'.join(found.roots)} · {found.rows:,} 行 rows · {len(found.files):,} 个文件 files · "
            f"{size / 1e6:,.1f} MB\n"
            "  里面是登记册、名单、判定、上传的材料和全部留痕，整份用本安装的密钥封存。\n"
            "  It holds the registry, lists, decisions, papers and the whole audit trail, sealed with the keys.\n"
            f"密钥不在备份里 / The keys are not in it: {settings.KEY_FILE}\n"
            "  没有这个文件，谁也打不开备份。另抄一份，与备份分开存放。\n"
            "  Without this file nobody can open the archive. Keep a copy of it, apart from the archives.\n"
            f"留痕链头，抄在别处 / Head of the audit trail, to be noted elsewhere: {found.head}"
        )
        for path in take.forget_old(folder, options["keep"]):
            self.stdout.write(f"已删去旧的 / Removed the old {path.name}")
        if taken.lost:
            raise CommandError(
                f"有{len(taken.lost)}个文件在登记里有、在磁盘上没有或已损坏，备份里也就没有：{taken.lost[0][:12]}…\n"
                f"{len(taken.lost)} files that the records name are missing or damaged on this machine, so they are "
                f"not in the archive either: {taken.lost[0][:12]}…"
            )
