"""How much a table is told about people registered elsewhere: so many of them a day and officer, then no more.

Whoever may enter people could otherwise ask number by number who is a member anywhere, and enter nobody.
"""

from __future__ import annotations

from dataclasses import dataclass, field

MOST_TOLD_A_DAY = 200  # a setting of this room: more than the strays in an honest table, few for somebody who asks


@dataclass
class Elsewhere:
    """What one officer was told today."""

    told: set[int]  # persons, by id
    most: int
    fresh: list[tuple[int, int]] = field(default_factory=list)  # person and line, not yet in the trail
    withheld: int = 0  # rows

    def tells(self, person_id: int, line: int) -> bool:
        """Whether the verdict may say that this person is registered elsewhere; once told he may be told again."""
        if person_id not in self.told:
            if self.is_used_up:
                return False
            self.told.add(person_id)
            self.fresh.append((person_id, line))
        return True

    @property
    def is_used_up(self) -> bool:
        """From now on nobody can be told from somebody new."""
        return len(self.told) >= self.most
