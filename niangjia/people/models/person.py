from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F, Q

from niangjia.core import crypto
from niangjia.core.fields import SealedTextField
from niangjia.core.ids import new_public_id
from niangjia.people.readings import READING_MOST, readings


def searched_name(text: str) -> str:
    """A name as it is searched: without dots and blanks."""
    return "".join(text.split()).replace("·", "").replace("•", "")


class Person(models.Model):
    """A worker or a member of a worker's household; owned by one union, the most local one."""

    class Sex(models.TextChoices):
        FEMALE = "female", "女"
        MALE = "male", "男"

    public_id = models.CharField(max_length=20, unique=True, default=new_public_id, editable=False)
    union = models.ForeignKey("federation.Union", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=60)
    # The name as it is searched: without the dot of names such as 阿娜尔·沙枣.
    name_key = models.CharField(max_length=60, db_index=True, default="", editable=False)
    # How it is read: first letters and whole syllables, and the other way where a character has two readings.
    name_initials = models.CharField(max_length=60, db_index=True, default="", editable=False)
    name_reading = models.CharField(max_length=READING_MOST, default="", editable=False)
    other_initials = models.CharField(max_length=60, default="", editable=False)
    other_reading = models.CharField(max_length=READING_MOST, default="", editable=False)
    sex = models.CharField(max_length=6, choices=Sex.choices, blank=True, default="")
    born_on = models.DateField(null=True, blank=True)
    # The number itself is sealed; equality is asked of the keyed index only.
    id_number = SealedTextField(blank=True, default="")
    id_key = models.CharField(max_length=64, null=True, blank=True, unique=True)
    # Keyed index of the last four places: what people say at the window.
    id_tail_key = models.CharField(max_length=64, null=True, blank=True, db_index=True)
    phone = SealedTextField(blank=True, default="")
    phone_key = models.CharField(max_length=64, null=True, blank=True, db_index=True)
    phone_tail_key = models.CharField(max_length=64, null=True, blank=True, editable=False)
    # Values about this person in decisions and the audit trail are sealed with this key.
    data_key = SealedTextField()
    # Since when nothing but the row is left: the person asked for it, and no rule counts him any more.
    erased_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            # Grown people of a union are counted in the index alone.
            models.Index(fields=["union", "born_on"], name="person_of_union_by_birth"),
            # Namesakes born in one month, and namesakes with one tail of the telephone: who may be the same.
            models.Index(fields=["name_reading", "born_on"], name="person_reading_and_birth"),
            models.Index(fields=["phone_tail_key", "name_reading"], name="person_tail_and_reading"),
            models.Index(
                fields=["other_reading", "born_on"], name="person_other_reading", condition=~Q(other_reading="")
            ),
            models.Index(fields=["other_initials"], name="person_other_initials", condition=~Q(other_initials="")),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="person_has_name"),
            models.CheckConstraint(condition=~Q(data_key=""), name="person_has_key"),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the keyed indexes in step with the sealed numbers."""
        self.fill_keys()
        super().save(*args, **kwargs)

    def fill_keys(self) -> None:
        """Compute the keyed indexes and give a new person a key; bulk writers call it themselves."""
        self.id_key = crypto.keyed_index("id-number", self.id_number.upper()) if self.id_number else None
        self.id_tail_key = crypto.keyed_index("id-tail", self.id_number[-4:].upper()) if self.id_number else None
        self.name_key = searched_name(self.name)
        read = readings(self.name_key)
        self.name_initials, self.name_reading = read.initials, read.syllables
        self.other_initials, self.other_reading = read.other_initials, read.other_syllables
        self.phone_key = crypto.keyed_index("phone", self.phone) if self.phone else None
        self.phone_tail_key = crypto.keyed_index("phone-tail", self.phone[-4:]) if self.phone else None
        self.data_key = self.data_key or crypto.new_key().hex()


class MembershipSpell(models.Model):
    """For these dates, this person was a member of this union."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="memberships")
    union = models.ForeignKey("federation.Union", on_delete=models.PROTECT, related_name="+")
    joined_on = models.DateField()
    ended_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person"], condition=Q(ended_on__isnull=True), name="membership_one_open"),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("joined_on")), name="membership_dates_in_order"
            ),
        ]
