"""Pages of an offer in a real browser: accessible, within the frame, and alive."""

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone

from accounts.models import User
from offers import services
from offers.models import Offer, Valuation
from tests.e2e.accessibility import RULES
from tests.factories.terms import exit_scenarios, startup_terms

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def offer(candidate: User) -> Offer:
    terms = startup_terms(exit_scenarios=exit_scenarios())
    return services.record_offer(owner=candidate, terms=terms, as_of=timezone.now())


def finish_the_work() -> None:
    Valuation.objects.update(n_paths=4_000)
    for valuation in Valuation.objects.pending():
        services.run_valuation(valuation_id=valuation.pk, clock=timezone.now)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390, 320])
def test_offer_pages_are_accessible_and_fit(
    offer: Offer, candidate: User, visit: Callable[..., Any], width: int, scheme: str
) -> None:
    finish_the_work()
    page = visit(candidate, viewport={"width": width, "height": 900}, color_scheme=scheme).page

    for path in (
        "/offers/",
        f"/offers/{offer.pk}/",
        f"/offers/{offer.pk}/changes/",
        f"/offers/{offer.pk}/delete/",
    ):
        page.goto(path)
        found = Axe().run(page, options=RULES)
        assert found.violations_count == 0, (path, found.generate_report())
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path


def test_the_result_appears_on_a_page_left_open(
    offer: Offer, candidate: User, visit: Callable[..., Any]
) -> None:
    page = visit(candidate).page
    page.goto(f"/offers/{offer.pk}/")
    assert page.get_by_text("waiting for a worker").is_visible()

    finish_the_work()

    page.get_by_text("4,000 simulated ones").wait_for()
    assert page.locator("#valuation circle.dot").count() == 20


def test_everything_works_without_script(
    offer: Offer, candidate: User, visit: Callable[..., Any]
) -> None:
    page = visit(candidate, java_script_enabled=False).page
    page.goto(f"/offers/{offer.pk}/")
    finish_the_work()
    page.get_by_role("link", name="Look again").click()
    assert page.get_by_text("4,000 simulated ones").is_visible()

    page.get_by_role("button", name="I am negotiating").click()
    assert page.get_by_text("The offer is now: negotiating.").is_visible()
