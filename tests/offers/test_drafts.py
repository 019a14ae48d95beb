"""Drafts: text is kept as it is typed, and becomes an offer once."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from offers import services
from offers.entry import read_draft, typed_from
from offers.models import Offer, OfferDraft, OfferRevision
from offers.selectors import Terms, terms_of
from offers.selectors.drafts import companies_on_record, open_drafts
from offers.selectors.taxonomy import taxonomy
from offers.services.drafts import LONGEST_KEPT, digest, read_seen, seen_of, storable
from tests.factories.offers import ANYTHING, DraftFactory, typed
from tests.factories.terms import startup_terms

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 11, 23, 9, 0, tzinfo=dt.UTC)
LATER = NOW + dt.timedelta(days=1)


@pytest.fixture
def draft(candidate: User) -> OfferDraft:
    return services.start_draft(owner=candidate, typed=typed())


@pytest.fixture
def offer(candidate: User) -> Offer:
    return services.record_offer(owner=candidate, terms=startup_terms(), as_of=NOW)


def terms_in(draft: OfferDraft) -> Terms:
    companies = companies_on_record(draft.owner)
    entry = read_draft(draft, taxonomy=taxonomy(), companies=companies, today=NOW.date())
    assert entry.is_ready
    return entry.terms


def publish(draft: OfferDraft) -> Offer:
    return services.publish_draft(draft=draft, terms=terms_in(draft), as_of=NOW)


def save(draft: OfferDraft, typed: Mapping[str, str], **options: Any) -> dict[str, str]:
    saved = services.save_draft_section(draft=draft, section="cash", typed=typed, **options)
    section: dict[str, str] = saved.typed["cash"]
    return section


def revision_draft(offer: Offer, purpose: str) -> OfferDraft:
    current = OfferRevision.objects.with_terms().current().get(offer=offer)
    return services.start_revision_draft(
        offer=offer, purpose=purpose, typed=typed_from(terms_of(current))
    )


# --- opening -----------------------------------------------------------------------------------


def test_start_draft_opens_one_blank_draft_however_often_it_is_asked(candidate: User) -> None:
    first = services.start_draft(owner=candidate)
    again = services.start_draft(owner=candidate)
    services.save_draft_section(draft=first, section="cash", typed={"base_salary": "1"})
    third = services.start_draft(owner=candidate)

    assert (again.pk, third.pk == first.pk) == (first.pk, False)


def test_start_draft_never_gives_the_draft_of_somebody_else(
    candidate: User, stranger: User
) -> None:
    assert services.start_draft(owner=candidate).pk != services.start_draft(owner=stranger).pk


def test_revision_draft_is_opened_once_and_keeps_its_text(offer: Offer) -> None:
    first = revision_draft(offer, "new_terms")
    save(first, {"base_salary": "170k"})

    again = revision_draft(offer, "new_terms")
    correction = revision_draft(offer, "correction")

    assert (again.pk, again.typed["cash"]["base_salary"]) == (first.pk, "170k")
    assert correction.pk != first.pk


# --- typing ------------------------------------------------------------------------------------


def test_save_keeps_what_was_typed_in_one_section_and_leaves_the_others(
    draft: OfferDraft,
) -> None:
    services.save_draft_section(draft=draft, section="dates", typed={"notes": " as typed\r\n"})

    draft.refresh_from_db()
    assert draft.typed["dates"] == {**typed()["dates"], "notes": " as typed\r\n"}
    assert draft.typed["cash"] == typed()["cash"]


def test_two_tabs_on_one_section_lose_nothing(draft: OfferDraft) -> None:
    shown = read_seen(seen_of(draft.typed["cash"]))
    first_tab = {**draft.typed["cash"], "base_salary": "300k"}
    second_tab = {**draft.typed["cash"], "target_bonus_fraction": "20"}

    save(draft, first_tab, seen=shown)
    stored = save(draft, second_tab, seen=shown)

    assert (stored["base_salary"], stored["target_bonus_fraction"]) == ("300k", "20")


def test_a_page_can_take_back_what_another_tab_typed_once_it_shows_it(draft: OfferDraft) -> None:
    stored = save(draft, {"base_salary": "300k"})

    emptied = save(draft, {"base_salary": ""}, seen=read_seen(seen_of(stored)))

    assert emptied["base_salary"] == ""


@given(text=ANYTHING)
def test_storable_keeps_every_text_that_can_be_kept(text: str) -> None:
    kept = storable(text)

    assert kept.encode() == kept.encode("utf-8", "strict")
    assert "\x00" not in kept
    beginning = text[:LONGEST_KEPT]
    assert len(kept) == len(beginning) or any(0xD800 <= ord(each) < 0xE000 for each in text)
    if text.isprintable():
        assert kept == beginning


def test_save_makes_visible_what_no_database_can_hold(draft: OfferDraft) -> None:
    stored = save(draft, {"base_salary": "1\x002", "target_bonus": "a\ud800b"})

    assert (stored["base_salary"], stored["target_bonus"]) == ("1�2", "a�b")


@given(typed=st.dictionaries(st.from_regex(r"[a-z_0-9-]+", fullmatch=True), ANYTHING))
def test_seen_comes_back_as_it_was_written(typed: dict[str, str]) -> None:
    assert read_seen(seen_of(typed)) == {name: digest(text) for name, text in typed.items()}


@pytest.mark.parametrize("line", ["", "=", "a", "a==b", "[" * 10_000, "a=b=c d"])
def test_seen_passes_over_nonsense(line: str) -> None:
    assert all(isinstance(value, str) for value in read_seen(line).values())


def test_rows_are_added_at_the_end_and_close_up_when_one_goes(draft: OfferDraft) -> None:
    services.add_draft_row(draft=draft, section="cash", kind="payments")
    services.save_draft_section(draft=draft, section="cash", typed={"payments-1-amount": "5k"})

    after = services.remove_draft_row(draft=draft, section="cash", kind="payments", number=0)

    rows = {name: text for name, text in after.typed["cash"].items() if "payments" in name}
    assert rows == {"payments-TOTAL_FORMS": "1", "payments-0-amount": "5k"}
    assert after.typed["cash"]["base_salary"] == "$265,000"


def test_removing_a_row_that_is_not_there_changes_nothing(draft: OfferDraft) -> None:
    after = services.remove_draft_row(draft=draft, section="cash", kind="payments", number=7)

    assert after.typed == typed()


def test_fill_draft_leaves_fields_that_it_does_not_name(draft: OfferDraft) -> None:
    filled = services.fill_draft(draft=draft, typed={"role": {"name": "Alder"}})

    assert (filled.typed["role"]["name"], filled.typed["role"]["title"]) == (
        "Alder",
        "Senior ML engineer",
    )


# --- publishing --------------------------------------------------------------------------------


def test_publish_makes_an_offer_and_empties_the_draft(draft: OfferDraft, candidate: User) -> None:
    offer = publish(draft)

    draft.refresh_from_db()
    assert (offer.owner, offer.company.name, offer.revisions.count()) == (
        candidate,
        "Bellwether AI",
        1,
    )
    assert (draft.offer_id, draft.typed, draft.published_at) == (offer.pk, {}, NOW)
    assert open_drafts(candidate) == []


def test_publishing_twice_makes_one_offer(draft: OfferDraft) -> None:
    terms, terms_again = terms_in(draft), terms_in(draft)

    first = services.publish_draft(draft=draft, terms=terms, as_of=NOW)
    second = services.publish_draft(draft=draft, terms=terms_again, as_of=LATER)

    assert (second.pk, Offer.objects.count()) == (first.pk, 1)


def test_publish_refuses_terms_that_were_read_before_something_was_typed(draft: OfferDraft) -> None:
    terms = terms_in(draft)
    save(draft, {"base_salary": "300k"})

    with pytest.raises(services.DraftHasChanged):
        services.publish_draft(draft=draft, terms=terms, as_of=NOW)
    assert Offer.objects.count() == 0


def test_nobody_types_into_a_published_or_discarded_draft(draft: OfferDraft) -> None:
    other = DraftFactory.create(owner=draft.owner)
    services.discard_draft(draft=other)
    offer = publish(draft)

    with pytest.raises(services.DraftIsPublished) as published:
        save(draft, {"base_salary": "1"})
    with pytest.raises(services.DraftIsGone):
        save(other, {"base_salary": "1"})
    assert published.value.offer_id == offer.pk


def test_discard_leaves_a_published_draft_to_show_the_way(draft: OfferDraft) -> None:
    publish(draft)

    services.discard_draft(draft=draft)

    assert OfferDraft.objects.filter(pk=draft.pk).exists()


def test_new_terms_become_the_next_revision(offer: Offer) -> None:
    draft = revision_draft(offer, "new_terms")
    save(draft, {"base_salary": "180k"})
    draft.refresh_from_db()

    publish(draft)

    revisions = offer.revisions.order_by("number").values_list("number", "base_salary")
    assert list(revisions) == [(1, 160_000), (2, 180_000)]


def test_correction_changes_the_current_revision(offer: Offer) -> None:
    draft = revision_draft(offer, "correction")
    save(draft, {"base_salary": "180k"})
    draft.refresh_from_db()

    publish(draft)

    assert list(offer.revisions.values_list("number", "base_salary")) == [(1, 180_000)]
    assert offer.revisions.get().grants.get().quantity == 80_000


def test_correction_of_terms_that_are_history_by_now_is_refused(offer: Offer) -> None:
    correction = revision_draft(offer, "correction")
    assert not services.is_outdated(correction)
    publish(revision_draft(offer, "new_terms"))

    assert services.is_outdated(correction)
    with pytest.raises(services.TermsMovedOn):
        publish(correction)
    assert offer.revisions.count() == 2


def test_published_draft_makes_room_for_the_next_one(offer: Offer) -> None:
    first = revision_draft(offer, "new_terms")
    publish(first)

    assert revision_draft(offer, "new_terms").pk != first.pk


@pytest.mark.parametrize(
    "wrong",
    [
        {"purpose": "new_offer", "published_at": NOW},
        {"purpose": "new_terms"},
        {"purpose": "correction", "published_at": NOW},
    ],
)
def test_database_refuses_a_draft_that_does_not_say_which_offer(
    candidate: User, wrong: dict[str, Any]
) -> None:
    with (
        pytest.raises(IntegrityError, match="draft_of_terms_names_its_offer"),
        transaction.atomic(),
    ):
        DraftFactory.create(owner=candidate, **wrong)


def test_verbal_offer_that_comes_in_writing_moves_on(candidate: User) -> None:
    verbal = typed(dates={"source": "verbal"})
    offer = publish(services.start_draft(owner=candidate, typed=verbal))
    assert offer.state == Offer.State.VERBAL

    letter = revision_draft(offer, "new_terms")
    services.save_draft_section(draft=letter, section="dates", typed={"source": "written"})
    letter.refresh_from_db()
    publish(letter)

    offer.refresh_from_db()
    assert offer.state == Offer.State.WRITTEN
