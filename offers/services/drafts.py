"""Drafts: text is kept as it is typed, and becomes an offer once."""

import datetime as dt
import hashlib
from collections.abc import Mapping
from typing import Final

from django.db import transaction

from accounts.models import User
from offers.models import Offer, OfferDraft
from offers.selectors.terms import Terms
from offers.services.offers import correct_revision, record_offer, revise_offer

Purpose = OfferDraft.Purpose
TypedSections = Mapping[str, Mapping[str, str]]

CHECKED: Final = "checked"
# Fifty times what the longest field takes: no page that somebody wrote, but a file.
LONGEST_KEPT: Final = 200_000
"""The name under which a section keeps that its person asked for it to be checked."""
_ROW_COUNT: Final = "TOTAL_FORMS"


class DraftIsPublished(ValueError):
    """The draft has become an offer; there is nothing left to type into."""

    def __init__(self, *, offer_id: int) -> None:
        super().__init__(offer_id)
        self.offer_id = offer_id


class DraftIsGone(ValueError):
    """Somebody discarded the draft, in another tab for example."""


class DraftHasChanged(ValueError):
    """Something was typed, in another tab for example, after the terms were read."""


class TermsMovedOn(ValueError):
    """A later revision was recorded since: what this draft corrects is history."""


def start_draft(*, owner: User, typed: TypedSections | None = None) -> OfferDraft:
    """Open a draft of a new offer; one that nothing was typed into yet is as good as new."""
    if not typed:
        blank = OfferDraft.objects.visible_to(owner).unpublished()
        found: OfferDraft | None = blank.filter(purpose=Purpose.NEW_OFFER, typed={}).first()
        if found is not None:
            return found
    return OfferDraft.objects.create(owner=owner, typed=_stored(typed or {}))


def start_revision_draft(*, offer: Offer, purpose: str, typed: TypedSections) -> OfferDraft:
    """Open a draft of new terms, or of a correction; one that is open already keeps its text."""
    draft: OfferDraft
    draft, _ = OfferDraft.objects.get_or_create(
        offer=offer,
        purpose=purpose,
        published_at=None,
        defaults={"owner": offer.owner, "typed": _stored(typed)},
    )
    return draft


@transaction.atomic
def save_draft_section(
    *,
    draft: OfferDraft,
    section: str,
    typed: Mapping[str, str],
    seen: Mapping[str, str] | None = None,
    is_checked: bool = False,
) -> OfferDraft:
    """Keep what was typed into one section, whatever it is.

    `seen` is what the page showed when it was opened, as digests by name. A field that still holds
    that was not touched on this page, and what another tab typed into it since stays.
    """
    locked = _claimed(draft)
    stored = dict(locked.typed.get(section, {}))
    shown = seen or {}
    for name, text in typed.items():
        plain = storable(text)
        if name not in stored or digest(plain) != shown.get(name):
            stored[name] = plain
    if is_checked:
        stored[CHECKED] = "yes"
    return _keep(locked, section, stored)


@transaction.atomic
def add_draft_row(*, draft: OfferDraft, section: str, kind: str) -> OfferDraft:
    """Add an empty row of a kind at the end."""
    locked = _claimed(draft)
    stored = dict(locked.typed.get(section, {}))
    stored[f"{kind}-{_ROW_COUNT}"] = str(_row_count(stored, kind) + 1)
    return _keep(locked, section, stored)


@transaction.atomic
def remove_draft_row(*, draft: OfferDraft, section: str, kind: str, number: int) -> OfferDraft:
    """Remove one row of a kind; the rows behind it move up."""
    locked = _claimed(draft)
    stored = dict(locked.typed.get(section, {}))
    count = _row_count(stored, kind)
    if number >= count:
        return locked
    kept: dict[str, str] = {}
    for name, text in stored.items():
        row = _row_of(name, kind)
        if row is None or row < number:
            kept[name] = text
        elif row > number:
            kept[name.replace(f"{kind}-{row}-", f"{kind}-{row - 1}-", 1)] = text
    kept[f"{kind}-{_ROW_COUNT}"] = str(count - 1)
    return _keep(locked, section, kept)


@transaction.atomic
def fill_draft(*, draft: OfferDraft, typed: TypedSections) -> OfferDraft:
    """Put known text into sections; fields that the text does not name keep theirs."""
    locked = _claimed(draft)
    for section, fields in _stored(typed).items():
        locked.typed[section] = locked.typed.get(section, {}) | fields
    locked.save(update_fields=["typed", "updated_at"])
    return locked


