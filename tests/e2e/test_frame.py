"""What script adds to every page, in a real Chromium under the policy, and pages without it."""

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django import forms
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.template import RequestContext, Template
from django.test import RequestFactory
from django.urls import reverse
from playwright.sync_api import Page, Route, expect

from config.figures.charts import Line, YearPay, dot_plot, market_strip, payout_curve, shared_scale
from config.figures.charts import year_bars as bars
from config.figures.fields import AmountField, CountField, FigureField

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

Visit = Callable[..., Any]

POLICY = "; ".join(
    f"{name} {' '.join(sources)}"
    for name, sources in settings.CONTENT_SECURITY_POLICY["DIRECTIVES"].items()
)


class GrantForm(forms.Form):
    """A row of the formset."""

    quantity = CountField(label="Options granted", required=False)


class FigureForm(forms.Form):
    """A form with a figure that may be unknown."""

    shares = FigureField(CountField(), label="Fully diluted shares")
    base = AmountField(label="Base salary")


PAGE = """{% extends "base.html" %}{% block title %}Frame{% endblock %}{% block main %}
<h1>Frame</h1>
<form method="post" novalidate>{% csrf_token %}{{ form }}
{% include "components/formset.html" with legend="Grant" add_label="Add another grant" %}</form>
{% include "components/copy_field.html" with id="link" label="Private link" value="https://x.y/z" %}
<button class="btn" type="button" hx-get="/healthz/" hx-target="#answer">Ask</button><p id="answer"></p>
<button class="btn" type="button" hx-get="/frame/part/" hx-target="#part">Swap</button>
<div id="part"></div>
{% include "components/charts/year_bars.html" with chart=year_bars hue="a" %}
{% include "components/charts/payout_curve.html" with chart=curve hue="b" %}
{% include "components/charts/dots.html" with chart=dots hue="c" %}
{% include "components/charts/strip.html" with chart=strip hue="d" %}
{% include "components/charts/table.html" with table=curve.table caption="Payout" %}
{% endblock %}"""


def frame(path: str = "/frame/", data: dict[str, str] | None = None) -> str:
    """Return a page that has one of everything script touches."""
    request = RequestFactory().get(path)
    request.user = AnonymousUser()
    rows = forms.formset_factory(GrantForm, extra=1)
    pay = [YearPay(solid=310_000, tint=40_000, paper=400_000)] * 4
    context = {
        "form": FigureForm(data),
        "formset": rows(),
        "year_bars": bars(pay, scale=shared_scale(year.height for year in pay)),
        "curve": payout_curve(
            Line.of_tranches([0, 3.5e9], [0, 2e-4]),
            x_maximum=1e10,
            scale=shared_scale([1.3e6]),
            marks=[(7.3e9, "last round")],
        ),
        "dots": dot_plot(
            [i * 1e5 for i in range(20)], median=1e6, p10=1e5, p90=1.8e6, scale=shared_scale([2e6])
        ),
        "strip": market_strip((1e5, 2e5, 3e5, 4e5, 5e5), low=0, high=6e5, value=3e5, letter="D"),
    }
    return Template(PAGE).render(RequestContext(request, context))


@pytest.fixture
def open_frame(visit: Visit) -> Callable[..., Page]:
    """Return a way to open the page under the policy of the house."""

    def open_page(html: str | None = None, visitor: Any = None, **options: Any) -> Page:
        page: Page = (visitor or visit(**options)).page
        headers = {"Content-Security-Policy": POLICY, "Content-Type": "text/html; charset=utf-8"}
        swapped = '<p id="news" tabindex="-1" data-autofocus>Here.</p>'

        def answer(route: Route) -> None:
            is_part = route.request.url.endswith("/part/")
            route.fulfill(body=swapped if is_part else html or frame(), headers=headers)

        page.route("**/frame/**", answer)
        page.goto("/frame/")
        return page

    return open_page


def test_the_theme_changes_at_once_and_keeps_what_was_typed(visit: Visit) -> None:
    page = visit().page
    page.goto("/accounts/login/")
    page.get_by_label("E-mail address").fill("priya@example.com")

    for theme in ("light", "dark", None):
        page.locator("[data-theme-form] button").click()

        chosen = page.locator(f"html[data-theme={theme}]" if theme else "html:not([data-theme])")
        expect(chosen).to_have_count(1)
        expect(page.get_by_label("E-mail address")).to_have_value("priya@example.com")
        expect(page.locator("[data-theme-form] button")).to_be_focused()


def test_the_theme_changes_without_script(visit: Visit) -> None:
    page = visit(java_script_enabled=False).page
    page.goto("/accounts/login/")

    page.locator("[data-theme-form] button").click()

    expect(page.locator("html")).to_have_attribute("data-theme", "light")
    assert page.url.endswith("/accounts/login/")


