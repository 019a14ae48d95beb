"""Figures, icons and offer letters in templates. A builtin library: no `{% load %}` needed."""

import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from math import isfinite
from typing import Any, Final

import lucide
from django import template
from django.template.defaultfilters import stringfilter
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from config.figures import amounts

register = template.Library()

NOT_STATED: Final = "Not stated"
LETTERS: Final = "ABCDEF"


def _worded(value: Any, show: Callable[[Any], str]) -> str:
    """Return the figure in words; what is unknown says so and is never an empty cell."""
    if isinstance(value, float) and not isfinite(value):
        return "Not known"
    return show(value) if isinstance(value, Decimal | int | float) else NOT_STATED


@register.filter
def money(value: Any, currency: str = "USD") -> str:
    """Exact pay: `$265,000`."""
    return _worded(value, lambda figure: amounts.money(figure, currency))


@register.filter
def money_short(value: Any, currency: str = "USD") -> str:
    """A headline in three significant figures: `$2.00M`."""
    return _worded(value, lambda figure: amounts.headline(figure, currency))


@register.filter
def per_share(value: Any, currency: str = "USD") -> str:
    """A price per share: `$18.40`."""
    return _worded(value, lambda figure: amounts.price(figure, currency))


@register.filter
def percent(value: Any, decimals: int = 0) -> str:
    """A fraction as a percentage: `59%`."""
    return _worded(value, lambda figure: amounts.percent(figure, decimals))


@register.filter
def ownership(value: Any) -> str:
    """A stake, as a fraction: `0.45%`."""
    return _worded(value, amounts.ownership)


@register.filter
def shares(value: Any) -> str:
    """A number of shares: `42,000`."""
    return _worded(value, amounts.count)


@register.filter
def shares_short(value: Any) -> str:
    """A number of shares in three significant figures: `14.2M`."""
    return _worded(value, amounts.count_short)


@register.filter
def currency_symbol(code: str) -> str:
    """The sign of a currency: `$`, `CA$`, `CHF`."""
    return amounts.symbol(code).strip()


@register.simple_tag
def money_range(low: Any, high: Any, currency: str = "USD") -> str:
    """A range in words: `$1.72M to $2.34M`."""
    return amounts.money_range(low, high, currency)


# --- days --------------------------------------------------------------------------------------


def _date(value: date | datetime) -> date:
    if isinstance(value, datetime):
        return timezone.localdate(value) if timezone.is_aware(value) else value.date()
    return value


@register.filter(expects_localtime=True)
def day(value: Any, as_of: Any = None) -> SafeString | str:
    """A day in a `<time>`: `Fri 4 Dec`, with its year where that is not the year of `as_of`."""
    if not isinstance(value, date):
        return NOT_STATED
    shown = amounts.day(_date(value), _date(as_of) if isinstance(as_of, date) else None)
    return format_html('<time datetime="{}">{}</time>', _date(value).isoformat(), shown)


@register.filter(expects_localtime=True)
def long_day(value: Any) -> SafeString | str:
    """A day in full: `4 December 2026`."""
    if not isinstance(value, date):
        return NOT_STATED
    date_only = _date(value)
    return format_html(
        '<time datetime="{}">{}</time>', date_only.isoformat(), amounts.long_day(date_only)
    )


@register.filter(expects_localtime=True)
def days_left(value: Any, as_of: Any) -> str:
    """How far away a day is, seen from `as_of`: `11 days`, `today`, `3 days ago`."""
    if not (isinstance(value, date) and isinstance(as_of, date)):
        return NOT_STATED
    return amounts.days_left(_date(value), _date(as_of))


@register.filter(expects_localtime=True)
def urgency(value: Any, as_of: Any) -> str:
    """The tone of a deadline: `bad` once it has passed, `warn` within two weeks, else nothing."""
    if not (isinstance(value, date) and isinstance(as_of, date)):
        return ""
    days = (_date(value) - _date(as_of)).days
    return "bad" if days < 0 else "warn" if days <= 14 else ""


# --- offers ------------------------------------------------------------------------------------


@register.filter
def letter(position: int) -> str:
    """The letter of the offer in this position, from 0: `A` to `F`."""
    return LETTERS[position]


@register.filter
def hue(position: int) -> str:
    """The hue of the offer in this position, from 0: `a` to `f`, for classes such as `o-a`."""
    return LETTERS[position].lower()


# --- parts with a body ---------------------------------------------------------------------------


@register.simple_block_tag
def notice(content: str, tone: str = "info") -> SafeString:
    """A boxed note, `{% notice "warn" %}…{% endnotice %}`, in the tone info, good, warn or bad."""
    marks = {"good": "check", "warn": "triangle-alert", "bad": "circle-alert"}
    return format_html(
        '<div class="notice {}">{}<div>{}</div></div>', tone, icon(marks.get(tone, "info")), content
    )


# --- icons and addresses -----------------------------------------------------------------------


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """An icon of Lucide as inline SVG: decoration, unless a label says what it means."""
    return _icon(name, label)


@lru_cache(maxsize=256)
def _icon(name: str, label: str) -> SafeString:
    svg = lucide._render_icon(str(name), None)  # noqa: SLF001 -- what its own template tag calls
    drawing = re.sub(r"\s*\n\s*", "", svg[svg.index(">") + 1 :].replace(" />", "/>"))
    meaning = (
        format_html('role="img" aria-label="{}"', label)
        if label
        else mark_safe('aria-hidden="true" focusable="false"')
    )
    return format_html(
        '<svg class="i" viewBox="0 0 24 24" width="20" height="20" {}>{}',
        meaning,
        mark_safe(drawing),  # noqa: S308 -- a file of the lucide package
    )


# Their pages hang on addresses of offers too, and yet belong to one place in the navigation.
_APPS_OF_ONE_LINK: Final = frozenset({"negotiation"})


@register.inclusion_tag("components/nav_link.html", takes_context=True)
def nav_link(context: template.Context, label: str, view_name: str) -> dict[str, Any]:
    """A link of the main navigation, left out where the address does not exist.

    A page belongs to the link of its app if that app has one; else to the one its address begins
    with.
    """
    try:
        href = reverse(view_name)
    except NoReverseMatch:
        return {}
    request = context.get("request")
    path = getattr(request, "path", "")
    app = getattr(getattr(request, "resolver_match", None), "app_name", "")
    is_within = path == href or (href != "/" and path.startswith(href))
    if app in _APPS_OF_ONE_LINK:
        is_within = view_name.startswith(f"{app}:")
    return {"label": label, "href": href, "is_current": is_within}


@register.filter
@stringfilter
def initials(name: str) -> str:
    """Up to two letters that stand for a person: `Marcus T.` is `MT`."""
    return "".join(word[0] for word in name.split()[:2]).upper()
