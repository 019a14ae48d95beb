"""Both doors of a link: the owner's, behind the sign-in, and the mentor's, who has only the link."""

import re
from collections.abc import Callable
from functools import wraps
from typing import Any, Final

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from accounts.devices import device_name
from config.http import AuthedRequest, is_over_limit, render_page, throttled, too_many_tries
from offers import selectors, services
from offers.forms.sharing import CommentForm, PasscodeForm, ReplyForm, ShareForm
from offers.models import Comparison, MentorComment, ShareLink

COOKIE: Final = "share-pass"
# What draws a preview of a link, or an index of the web, says so in its name. What merely is no
# browser counts as a visitor: the owner would want to know.
_ROBOT: Final = re.compile(
    r"(?<!cu)bot\b|crawl|spider|preview|facebookexternalhit|whatsapp|slack-|embedly|snippet",
    re.IGNORECASE,
)

LinkDoor = Callable[..., HttpResponse]


# --- the owner ---------------------------------------------------------------------------------


def on_comparison(*methods: str) -> Callable[[LinkDoor], LinkDoor]:
    """Find the comparison of this person; a stranger gets the same 404 by every method."""

    def decorate(view: LinkDoor) -> LinkDoor:
        @wraps(view)
        def found(request: AuthedRequest, pk: int, **others: int) -> HttpResponse:
            comparison = get_object_or_404(Comparison.objects.visible_to(request.user), pk=pk)
            links = ShareLink.objects.visible_to(request.user).filter(comparison=comparison)
            rows: dict[str, Any] = {}
            if "link_pk" in others:
                rows["link"] = get_object_or_404(links, pk=others["link_pk"])
            if "comment_pk" in others:
                comments = MentorComment.objects.visible_to(request.user).filter(
                    share_link=rows["link"], removed_at__isnull=True
                )
                rows["comment"] = get_object_or_404(comments, pk=others["comment_pk"])
            if request.method not in methods:
                return HttpResponseNotAllowed(methods)
            return view(request, comparison, **rows)

        return found

    return decorate


@on_comparison("GET", "HEAD", "POST")
def share_links(request: AuthedRequest, comparison: Comparison) -> HttpResponse:
    """Every link to this comparison, who opened it, what was said; and a form for a new one."""
    names = comparison.offers.values_list("company__name", flat=True)
    form = ShareForm(request.POST if request.method == "POST" else None, company_names=list(names))
    new_url = ""
    if form.is_valid():
        try:
            new = services.share_comparison(
                comparison=comparison, as_of=timezone.now(), **form.cleaned_data
            )
        except services.TooManyLinks:
            form.add_error(None, "So many links are open already. End one of them first.")
        except services.LinkHasEnded:
            messages.info(request, "That link was made before, and has ended since.")
            return redirect("offers:share_links", comparison.pk)
        else:
            # Answered at once and not after a redirect: this is the only time that we know it.
            new_url = request.build_absolute_uri(
                reverse("offers:shared_comparison", args=[new.token])
            )
            form = ShareForm(company_names=())
    return _links_page(
        request,
        comparison,
        {"form": form, "new_url": new_url},
        status=422 if form.is_bound else 200,
    )


@on_comparison("POST")
def share_revoke(request: AuthedRequest, comparison: Comparison, link: ShareLink) -> HttpResponse:
    """End a link at once."""
    services.revoke_link(link=link, as_of=timezone.now())
    messages.success(request, "The link has ended. Whoever opens it sees nothing.")
    return redirect("offers:share_links", comparison.pk)


@on_comparison("POST")
def share_reply(
    request: AuthedRequest, comparison: Comparison, link: ShareLink, comment: MentorComment
) -> HttpResponse:
    """Answer a comment, on the link it was written on."""
    form = ReplyForm(request.POST, prefix=f"reply-{comment.pk}")
    if form.is_valid():
        try:
            services.reply_to_comment(comment=comment, body=form.cleaned_data["body"])
        except services.TooManyComments:
            form.add_error(None, "The thread is full. Remove a comment, or make a new link.")
        else:
            messages.success(request, "Your reply stands on the shared page.")
            return redirect(
                reverse("offers:share_links", args=[comparison.pk]) + f"#link-{link.pk}"
            )
    return _links_page(
        request,
        comparison,
        {"form": ShareForm(company_names=()), "reply_form": form, "replied_pk": comment.pk},
        status=422,
    )


@on_comparison("POST")
def share_remove_comment(
    request: AuthedRequest, comparison: Comparison, link: ShareLink, comment: MentorComment
) -> HttpResponse:
    """Take a comment away for everybody."""
    services.remove_comment(comment=comment, as_of=timezone.now())
    messages.success(request, "The comment is gone, here and on the shared page.")
    return redirect(reverse("offers:share_links", args=[comparison.pk]) + f"#link-{link.pk}")


def _links_page(
    request: AuthedRequest, comparison: Comparison, context: dict[str, Any], *, status: int
) -> HttpResponse:
    links = selectors.owned_links(comparison, as_of=timezone.now())
    page = {"comparison": comparison, "links": links, "anchors": selectors.ANCHORS, **context}
    return render_page(request, "offers/share_links.html", page, status=status)


