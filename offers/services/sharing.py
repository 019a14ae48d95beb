"""Private links to a comparison, who opened them, and what mentors wrote."""

import base64
import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Final

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils.crypto import salted_hmac

from market.models import BenchmarkSnapshot
from offers.models import Comparison, MentorComment, ShareLink, ShareLinkView
from offers.selectors.sharing import Hideable, token_hash

LIFETIMES_DAYS: Final = (1, 7, 14, 30)
MOST_OPEN_LINKS: Final = 20
MOST_VIEWS_KEPT: Final = 500
MOST_COMMENTS: Final = 200
OWNER_NAME: Final = "The owner"


class TooManyLinks(ValueError):
    """A comparison has so many open links that nobody can say any more who reads it."""


class LinkHasEnded(ValueError):
    """The link that this form made has ended since; sending the form again does not revive it."""


class TooManyComments(ValueError):
    """The thread of a link is full."""


@dataclass(frozen=True, slots=True)
class NewLink:
    """A link at its birth: the only moment at which its token is known."""

    link: ShareLink
    token: str = field(repr=False)


@transaction.atomic
def share_comparison(
    *,
    comparison: Comparison,
    label: str,
    question: str,
    lifetime_days: int,
    passcode: str,
    hidden: Collection[str],
    may_comment: bool,
    nonce: str,
    as_of: dt.datetime,
) -> NewLink:
    """Make a link to the comparison. Its token is stored as a hash only.

    The token follows from the nonce of the form, which is kept nowhere: a form that is sent twice,
    by a double click or a reload, makes one link and is told the same address again.
    """
    Comparison.objects.select_for_update().get(pk=comparison.pk)
    token = _token(comparison, nonce)
    made = comparison.share_links.filter(token_hash=token_hash(token)).first()
    if made is not None:
        if made.revoked_at or made.expires_at <= as_of:
            raise LinkHasEnded
        return NewLink(made, token)
    n_open = comparison.share_links.filter(revoked_at__isnull=True, expires_at__gt=as_of).count()
    if n_open >= MOST_OPEN_LINKS:
        raise TooManyLinks
    link = ShareLink(
        comparison=comparison,
        label=label,
        question=question,
        token_hash=token_hash(token),
        passcode_hash=make_password(passcode) if passcode else "",
        hidden=[choice.value for choice in Hideable if choice in hidden],
        may_comment=may_comment,
        benchmark_snapshot=BenchmarkSnapshot.objects.current().first(),
        expires_at=as_of + dt.timedelta(days=lifetime_days),
    )
    link.full_clean()
    link.save()
    return NewLink(link, token)


def revoke_link(*, link: ShareLink, as_of: dt.datetime) -> bool:
    """End a link at once; return whether it had not been ended before."""
    ended = ShareLink.objects.filter(pk=link.pk, revoked_at__isnull=True).update(revoked_at=as_of)
    return bool(ended)


@transaction.atomic
def record_view(*, link: ShareLink, device: str, as_of: dt.datetime) -> ShareLinkView:
    """Write down that the link was opened, on which kind of device; the oldest views give way."""
    view = ShareLinkView.objects.create(share_link=link, viewed_at=as_of, device=device)
    kept = link.views.order_by("-viewed_at", "-pk").values_list("pk", flat=True)
    beyond = list(kept[MOST_VIEWS_KEPT:])
    if beyond:
        link.views.filter(pk__in=beyond).delete()
    return view


@transaction.atomic
def leave_comment(*, link: ShareLink, author_name: str, anchor: str, body: str) -> MentorComment:
    """Save what a mentor wrote beside a part of the comparison."""
    return _write(MentorComment(share_link=link, author_name=author_name, anchor=anchor, body=body))


@transaction.atomic
def reply_to_comment(*, comment: MentorComment, body: str) -> MentorComment:
    """Save the owner's reply, beside the same part and on the same link."""
    return _write(
        MentorComment(
            share_link=comment.share_link,
            author_name=OWNER_NAME,
            is_owner=True,
            anchor=comment.anchor,
            body=body,
        )
    )


def remove_comment(*, comment: MentorComment, as_of: dt.datetime) -> bool:
    """Take a comment away for everybody; return whether it was still there."""
    removed = MentorComment.objects.filter(pk=comment.pk, removed_at__isnull=True).update(
        removed_at=as_of
    )
    return bool(removed)


def _token(comparison: Comparison, nonce: str) -> str:
    """Return 256 bits that nobody can tell without our key and the nonce."""
    digest = salted_hmac(
        "offers.share-token", f"{comparison.pk}:{nonce}", algorithm="sha256"
    ).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def _write(comment: MentorComment) -> MentorComment:
    ShareLink.objects.select_for_update().get(pk=comment.share_link_id)
    if MentorComment.objects.filter(share_link_id=comment.share_link_id).count() >= MOST_COMMENTS:
        raise TooManyComments
    comment.full_clean()
    comment.save()
    return comment
