"""Figures, days, letters and icons as templates print them."""

from datetime import UTC, date, datetime
from decimal import Decimal

import lucide
import pytest
from django.template import Context, Template
from django.test import RequestFactory, override_settings

from tests.config.figures.markup import elements, words

FRIDAY = date(2026, 12, 4)
TODAY = date(2026, 11, 23)


def rendered(source: str, **context: object) -> str:
    return Template(source).render(Context(context))


@pytest.mark.parametrize(
    ("source", "value", "shown"),
    [
        ("{{ value|money }}", Decimal(265_000), "$265,000"),
        ("{{ value|money:'GBP' }}", 95_000, "£95,000"),
        ("{{ value|money_short }}", 2e6, "$2.00M"),
        ("{{ value|per_share }}", Decimal("18.4"), "$18.40"),
        ("{{ value|percent }}", 0.59, "59%"),
        ("{{ value|percent:1 }}", 0.125, "12.5%"),
        ("{{ value|ownership }}", Decimal("0.0045"), "0.45%"),
        ("{{ value|shares }}", 42_000, "42,000"),
        ("{{ value|shares_short }}", 14_200_000, "14.2M"),
        ("{{ value|currency_symbol }}", "CHF", "CHF"),
        ("{% money_range value 2340000 %}", 1_720_000, "$1.72M to $2.34M"),
        ("{{ value|letter }} {{ value|hue }}", 1, "B b"),
        ("{{ value|initials }}", "Marcus T. Aurelius", "MT"),
        ("{{ value|initials }}", "", ""),
    ],
)
def test_figures_read_as_designed(source, value, shown) -> None:
    assert rendered(source, value=value) == shown


FIGURES = ("money", "money_short", "per_share", "percent", "ownership", "shares", "shares_short")


@pytest.mark.parametrize("name", FIGURES)
def test_what_is_unknown_is_not_zero(name) -> None:
    source = f"{{{{ value|{name} }}}}"

    assert rendered(source, value=None) == "Not stated"
    assert rendered(source, value=float("nan")) == "Not known"
    assert rendered(source, value=float("inf")) == "Not known"
    assert rendered(source, value=0) not in {"Not stated", ""}


@pytest.mark.parametrize("name", ["day", "long_day"])
def test_a_day_is_machine_readable(name) -> None:
    html = rendered(f"{{{{ value|{name} }}}}", value=FRIDAY)

    assert elements(html, "time")[0]["datetime"] == "2026-12-04"
    assert words(html) == {"day": "Fri 4 Dec", "long_day": "4 December 2026"}[name]
    assert rendered(f"{{{{ value|{name} }}}}", value=None) == "Not stated"


def test_a_day_elsewhere_in_time_names_its_year() -> None:
    assert words(rendered("{{ value|day:as_of }}", value=FRIDAY, as_of=date(2027, 1, 2))) == (
        "Fri 4 Dec 2026"
    )


def test_a_moment_counts_as_the_day_where_the_reader_is() -> None:
    moment = datetime(2026, 12, 3, 23, 30, tzinfo=UTC)

    with override_settings(TIME_ZONE="Europe/Berlin"):
        assert words(rendered("{{ value|day }}", value=moment)) == "Fri 4 Dec"


@pytest.mark.parametrize(
    ("day", "words_left", "tone"),
    [
        (date(2026, 11, 20), "3 days ago", "bad"),
        (TODAY, "today", "warn"),
        (FRIDAY, "11 days", "warn"),
        (date(2026, 12, 8), "15 days", ""),
        (None, "Not stated", ""),
    ],
)
def test_a_deadline_says_how_near_it_is(day, words_left, tone) -> None:
    shown = rendered("{{ day|days_left:as_of }}|{{ day|urgency:as_of }}", day=day, as_of=TODAY)

    assert shown == f"{words_left}|{tone}"


def test_an_icon_is_decoration_unless_it_is_named() -> None:
    plain = rendered('{% icon "circle-alert" %}')
    named = rendered('{% icon "circle-alert" label %}', label='"><script>')

    assert elements(plain, "svg")[0]["aria-hidden"] == "true"
    assert elements(named, "svg", role="img")[0]["aria-label"] == '"><script>'
    assert not elements(named, "script")
    assert "style" not in {name for element in elements(plain) for name in element.attributes}


def test_an_icon_that_does_not_exist_is_a_mistake() -> None:
    with pytest.raises(lucide.IconDoesNotExist):
        rendered('{% icon "no-such-icon" %}')


def test_a_notice_wraps_what_is_in_it() -> None:
    html = rendered('{% notice "warn" %}<p>{{ text }}</p>{% endnotice %}', text="<b>")

    assert elements(html, "div")[0]["class"] == "notice warn"
    assert words(html) == "<b>"
    assert not elements(html, "b")


@pytest.mark.parametrize(
    ("path", "is_current"),
    [("/offers/", True), ("/offers/5/", True), ("/", False), ("/accounts/", False)],
)
def test_a_link_of_the_navigation_knows_where_we_are(path, is_current) -> None:
    html = rendered(
        '{% nav_link "Offers" "offers:offer_list" %}', request=RequestFactory().get(path)
    )

    (link,) = elements(html, "a", href="/offers/")
    assert (link.get("aria-current") == "page") is is_current


def test_a_link_to_the_start_is_current_only_there() -> None:
    source = '{% nav_link "Start" "landing" %}'

    assert "aria-current" in rendered(source, request=RequestFactory().get("/"))
    assert "aria-current" not in rendered(source, request=RequestFactory().get("/offers/"))


def test_a_link_to_nowhere_is_left_out() -> None:
    assert rendered('{% nav_link "Soon" "no:such_page" %}').strip() == ""
