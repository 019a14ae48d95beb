"""The first page: what Parley is, with a live example that needs no account."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.views.decorators.http import require_safe

from config.http import HouseRequest, render_page
from offers.forms.sample import SampleForm
from offers.sample import LAST_ROUND_VALUE, sample_payout


@login_not_required
@require_safe
def landing(request: HouseRequest) -> HttpResponse:
    """Explain the product, and compute the example for what the visitor typed."""
    is_asked = "exit_proceeds" in request.GET
    form = SampleForm(request.GET if is_asked else {"exit_proceeds": "$40,000,000"})
    if form.is_valid():
        proceeds = float(form.cleaned_data["exit_proceeds"])
        is_participating = form.cleaned_data["is_participating"]
    else:
        proceeds, is_participating = float(LAST_ROUND_VALUE), False
    context = {
        "form": form,
        "sample": sample_payout(proceeds, is_participating=is_participating),
    }
    return render_page(
        request,
        "offers/landing.html",
        context,
        partials=["sample"],
        status=200 if form.is_valid() else 422,
    )
