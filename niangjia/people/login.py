"""The registry as a phone book: whoever is registered with a number may log in with it."""

from __future__ import annotations

from niangjia.accounts.entry import PhoneBook, phone_books
from niangjia.people.services.persons import enter_with_phone, person_with_phone


def register() -> None:
    """Offer the phone book."""
    phone_books.register("people", PhoneBook(lambda phone: person_with_phone(phone) is not None, enter_with_phone))