# --- the mentor --------------------------------------------------------------------------------


def mentor_door(view: LinkDoor) -> LinkDoor:
    """Keep every answer out of search engines, caches and the referrers of other sites."""

    @wraps(view)
    def guarded(request: HttpRequest, token: str) -> HttpResponse:
        response = view(request, token)
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        response.headers["Cache-Control"] = "no-store"
        response.headers["Referrer-Policy"] = "no-referrer"
        return response

    return guarded


@login_not_required
@mentor_door
@throttled(scope="share", limit=60, seconds=60)
@require_safe
def shared_comparison(request: HttpRequest, token: str) -> HttpResponse:
    """The comparison as its owner shares it; or the one answer for every link that is not open."""
    link = selectors.open_link(token, as_of=timezone.now())
    if link is None:
        return _ended(request)
    if not selectors.is_passed(link, request.COOKIES.get(COOKIE, "")):
        return _passcode_page(request, token, PasscodeForm())
    shared = _shared(request, link)
    if shared is None:
        return _ended(request)
    if _is_a_visit(request, link):
        services.record_view(
            link=link,
            device=device_name(request.headers.get("User-Agent", "")),
            as_of=timezone.now(),
        )
    return _shared_page(request, token, shared, CommentForm(link=link, anchors=shared.anchors))


# Exempt from CSRF: what is asked for is in the address, which only people with the link know, and
# no cookie of ours adds to it. The origin check could not pass either: see CommentForm.
@csrf_exempt
@login_not_required
@mentor_door
@throttled(scope="share-passcode", limit=10, seconds=300)
@require_POST
def shared_passcode(request: HttpRequest, token: str) -> HttpResponse:
    """Let a browser in that knows the passcode; guesses count per address and per link."""
    link = selectors.open_link(token, as_of=timezone.now())
    if link is None:
        return _ended(request)
    if link.passcode_hash:
        if is_over_limit(scope="share-passcode", key=link.token_hash, limit=20, seconds=900):
            return too_many_tries(request, seconds=900)
        form = PasscodeForm(request.POST)
        if not form.is_valid():
            return _passcode_page(request, token, form)
        if not selectors.is_passcode(link, form.cleaned_data["passcode"]):
            form.refuse()
            return _passcode_page(request, token, form)
    page = reverse("offers:shared_comparison", args=[token])
    response = redirect(page)
    response.set_cookie(
        COOKIE,
        selectors.pass_for(link),
        max_age=selectors.PASS_LASTS,
        path=page,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


@csrf_exempt
@login_not_required
@mentor_door
@throttled(scope="share-comment", limit=10, seconds=600)
@require_POST
def shared_comments(request: HttpRequest, token: str) -> HttpResponse:
    """Save what a mentor wrote, and lead back to where it stands."""
    link = selectors.open_link(token, as_of=timezone.now())
    if link is None:
        return _ended(request)
    page = reverse("offers:shared_comparison", args=[token])
    if not link.may_comment or not selectors.is_passed(link, request.COOKIES.get(COOKIE, "")):
        return redirect(page)
    shared = _shared(request, link)
    if shared is None:
        return _ended(request)
    form = CommentForm(request.POST, link=link, anchors=shared.anchors)
    if form.is_valid():
        anchor = form.cleaned_data["anchor"]
        try:
            services.leave_comment(
                link=link,
                author_name=form.cleaned_data["author_name"],
                anchor=anchor,
                body=form.cleaned_data["body"],
            )
        except services.TooManyComments:
            form.add_error(None, "There is no room for more comments here. Tell them yourself.")
        else:
            return redirect(f"{page}#comments-{anchor or 'all'}")
    return _shared_page(request, token, shared, form)


def _shared(request: HttpRequest, link: ShareLink) -> selectors.SharedComparison | None:
    return selectors.shared_comparison(
        link,
        today=timezone.localdate(),
        shown=request.GET.get("show", "").lower().split(","),
    )


def _shared_page(
    request: HttpRequest, token: str, shared: selectors.SharedComparison, form: CommentForm
) -> HttpResponse:
    context = {
        "shared": shared,
        "view": shared.view,
        "form": form,
        "token": token,
        "is_only_differing": request.GET.get("rows") == "differing",
    }
    status = 422 if form.is_bound else 200
    return render(request, "offers/shared_comparison.html", context, status=status)


def _is_a_visit(request: HttpRequest, link: ShareLink) -> bool:
    """Say whether somebody looks at the page: no robot, no browser ahead of time, not the owner."""
    ahead = request.headers.get("Sec-Purpose", "") + request.headers.get("Purpose", "")
    return (
        request.method == "GET"
        and "prefetch" not in ahead
        and _ROBOT.search(request.headers.get("User-Agent", "")) is None
        and request.user.pk != link.comparison.owner_id
    )


def _ended(request: HttpRequest) -> HttpResponse:
    return render(request, "offers/shared_ended.html", status=404)


def _passcode_page(request: HttpRequest, token: str, form: PasscodeForm) -> HttpResponse:
    context = {"form": form, "token": token}
    status = 422 if form.is_bound else 200
    return render(request, "offers/shared_passcode.html", context, status=status)
