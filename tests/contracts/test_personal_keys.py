"""Keys of people's programs are kept by their hash, told apart and forgotten: in every store."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from chat.core.errors import Conflict, NotFound, TooMany
from chat.core.people import Person
from chat.core.personal_keys import MAX_KEYS, PersonalKey
from chat.core.ports import Conversations

BEGAN = datetime(2026, 11, 26, 12, 0, 0, 123456, UTC)
ADA, BOB = Person("a" * 32, "ada", "Ada"), Person("b" * 32, "bob", "Bob")
LAPTOP = PersonalKey(
    "k1", ADA.id, "laptop", "1" * 64, ("chat", "read"), BEGAN, BEGAN + timedelta(days=30)
)
BATCH = PersonalKey("k2", ADA.id, "batch", "2" * 64, ("images",), BEGAN + timedelta(seconds=1))


def filled(store: Conversations) -> Conversations:
    for person in (ADA, BOB):
        store.people.add(person)
    for key in (LAPTOP, BATCH):
        store.personal_keys.add(key)
    return store


def test_keys_are_found_by_their_hash_with_whose_they_are(store: Conversations) -> None:
    keys = filled(store).personal_keys
    assert keys.of(ADA.id) == [LAPTOP, BATCH]
    found = keys.by_digest(BATCH.digest)
    assert found is not None
    assert (found[0], found[1].id) == (BATCH, ADA.id)
    assert keys.by_digest("3" * 64) is None
    assert keys.of(BOB.id) == []
    late = BEGAN + timedelta(hours=1)
    for moment in (late, BEGAN):
        keys.used(BATCH.id, moment)
    assert keys.of(ADA.id)[1].used_at == late
    keys.used("gone", late)


def test_a_name_is_of_one_key_of_a_person_and_there_are_only_so_many(store: Conversations) -> None:
    keys = filled(store).personal_keys
    with pytest.raises(Conflict):
        keys.add(replace(LAPTOP, id="k3", digest="3" * 64))
    keys.add(replace(LAPTOP, id="k3", person_id=BOB.id, digest="3" * 64))
    with pytest.raises(NotFound):
        keys.add(replace(LAPTOP, id="k4", person_id="nobody", digest="4" * 64))
    for number in range(2, MAX_KEYS):
        keys.add(replace(LAPTOP, id=f"m{number}", name=f"m{number}", digest=f"m{number}"))
    with pytest.raises(TooMany):
        keys.add(replace(LAPTOP, id="last", name="last", digest="last"))
    assert len(keys.of(ADA.id)) == MAX_KEYS


def test_nobody_revokes_another_s_key_and_a_person_takes_theirs_along(
    store: Conversations,
) -> None:
    keys = filled(store).personal_keys
    assert keys.remove(BOB.id, LAPTOP.id) == 0
    assert keys.remove(ADA.id, LAPTOP.id) == 1
    assert keys.by_digest(LAPTOP.digest) is None
    store.people.remove(ADA.id)
    assert keys.by_digest(BATCH.digest) is None
    store.people.add(ADA)
    keys.add(LAPTOP)
    keys.add(replace(BATCH, id="k9"))
    assert keys.remove(ADA.id) == 2
    assert keys.of(ADA.id) == []