def discard_draft(*, draft: OfferDraft) -> None:
    """Delete the draft and everything typed into it."""
    OfferDraft.objects.filter(pk=draft.pk, published_at__isnull=True).delete()


@transaction.atomic
def publish_draft(*, draft: OfferDraft, terms: Terms, as_of: dt.datetime) -> Offer:
    """Make the draft what it is for: an offer, its next revision, or a correction of the last.

    `draft` is the one that `terms` were read from. A draft that is published already gives the
    offer that it became, so that two presses of the button make one offer.
    """
    try:
        locked = _claimed(draft)
    except DraftIsPublished as published:
        return Offer.objects.get(pk=published.offer_id)
    if locked.updated_at != draft.updated_at:
        raise DraftHasChanged
    offer = _published(locked, terms, as_of)
    # The letter that filled the draft belongs to the offer from now on.
    locked.letters.filter(offer=None).update(offer=offer)
    locked.offer, locked.published_at, locked.typed = offer, as_of, {}
    locked.save(update_fields=["offer", "published_at", "typed", "updated_at"])
    return offer


def storable(text: str) -> str:
    """Return the text with what no database can hold made visible: NUL and half characters.

    Of a whole file that was pasted into a field its beginning is kept: enough to see what it was.
    """
    whole = text[:LONGEST_KEPT].encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return whole.replace("\x00", "\N{REPLACEMENT CHARACTER}")


def digest(text: str) -> str:
    """Return a short name for a text, to see whether it is still the same."""
    return hashlib.blake2b(storable(text).encode(), digest_size=6).hexdigest()


def seen_of(typed: Mapping[str, str]) -> str:
    """Return what a page shows, as one line that the page sends back: names and digests."""
    return " ".join(f"{name}={digest(text)}" for name, text in typed.items())


def read_seen(line: str) -> dict[str, str]:
    """Return the digests by name from such a line; whatever else it holds is passed over."""
    pairs = (pair.partition("=") for pair in line.split())
    return {name: value for name, sign, value in pairs if sign}


def is_outdated(draft: OfferDraft) -> bool:
    """Say whether a later revision was recorded after this draft was opened."""
    if draft.offer is None:
        return False
    later = draft.offer.revisions.current().filter(created_at__gt=draft.created_at)
    return bool(later.exists())


def _published(draft: OfferDraft, terms: Terms, as_of: dt.datetime) -> Offer:
    if draft.offer is None:
        return record_offer(owner=draft.owner, terms=terms, as_of=as_of)
    if draft.purpose == Purpose.NEW_TERMS:
        revise_offer(offer=draft.offer, terms=terms, as_of=as_of)
    elif is_outdated(draft):
        raise TermsMovedOn
    else:
        correct_revision(offer=draft.offer, terms=terms, as_of=as_of)
    return draft.offer


def _claimed(draft: OfferDraft) -> OfferDraft:
    """Return the draft as it is now, locked; nobody types into one that is published."""
    locked: OfferDraft | None = (
        OfferDraft.objects.select_for_update(of=["self"])
        .select_related("owner", "offer__company", "offer__location")
        .filter(pk=draft.pk)
        .first()
    )
    if locked is None:
        raise DraftIsGone
    if locked.published_at is not None and locked.offer_id is not None:
        raise DraftIsPublished(offer_id=locked.offer_id)
    return locked


def _keep(draft: OfferDraft, section: str, stored: dict[str, str]) -> OfferDraft:
    draft.typed[section] = stored
    draft.save(update_fields=["typed", "updated_at"])
    return draft


def _stored(typed: TypedSections) -> dict[str, dict[str, str]]:
    return {
        section: {name: storable(text) for name, text in fields.items()}
        for section, fields in typed.items()
    }


def _row_count(stored: Mapping[str, str], kind: str) -> int:
    return int(stored.get(f"{kind}-{_ROW_COUNT}", "0"))


def _row_of(name: str, kind: str) -> int | None:
    """Return the number of the row that a field's name stands in, if it is one of this kind."""
    head, _, rest = name.partition("-")
    number, _, _ = rest.partition("-")
    return int(number) if head == kind and number.isdecimal() else None
