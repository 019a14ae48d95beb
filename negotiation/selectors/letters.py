"""A letter that is not saved yet against the ledger: kept promises, missing ones, and what got worse."""

import datetime as dt
from dataclasses import dataclass

from negotiation.models import Negotiation
from negotiation.selectors.ledger import JudgedChange, Promise, judged, read_promise
from offers.letter_terms import letter_terms
from offers.models import Letter, Offer, OfferRevision
from offers.selectors import terms_of
from offers.selectors.changes import revision_changes


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterLedger:
    """What a new letter makes of the promises of a talk, and of the terms on record."""

    letter: Letter
    offer: Offer
    currency: str
    promises: tuple[Promise, ...]
    worse: tuple[JudgedChange, ...]

    @property
    def present(self) -> tuple[Promise, ...]:
        return tuple(promise for promise in self.promises if promise.is_found)

    @property
    def missing(self) -> tuple[Promise, ...]:
        """Return what stays only verbal; a promise in words alone counts until its owner finds it."""
        return tuple(promise for promise in self.promises if not promise.is_found)


def letter_ledger(
    letter: Letter, offer: Offer, talk: Negotiation | None, *, today: dt.date
) -> LetterLedger:
    """Return the open promises read against the letter, and the lines that it makes worse."""
    current = OfferRevision.objects.with_terms().current().get(offer=offer)
    now, then = terms_of(current), letter_terms(letter, offer, today=today)
    rows = talk.commitments.order_by("said_date", "pk") if talk is not None else ()
    promises = [read_promise(row, then, is_written=True) for row in rows]
    changes = judged(revision_changes(now, then))
    return LetterLedger(
        letter=letter,
        offer=offer,
        currency=then.revision.currency,
        promises=tuple(promise for promise in promises if promise.is_open),
        worse=tuple(change for change in changes if change.is_worse),
    )
