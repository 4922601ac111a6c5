"""What stops a backup or a restore, each a sentence for whoever stands at the terminal, in Chinese and English."""

from __future__ import annotations


class BackupRefused(Exception):
    """Nothing was changed: what happened, and what to do."""

    def __init__(self, zh: str, en: str) -> None:
        self.zh, self.en = zh, en
        super().__init__(f"{zh}\n{en}")


class ArchiveDamaged(BackupRefused):
    """The archive is not what was written."""

    def __init__(self) -> None:
        super().__init__(
            "备份文件不完整或被改动过，没有使用；数据没有动。请换一份备份文件。",
            "The archive is incomplete or was changed; it was not used, and no data was touched. Use another archive.",
        )


class SealedWithOtherKeys(BackupRefused):
    """The keys here are not those of the installation that was backed up."""

    def __init__(self, key_file: str) -> None:
        super().__init__(
            f"这份备份是用另一套密钥封存的，{key_file} 打不开它；数据没有动。请放上原安装的 keys.json。",
            f"This archive was sealed with other keys than those in {key_file}; no data was touched. "
            "Put the keys.json of the installation it came from there.",
        )
