"""What a new letter makes of the promises, before it is saved as the next revision."""

from django.http import Http404, HttpResponse
from django.utils import timezone

from config.http import AuthedRequest, owned, render_page
from negotiation import selectors
from negotiation.selectors.letters import letter_ledger
from offers.models import Letter


@owned(Letter.objects.with_offer(), "GET", "HEAD")
def letter_promises(request: AuthedRequest, letter: Letter) -> HttpResponse:
    """Promised and in the letter, promised and missing, and worse than before."""
    if letter.offer is None or not letter.reading:
        raise Http404
    talk = selectors.talk_of(request.user, letter.offer.pk)
    ledger = letter_ledger(letter, letter.offer, talk, today=timezone.localdate())
    return render_page(
        request,
        "negotiation/letter_promises.html",
        {"ledger": ledger, "letter": letter, "offer": letter.offer, "currency": ledger.currency},
        partials=["letter-promises"],
    )
