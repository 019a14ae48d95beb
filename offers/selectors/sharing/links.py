"""Links: from a token to its row, and what the owner sees of them."""

import datetime as dt
import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.contrib.auth.hashers import check_password
from django.core import signing
from django.db.models import Count, Max, Prefetch, Q, QuerySet

from offers.models import Comparison, MentorComment, ShareLink, ShareLinkView
from offers.selectors.sharing.hiding import Hideable

# How long a browser that gave the passcode may come back without it.
PASS_LASTS: Final = dt.timedelta(hours=12)
VIEWS_LISTED: Final = 20
_SALT: Final = "offers.share-pass"


def token_hash(token: str) -> str:
    """Return what is stored in place of a token: 256 random bits need no salt and no slow hash."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def open_link(token: str, *, as_of: dt.datetime) -> ShareLink | None:
    """Return the link that is open under this token.

    An ended, an expired and a link that never was are one answer to one query.
    """
    return (
        ShareLink.objects.select_related("comparison", "benchmark_snapshot")
        .filter(token_hash=token_hash(token), revoked_at__isnull=True, expires_at__gt=as_of)
        .first()
    )


# --- passcodes ---------------------------------------------------------------------------------


def is_passcode(link: ShareLink, passcode: str) -> bool:
    """Say whether this is the passcode of the link."""
    return check_password(passcode, link.passcode_hash)


def pass_for(link: ShareLink) -> str:
    """Return what a browser keeps once it gave the passcode; a new passcode makes it worthless."""
    return signing.dumps(_stamp(link), salt=_SALT)


def is_passed(link: ShareLink, presented: str) -> bool:
    """Say whether the link asks for no passcode, or this browser gave it already."""
    if not link.passcode_hash:
        return True
    try:
        stamp = signing.loads(presented, salt=_SALT, max_age=PASS_LASTS)
    except signing.BadSignature:
        return False
    return isinstance(stamp, str) and hmac.compare_digest(stamp, _stamp(link))


def _stamp(link: ShareLink) -> str:
    return hashlib.sha256(f"{link.pk}:{link.token_hash}:{link.passcode_hash}".encode()).hexdigest()


# --- the owner's side --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnedLink:
    """One link as its owner sees it."""

    link: ShareLink
    state: str
    hidden: tuple[str, ...]
    n_views: int
    last_viewed_at: dt.datetime | None
    views: Sequence[ShareLinkView]
    comments: Sequence[MentorComment]

    @property
    def is_open(self) -> bool:
        return self.state == "open"


def owned_links(comparison: Comparison, *, as_of: dt.datetime) -> list[OwnedLink]:
    """Return every link of a comparison: open ones first, the newest first."""
    links = (
        comparison.share_links.annotate(
            n_views=Count("views", distinct=True), last_viewed_at=Max("views__viewed_at")
        )
        .prefetch_related(
            Prefetch(
                "views",
                queryset=ShareLinkView.objects.order_by("-viewed_at", "-pk")[:VIEWS_LISTED],
                to_attr="latest_views",
            ),
            Prefetch("comments", queryset=_standing_comments()),
        )
        .order_by("-created_at", "-pk")
    )
    owned = [_owned(link, as_of) for link in links]
    return sorted(owned, key=lambda each: not each.is_open)


def comment_counts(comparison: Comparison) -> dict[str, int]:
    """Return how many comments of mentors stand beside each part of a comparison, by its key."""
    rows = (
        MentorComment.objects.filter(
            share_link__comparison=comparison, removed_at__isnull=True, is_owner=False
        )
        .values_list("anchor")
        .annotate(n=Count("pk"))
    )
    return dict(rows)


def comments_of(link: ShareLink) -> Sequence[MentorComment]:
    """Return what stands in the thread of one link, the oldest first."""
    return list(_standing_comments().filter(share_link=link))


def labels_of(hidden: Sequence[str]) -> tuple[str, ...]:
    """Return the choices in words, in the order of the form."""
    return tuple(choice.label for choice in Hideable if choice in hidden)


def _owned(link: Any, as_of: dt.datetime) -> OwnedLink:
    state = "revoked" if link.revoked_at else "expired" if link.expires_at <= as_of else "open"
    return OwnedLink(
        link=link,
        state=state,
        hidden=labels_of(link.hidden),
        n_views=link.n_views,
        last_viewed_at=link.last_viewed_at,
        views=link.latest_views,
        comments=list(link.comments.all()),
    )


def _standing_comments() -> "QuerySet[MentorComment]":
    return MentorComment.objects.filter(Q(removed_at__isnull=True)).order_by("created_at", "pk")
