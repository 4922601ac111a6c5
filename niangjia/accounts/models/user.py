from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models

from niangjia.core import crypto
from niangjia.core.fields import SealedTextField
from niangjia.core.ids import new_public_id


def phone_index(phone: str) -> str:
    """The keyed index of a phone number in E.164 form."""
    return crypto.keyed_index("phone", phone)


class UserManager(BaseUserManager["User"]):
    """Finds users by what they log in with."""

    def get_by_natural_key(self, username: str | None) -> User:
        """The user with this log-in name."""
        return self.get(username=username)

    def with_phone(self, phone: str) -> models.QuerySet[User]:
        """Users with this phone number (E.164)."""
        return self.filter(phone_key=phone_index(phone))


class User(AbstractBaseUser):
    """Somebody who can log in; rights come from grants only, never from flags here."""

    public_id = models.CharField(max_length=20, unique=True, default=new_public_id, editable=False)
    username = models.CharField(max_length=80, unique=True)
    display_name = models.CharField(max_length=60)
    phone = SealedTextField(blank=True, default="")
    phone_key = models.CharField(max_length=64, null=True, blank=True, unique=True)
    email = models.EmailField(blank=True, default="")
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField()

    objects = UserManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~models.Q(username=""), name="user_has_username"),
        ]

    def __str__(self) -> str:
        return self.display_name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the keyed index in step with the sealed number."""
        self.phone_key = phone_index(self.phone) if self.phone else None
        super().save(*args, **kwargs)

    # Django's log-in code asks these; nobody is a superuser here.
    is_staff = False
    is_superuser = False

    def has_perm(self, perm: str, obj: object = None) -> bool:
        """No Django permissions: rights are grants."""
        return False

    def has_module_perms(self, app_label: str) -> bool:
        """No Django permissions: rights are grants."""
        return False
