"""What the pages of a draft read besides the draft itself."""

from collections.abc import Sequence

from accounts.models import User
from offers.models import Company, OfferDraft


def companies_on_record(user: User) -> Sequence[Company]:
    """Return this person's companies with everything that was ever noted about them."""
    return list(
        Company.objects.visible_to(user)
        .select_related("stage", "cap_table")
        .prefetch_related("cap_table__stock_classes", "exit_scenarios")
        .order_by("name", "pk")
    )


def open_drafts(user: User) -> Sequence[OfferDraft]:
    """Return what this person began to type and has not published, latest first."""
    drafts = OfferDraft.objects.visible_to(user).unpublished()
    return list(drafts.select_related("offer__company").order_by("-updated_at", "-pk"))
