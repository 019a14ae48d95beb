"""The start page: what this is, shown on three invented offers, and where robots may not look."""

from decimal import Decimal
from typing import Final

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_safe

from config.http import render_page
from offers.forms.sample import SampleForm
from offers.selectors.sample import sample_comparison

ROBOTS: Final = "User-agent: *\nDisallow: /s/\nDisallow: /admin/\nDisallow: /accounts/\n"
FIRST_ASKED: Final = {"exit_proceeds": "$250m", "is_participating": "on"}


@login_not_required
@require_safe
def landing(request: HttpRequest) -> HttpResponse:
    """Explain the product with a comparison worked out on the spot; people signed in go on."""
    if request.user.is_authenticated:
        return redirect("offers:offer_list")
    form = SampleForm(request.GET if "exit_proceeds" in request.GET else FIRST_ASKED)
    sample = None
    if form.is_valid():
        sample = sample_comparison(
            exit_proceeds=Decimal(form.cleaned_data["exit_proceeds"]),
            is_participating=form.cleaned_data["is_participating"],
            today=timezone.localdate(),
        )
    return render_page(
        request,
        "offers/landing.html",
        {"form": form, "sample": sample},
        partials=["sample"],
        status=200 if sample else 422,
    )


@login_not_required
@require_safe
def robots(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 -- a view takes one
    """Keep shared pages, accounts and curation out of search engines."""
    return HttpResponse(ROBOTS, content_type="text/plain; charset=utf-8")
