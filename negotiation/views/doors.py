"""How a page finds its talk; a stranger gets the same 404 by every method."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone

from config.http import AuthedRequest
from negotiation import selectors, services
from negotiation.models import Negotiation
from offers.models import Offer
from offers.selectors import horizon

Door = Callable[..., HttpResponse]
FROZEN: Final = "You accepted this offer, so its asks and promises stay as they were."


def on_talk(*methods: str, is_frozen_after_yes: bool = False) -> Callable[[Door], Door]:
    """Find this person's talk about an offer, and answer 404 where there is none."""

    def decorate(view: Door) -> Door:
        @wraps(view)
        def found(request: AuthedRequest, pk: int, **others: Any) -> HttpResponse:
            talk = selectors.talk_of(request.user, pk) or _begin(request, pk)
            rows: dict[str, Any] = {}
            for name, key in others.items():
                if name not in ROWS:  # a word of the address, such as a situation
                    rows[name] = key
                    continue
                manager, word = ROWS[name]
                rows[word] = getattr(talk, manager).filter(pk=key).first()
                if rows[word] is None:
                    raise Http404
            if request.method not in methods:
                return HttpResponseNotAllowed(methods)
            is_change = request.method not in {"GET", "HEAD"}
            if is_change and is_frozen_after_yes and talk.offer.state == Offer.State.ACCEPTED:
                messages.error(request, FROZEN)
                return redirect("negotiation:workspace", pk)
            return view(request, talk, **rows)

        return found

    return decorate


def _begin(request: AuthedRequest, pk: int) -> Negotiation:
    """Begin the talk about an offer of this person on its first visit."""
    offers = Offer.objects.visible_to(request.user)
    services.open_negotiation(offer=get_object_or_404(offers, pk=pk), as_of=timezone.now())
    talk = selectors.talk_of(request.user, pk)
    if talk is None:  # the offer was deleted in between
        raise Http404
    return talk


ROWS: Final = {
    "ask_pk": ("asks", "ask"),
    "evidence_pk": ("evidence", "evidence"),
    "task_pk": ("tasks", "task"),
    "commitment_pk": ("commitments", "commitment"),
    "win_pk": ("wins", "win"),
    "call_pk": ("calls", "call"),
}


def position(request: AuthedRequest, talk: Negotiation) -> selectors.Position:
    """Return the terms, numbers, evidence and asks of a talk."""
    return selectors.position_of(talk, horizon_years=horizon(request.user), now=timezone.now())