def test_a_figure_is_dimmed_while_it_is_unknown(open_frame: Callable[..., Page]) -> None:
    page = open_frame()
    figure = page.locator("[data-figure]")
    status = page.get_by_role("combobox", name="Fully diluted shares How you know it")

    expect(figure).to_have_class("figure is-unknown")
    page.locator("#id_shares").fill("120m")
    expect(status).to_have_value("written")
    expect(figure).to_have_class("figure")
    status.select_option("refused")
    expect(figure).to_have_class("figure is-unknown")


def test_another_row_can_be_added(open_frame: Callable[..., Page]) -> None:
    page = open_frame()

    page.get_by_role("button", name="Add another grant").click()

    expect(page.locator("[name=form-TOTAL_FORMS]")).to_have_value("2")
    expect(page.get_by_role("group", name="Grant 2")).to_be_visible()
    expect(page.locator("#id_form-1-quantity")).to_be_focused()


def test_a_lost_request_can_be_sent_again(open_frame: Callable[..., Page], visit: Visit) -> None:
    visitor = visit()
    page = open_frame(visitor=visitor)
    page.locator("#id_base").fill("185k")
    page.context.set_offline(True)

    page.get_by_role("button", name="Ask").click()
    expect(page.get_by_role("alert")).to_contain_text("That did not reach us.")
    page.context.set_offline(False)
    assert any("htmx:sendError" in words for words in visitor.complaints)
    visitor.complaints.clear()
    page.get_by_role("button", name="Retry").click()

    expect(page.locator("#answer")).to_contain_text("database")
    expect(page.locator("body > .trouble")).to_have_count(0)
    expect(page.locator("#id_base")).to_have_value("185k")


def test_focus_follows_what_the_server_points_at(open_frame: Callable[..., Page]) -> None:
    page = open_frame()

    page.get_by_role("button", name="Swap").click()

    expect(page.locator("#news")).to_be_focused()


def test_the_summary_of_mistakes_takes_focus_and_leads_to_them(
    open_frame: Callable[..., Page],
) -> None:
    page = open_frame(frame(data={"base": "lots", "shares": "5", "shares_status": "refused"}))

    expect(page.locator(".errors")).to_be_focused()
    assert page.title().startswith("Error: ")
    page.get_by_role("link", name="Fully diluted shares: You wrote").click()
    expect(page.locator("#id_shares")).to_be_focused()


def test_a_link_is_copied_and_said_so(open_frame: Callable[..., Page]) -> None:
    page = open_frame(permissions=["clipboard-read", "clipboard-write"])

    page.get_by_role("button", name="Copy").click()

    expect(page.locator("#live")).to_have_text("Copied.")
    assert page.evaluate("navigator.clipboard.readText()") == "https://x.y/z"


def test_the_menu_closes_on_escape_and_on_a_click_elsewhere(visit: Visit, candidate: Any) -> None:
    page = visit(candidate).page
    page.goto("/accounts/settings/")
    summary = page.locator(".menu summary")

    summary.click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Sign out")).to_be_hidden()
    expect(summary).to_be_focused()
    summary.click()
    page.locator("h1").click()
    expect(page.get_by_role("button", name="Sign out")).to_be_hidden()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390, 320])
def test_fields_and_charts_are_accessible_and_fit(
    open_frame: Callable[..., Page], width: int, scheme: str
) -> None:
    html = frame(data={"base": "lots", "shares": "5", "shares_status": "refused"})
    page = open_frame(html, viewport={"width": width, "height": 900}, color_scheme=scheme)

    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]})

    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_paper_is_light_and_its_tables_are_open(open_frame: Callable[..., Page]) -> None:
    page = open_frame(color_scheme="dark")

    page.emulate_media(media="print", color_scheme="dark")

    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert ground == "rgb(255, 255, 255)"
    assert page.evaluate("getComputedStyle(document.querySelector('.tint')).fill") != ""
    expect(page.locator("details.data td").first).to_be_visible()
    expect(page.locator(".site-end")).to_be_hidden()


def test_the_second_click_of_a_double_click_sends_nothing(visit: Visit, candidate: Any) -> None:
    page = visit(candidate).page
    posts: list[Route] = []
    page.route(
        "**/calendars/",
        lambda route: posts.append(route) if route.request.method == "POST" else route.continue_(),
    )
    page.goto(reverse("negotiation:calendar_feeds"))
    page.get_by_role("textbox").fill("Phone")
    box = page.get_by_role("button", name="Make an address").bounding_box()
    assert box is not None

    for _ in range(
        2
    ):  # by place, since a locator waits for the page that the first click asked for
        page.mouse.click(box["x"] + 8, box["y"] + 8)
        page.wait_for_timeout(100)
    assert len(posts) == 1

    posts[0].continue_()
    expect(page.get_by_text("Here it is, once")).to_be_visible()
    assert page.get_by_role("heading", name="Phone").count() == 1
