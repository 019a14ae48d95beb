"""Days for other calendars: a file of one talk, and a private address for all of them."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from config.http import AuthedRequest, owned, render_page, throttled
from negotiation import selectors, services
from negotiation.forms.after import FeedForm
from negotiation.models import CalendarFeed, Negotiation
from negotiation.views.doors import on_talk

ICS = "text/calendar; charset=utf-8"


@on_talk("GET", "HEAD")
def calendar_file(_request: AuthedRequest, talk: Negotiation) -> HttpResponse:
    """The days of one talk, to import into a calendar."""
    response = HttpResponse(
        selectors.calendar_text(
            selectors.days_of_talk(talk), as_of=timezone.now(), base_url=settings.PUBLIC_URL
        ),
        content_type=ICS,
    )
    response.headers["Content-Disposition"] = 'attachment; filename="parley.ics"'
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def calendar_feeds(request: AuthedRequest) -> HttpResponse:
    """The private calendar addresses of this person, and a form for a new one."""
    form = FeedForm(request.POST if request.method == "POST" else None)
    new_url = ""
    if form.is_valid():
        try:
            new = services.open_calendar_feed(
                owner=request.user, label=form.cleaned_data["label"], as_of=timezone.now()
            )
        except services.TooManyFeeds:
            form.add_error(None, "So many addresses are open already. End one of them first.")
        else:
            # Answered at once and not after a redirect: this is the only time that we know it.
            new_url = request.build_absolute_uri(
                reverse("negotiation:calendar_feed", args=[new.token])
            )
            form = FeedForm()
    context = {
        "form": form,
        "new_url": new_url,
        "feeds": request.user.calendar_feeds.order_by("-created_at", "-pk"),
        "now": timezone.now(),
    }
    status = 422 if form.is_bound else 200
    return render_page(request, "negotiation/calendar_feeds.html", context, status=status)


@owned(CalendarFeed.objects, "POST")
def calendar_feed_revoke(request: AuthedRequest, feed: CalendarFeed) -> HttpResponse:
    """End an address at once."""
    services.revoke_calendar_feed(feed=feed, as_of=timezone.now())
    messages.success(request, "The address has ended. Calendars that read it get nothing more.")
    return redirect("negotiation:calendar_feeds")


@login_not_required
@throttled(scope="calendar", limit=60, seconds=60)
@require_safe
def calendar_feed(request: HttpRequest, token: str) -> HttpResponse:
    """The days of a person for a calendar that knows the address; one answer for every other."""
    now = timezone.now()
    feed = selectors.open_feed(token, as_of=now)
    if feed is None or not feed.owner.is_active:
        response = render(request, "negotiation/calendar_ended.html", status=404)
    else:
        services.note_feed_read(feed=feed, as_of=now)
        text = selectors.calendar_text(
            selectors.days_of_owner(feed.owner), as_of=now, base_url=settings.PUBLIC_URL
        )
        response = HttpResponse(text, content_type=ICS)
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
