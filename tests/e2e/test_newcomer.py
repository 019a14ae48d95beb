"""The newcomer: signs up, enters two offers, waits for the worker, shares the comparison."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core import mail
from playwright.sync_api import Page, expect

from config import celery
from offers.models import Offer
from tests.processes import Product

pytestmark = [
    pytest.mark.browser,
    pytest.mark.engines,
    pytest.mark.django_db(transaction=True),
]

EMAIL = "newcomer@example.com"
PASSWORD = "seven quiet herons walk"


def sign_up(page: Page) -> None:
    page.goto("/")
    page.get_by_role("link", name="Enter your first offer").first.click()
    page.locator("[name=email]").fill(EMAIL)
    page.locator("[name=password1]").fill(PASSWORD)
    page.locator("main form button").last.click()
    page.wait_for_url("**/accounts/confirm-email/")
    link = re.search(r"/accounts/confirm-email/[^/\s]+/", mail.outbox[-1].body)
    assert link is not None
    page.goto(link[0])
    page.locator("main form button").last.click()
    page.wait_for_load_state()
    if "/accounts/login/" in page.url:
        page.locator("[name=login]").fill(EMAIL)
        page.locator("[name=password]").fill(PASSWORD)
        page.locator("main form button").last.click()
    page.wait_for_url("**/offers/")


def next_section(page: Page, name: str) -> None:
    page.get_by_role("button", name="Save and continue").last.click()
    page.wait_for_url(f"**/{name}/")


def begin(page: Page, *, company: str, title: str, is_public: bool) -> None:
    page.goto("/offers/new/")
    page.get_by_role("button", name="Start a new offer").click()
    page.locator("[name=name]").fill(company)
    page.locator("[name=title]").fill(title)
    page.locator("[name=location]").select_option(label="New York City")
    page.locator("[name=kind][value=startup]").check()
    page.locator("[name=stage]").select_option(label="Public" if is_public else "Series B")
    page.locator(f"[name=is_public][value={'yes' if is_public else 'no'}]").check()
    if is_public:
        page.locator("[name=share_price]").fill("$100")


def cash(page: Page, base: str) -> None:
    page.locator("[name=base_salary]").fill(base)
    page.locator("[name=bonus_basis][value=none]").check()


def dates(page: Page) -> None:
    page.locator("[name=source][value=written]").check()
    page.locator("[name=stated_date]").fill("2026-11-16")
    page.locator("[name=received_date]").fill("2026-11-16")


@pytest.fixture
def worker(
    tmp_path_factory: pytest.TempPathFactory,
    db: Any,
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[None]:
    """A worker of its own process, which the pages under test wake through a Redis."""
    product = Product(tmp_path_factory.mktemp("n"))
    product.start_redis()
    product.start_worker()
    settings.VALUATION_PATHS = 20_000
    app = celery.app
    monkeypatch.setattr(app.conf, "broker_url", product.broker_url)
    # Pools are made at the first message; kombu keeps one for each broker, so none is closed here
    # but the one whose broker ends with this test.
    monkeypatch.setattr(app, "_pool", None)
    monkeypatch.setattr(app.amqp, "_producer_pool", None)
    yield
    if app._pool is not None:
        app._pool.force_close_all()
    product.end()


@pytest.mark.usefixtures("worker")
def test_a_newcomer_enters_two_offers_compares_and_shares_them(
    visit: Callable[..., Any],
) -> None:
    page = visit().page
    sign_up(page)

    begin(page, company="Alder Research", title="Research engineer", is_public=True)
    next_section(page, "cash")
    cash(page, "200k")
    page.locator("#running-total", has_text="$200,000").wait_for()  # the live total
    next_section(page, "equity")
    page.locator("[name=grants-0-compensation_type][value=rsu]").check()
    page.locator("[name=grants-0-quantity]").fill("4,000")
    page.get_by_role("link", name="Dates and people").click()
    dates(page)
    next_section(page, "review")
    page.get_by_role("button", name="Save offer").click()
    page.wait_for_url(re.compile(r"/offers/\d+/$"))

    begin(page, company="Bellwether AI", title="Founding engineer", is_public=False)
    next_section(page, "cash")
    cash(page, "a lot")
    page.get_by_role("button", name="Save and continue").last.click()
    page.get_by_text("There is a problem").wait_for()
    assert page.locator("[name=base_salary]").input_value() == "a lot"
    cash(page, "160,000")
    next_section(page, "equity")
    page.locator("[name=grants-0-compensation_type][value=iso]").check()
    page.locator("[name=grants-0-quantity]").fill("80k")
    page.locator("[name=grants-0-exercise_price]").fill("$0.50")
    next_section(page, "company")
    for name, figure in (
        ("fully_diluted_shares", "12m"),
        ("last_preferred_price", "$7.50"),
        ("total_raised", "20m"),
    ):
        page.locator(f"[name={name}]").fill(figure)
        page.locator(f"[name={name}_status]").select_option("written")
    next_section(page, "benefits")
    page.get_by_role("link", name="Dates and people").click()
    dates(page)
    next_section(page, "review")
    page.get_by_role("button", name="Save offer").click()
    page.wait_for_url(re.compile(r"/offers/\d+/$"))

    assert Offer.objects.count() == 2
    expect(page.get_by_text("20,000 simulated ones")).to_be_visible(timeout=60_000)  # by the worker
    assert page.locator("#valuation circle.dot").count() == 20

    page.goto("/comparisons/new/")
    for box in page.locator("main input[type=checkbox]").all():
        box.check()
    page.locator("main form button").last.click()
    page.wait_for_url(re.compile(r"/comparisons/\d+/"))
    assert page.get_by_role("heading", name="What the equity could pay").is_visible()
    assert page.get_by_text("$1.20M").first.is_visible()  # 4 x 200,000 + 4,000 x $100
    assert page.get_by_text("$640,000").first.is_visible()

    page.get_by_role("link", name="Share with a mentor").click()
    page.locator("[name=label]").fill("Marcus")
    page.locator("[name=question]").fill("Which would you take?")
    page.locator("[name=hidden][value=company_names]").check()
    page.locator("[name=hidden][value=cap_table]").check()
    page.get_by_role("button", name="Make the link").click()
    address = page.locator("#new-link").input_value()

    # Marcus has another browser, no account and no script.
    mentor = visit(java_script_enabled=False).page
    mentor.goto(address)
    assert mentor.get_by_text("Which would you take?").is_visible()
    seen = mentor.content()
    assert "Company A" in seen
    assert "Company B" in seen
    for hidden in ("Alder Research", "Bellwether", "$7.50", "12,000,000", "12.0M", "20,000,000"):
        assert hidden not in seen, hidden
    mentor.locator("[name=author_name]").fill("Marcus")
    mentor.locator("[name=body]").fill("Ask B for a longer time to exercise.")
    mentor.get_by_role("button", name="Post comment").click()
    expect(mentor.get_by_text("Ask B for a longer time to exercise.")).to_be_visible()

    page.reload()
    expect(page.get_by_text("Ask B for a longer time to exercise.")).to_be_visible()
    page.get_by_role("button", name="End this link now").click()
    expect(page.get_by_text("Ended by you")).to_be_visible()

    ended = mentor.goto(address)
    ended_page = mentor.content()
    never = mentor.goto(re.sub(r"/s/.*", f"/s/{'A' * 43}/", address))
    assert ended is not None
    assert never is not None
    assert (ended.status, ended_page) == (404, mentor.content())
    assert never.status == 404
