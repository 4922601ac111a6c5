"""Numbers are well formed, and can belong to nobody."""

from __future__ import annotations

from datetime import date

import pytest

from niangjia.site.demo import numbers
from niangjia.site.demo.accounts import demo_accounts
from niangjia.site.demo.world import World

# The first two places of every region code there is (GB/T 2260), and of the permit cards.
REAL_PROVINCES = {
    *range(11, 16), *range(21, 24), *range(31, 38), *range(41, 47), *range(50, 55), *range(61, 66), 71, 81, 82, 83, 91,
}  # fmt: skip


def test_check_digits_agree_with_the_examples_of_the_standards() -> None:
    assert numbers.identity_check("11010519491231002") == "X"
    assert numbers.credit_check("91350100M000100Y4") == "3"


@pytest.mark.parametrize("at", [0, 4, 9, 16])
def test_a_mistyped_digit_of_an_identity_number_is_noticed(at: int) -> None:
    good = numbers.identity_number(date(1981, 6, 6), 1, "male")
    bad = good[:at] + str((int(good[at]) + 1) % 10) + good[at + 1 :]
    assert numbers.identity_check(bad[:17]) != bad[17]


def test_every_identity_number_is_well_formed_and_of_no_region(world: World) -> None:
    for person in world.persons:
        number = person.id_number
        assert int(number[:2]) not in REAL_PROVINCES
        if number != world.persons[1].id_number:  # the old roster's mistyped one
            assert numbers.identity_check(number[:17]) == number[17]
            assert number[6:14] == f"{person.born_on:%Y%m%d}"
            assert (int(number[16]) % 2 == 1) == (person.sex == "male")


def test_every_credit_code_is_well_formed_and_of_no_region(world: World) -> None:
    for firm in world.employers:
        assert int(firm.credit_code[2:4]) not in REAL_PROVINCES
        assert numbers.credit_check(firm.credit_code[:17]) == firm.credit_code[17]


def test_no_telephone_number_is_one_that_a_network_gives_out(world: World) -> None:
    phones = {person.phone for person in world.persons if person.phone}
    phones |= {account.login for account in demo_accounts() if not account.secret}
    assert len(phones) > 10_000
    assert all(phone.startswith("+86100") and len(phone) == 14 for phone in phones)


def test_numbers_are_given_once(world: World) -> None:
    identities = [person.id_number for person in world.persons]
    assert len(set(identities)) == len(identities)
    codes = [firm.credit_code for firm in world.employers]
    assert len(set(codes)) == len(codes)
    public = [row.public_id for rows in (world.persons, world.households, world.employers) for row in rows]
    assert len(set(public)) == len(public)
