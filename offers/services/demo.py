"""The demonstration account: the sample offers, saved through the same services as anybody's."""

import datetime as dt
import secrets
from dataclasses import dataclass, replace
from typing import Final

from allauth.account.models import EmailAddress
from django.db import transaction

from accounts.models import User
from accounts.services import open_account
from offers import sample
from offers.models import Comparison, Offer, OfferRevision
from offers.selectors.sharing import Hideable
from offers.selectors.taxonomy import Taxonomy, taxonomy
from offers.selectors.terms import Terms
from offers.services.comparisons import compare_offers
from offers.services.offers import record_offer, revise_offer
from offers.services.sharing import (
    NewLink,
    leave_comment,
    reply_to_comment,
    revoke_link,
    share_comparison,
)

COMPARISON: Final = "Three offers"
LABEL: Final = "Marcus, who hired me once"
COMMENT: Final = (
    "Treat B’s options as a lottery ticket that you are paid to hold. The 90 days to exercise are "
    "what I would push on: leaving in year three means finding the exercise price, or walking away."
)
REPLY: Final = "On my list. They said that a longer window “may be possible”; I want it in writing."


class NotADemonstration(ValueError):
    """The address belongs to somebody with offers of their own, or none of ours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Demonstration:
    """What there is now, with a link whose token is known at this moment only."""

    user: User
    comparison: Comparison
    link: NewLink


@transaction.atomic
def seed_demo(*, email: str, password: str, today: dt.date, as_of: dt.datetime) -> Demonstration:
    """Make the demonstration account, or what is missing of it, and a fresh link.

    What is there already stays; links that an earlier run made end, because nobody can know their
    tokens any more.
    """
    user = _demo_user(email, password)
    lists = taxonomy()
    offers = [
        _offer(user, sample.listed_company(lists, today=today), lists, today=today, as_of=as_of),
        _offer(user, sample.startup(lists, today=today), lists, today=today, as_of=as_of),
        _offer(user, _only_said(sample.lab(lists, today=today)), lists, today=today, as_of=as_of),
    ]
    theirs = Comparison.objects.visible_to(user)
    comparison: Comparison | None = theirs.filter(name=COMPARISON).order_by("pk").first()
    if comparison is None or comparison.places.count() < len(offers):
        comparison = compare_offers(
            owner=user, offers=offers, name=COMPARISON, currency="USD", horizon_years=4
        )
    for stale in comparison.share_links.filter(label=LABEL, revoked_at__isnull=True):
        revoke_link(link=stale, as_of=as_of)
    link = share_comparison(
        comparison=comparison,
        label=LABEL,
        question=sample.QUESTION,
        lifetime_days=30,
        passcode="",
        hidden=[Hideable.COMPANY_NAMES],
        may_comment=True,
        nonce=secrets.token_urlsafe(16),
        as_of=as_of,
    )
    comment = leave_comment(link=link.link, author_name="Marcus T.", anchor="payouts", body=COMMENT)
    reply_to_comment(comment=comment, body=REPLY)
    return Demonstration(user=user, comparison=comparison, link=link)


def _demo_user(email: str, password: str) -> User:
    user = User.objects.filter(email__iexact=email.strip()).first()
    if user is None:
        user = User(email=email.strip().lower())
        user.set_password(password)
        user.full_clean(exclude=["password"])
        open_account(user=user)
        EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
        return user
    owned = set(user.companies.values_list("name", flat=True))
    if user.is_staff or not owned or not owned <= sample.COMPANY_NAMES:
        raise NotADemonstration
    user.set_password(password)
    user.save(update_fields=["password"])
    return user


def _offer(
    user: User, terms: Terms, lists: Taxonomy, *, today: dt.date, as_of: dt.datetime
) -> Offer:
    """Return the offer of this company, recorded now if it is not there."""
    theirs = Offer.objects.visible_to(user)
    found: Offer | None = theirs.filter(company__name=terms.company.name).first()
    if found is not None:
        return found
    if terms.company.name != sample.LISTED_COMPANY:
        return record_offer(owner=user, terms=terms, as_of=as_of)
    # The first call was verbal, and lower: the letter that followed is a second revision.
    said = sample.first_listed_company(lists, today=today)
    offer = record_offer(owner=user, terms=said, as_of=as_of - dt.timedelta(days=7))
    revise_offer(offer=offer, terms=replace(terms, company=offer.company), as_of=as_of)
    return offer


def _only_said(terms: Terms) -> Terms:
    terms.revision.source = OfferRevision.Source.VERBAL
    return terms
