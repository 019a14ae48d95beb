"""Role and company: what the job is, where, and for whom."""

import re
from collections.abc import Iterable
from itertools import groupby
from typing import Any, Final

from django import forms

from config.figures.fields import AmountField, CardRadioSelect, set_currency
from market.models import Level, Location, RoleFamily
from offers.forms.fields import (
    MAX_PRICE,
    DayField,
    LineField,
    PickField,
    YesNoField,
    currency_choices,
    optional,
)
from offers.forms.section import SectionForm, Spec
from offers.models import Company, Offer

PUBLIC_STAGE: Final = "public"
UNKNOWN_STAGE: Final = "unknown"

_KIND_HINTS: Final[dict[str, str]] = {
    Company.Kind.BIG_TECH: "Large and established, usually listed",
    Company.Kind.AI_LAB: "Research at the frontier, often with its own kind of equity",
    Company.Kind.STARTUP: "Funded by investors, not listed",
    Company.Kind.FINANCE: "Cash bonuses are larger here",
    Company.Kind.OTHER: "Any other employer, from retail to health",
    Company.Kind.PUBLIC_SECTOR: "Rarely any equity",
}
# What titles say in short; the words on the right are those of the role families.
_SHORT_FORMS: Final = {
    "ml": "machine learning",
    "mle": "machine learning engineer",
    "swe": "software engineer",
    "sde": "software engineer",
    "sre": "devops sre platform engineer",
    "ds": "data scientist",
    "de": "data engineer",
    "pm": "product manager",
    "fde": "forward deployed engineer",
    "genai": "ai",
    "llm": "ai",
    "scientists": "scientist",
    "engineering": "engineer",
}
_STOP_WORDS: Final = frozenset(("and", "or", "incl", "of", "the", "senior", "staff", "lead"))


class RoleForm(SectionForm):
    """The job, and what is generally known about the company."""

    explanations = {
        "stage": "Where the company stands between its first money and the stock exchange. A company "
        "raises money in rounds, named Seed, Series A, Series B and so on.",
        "is_public": "Shares of a listed company can be sold on the day they are yours. Shares of a "
        "private one usually cannot, and may turn out to be worth nothing.",
        "role_family": "The kind of work that your pay is compared within.",
        "level": "Companies name levels differently. Ours run from L1 to L10 for individual work and "
        "from M1 for management; the names after the dot are those that large companies use.",
    }

    questions = frozenset(("share_price", "level"))

    name = LineField(label="Company", what="the company’s name")
    kind = PickField(
        label="What kind of company is it?",
        what="what kind of company it is",
        choices=Company.Kind.choices,
        widget=CardRadioSelect(hints=_KIND_HINTS),
        initial=Company.Kind.STARTUP,
    )
    stage = PickField(label="Stage", what="a stage, or “Not sure”", initial=UNKNOWN_STAGE)
    size_band = PickField(
        label="Size",
        what="a size, or “Not sure”",
        choices=Company.SizeBand.choices,
        initial=Company.SizeBand.UNKNOWN,
    )
    is_public = YesNoField(
        label="Is it listed on a stock exchange?",
        yes="Yes, its shares are traded",
        no="No, it is private",
        what="whether it is listed",
        initial=False,
    )
    share_price_currency = PickField(label="Currency of the share", what="a currency")
    share_price = AmountField(
        label="Share price",
        help_text="One share, at the last close you know.",
        is_price=True,
        max_value=MAX_PRICE,
        required=False,
        suffix="each",
    )
    share_price_date = DayField(label="On which day", required=False)

    title = LineField(label="Job title", what="the job title")
    role_family = PickField(
        label="Kind of role",
        help_text="Leave it open and we take it from the title.",
        required=False,
    )
    level = PickField(
        label="Level", help_text="What the company calls it comes after the dot.", required=False
    )
    location = PickField(
        label="Location",
        help_text="Where you would be paid. For a remote role that is where you live.",
        what="where the job is",
    )
    work_arrangement = PickField(
        label="Where you work",
        what="where you work",
        choices=Offer.WorkArrangement.choices,
        widget=forms.RadioSelect,
        initial=Offer.WorkArrangement.ON_SITE,
    )

    def prepare(self) -> None:
        lists = self.context.taxonomy
        self.choose("stage", [(key, row.label) for key, row in lists.stages.items()])
        self.choose("share_price_currency", currency_choices(lists.currencies))
        self.choose("location", optional(_locations(lists.locations.values()), "Choose a place"))
        self.choose("level", optional(_levels(lists.levels.values()), "Not sure"))
        families = [(row.key, row.label) for row in lists.role_families.values()]
        self.choose("role_family", optional(families, "Take it from the title"))
        self.fields["share_price_currency"].initial = self.context.share_currency
        chosen = self.data.get("share_price_currency") if self.is_bound else None
        set_currency(self, chosen or self.context.share_currency)

    def clean(self) -> dict[str, Any]:
        if self.cleaned_data.get("is_public") is False:
            self.leave_out("share_price", "share_price_date", "share_price_currency")
        self._take_family_from_title()
        self._doubt()
        return self.cleaned_data

    def _take_family_from_title(self) -> None:
        title = self.cleaned_data.get("title")
        if self.cleaned_data.get("role_family") or not title:
            return
        family = family_of_title(title, self.context.taxonomy.role_families.values())
        if family is not None:
            self.cleaned_data["role_family"] = family.key
            self.cautions["role_family"] = (
                f"From the title we take this as “{family.label}”. Choose another if that is wrong."
            )

    def _doubt(self) -> None:
        is_public = self.cleaned_data.get("is_public")
        stage = self.cleaned_data.get("stage")
        if stage == PUBLIC_STAGE and is_public is False:
            self.cautions["is_public"] = "You chose the stage “Public”. Is it listed after all?"
        if is_public and stage not in {PUBLIC_STAGE, UNKNOWN_STAGE, None}:
            self.cautions["stage"] = "A listed company usually has the stage “Public”."


SPEC: Final = Spec(slug="role", title="Role and company", form=RoleForm, is_required=True)


def family_of_title(title: str, families: Iterable[RoleFamily]) -> RoleFamily | None:
    """Return the family whose name shares most words with the title, if it shares two.

    Of several, the one with the fewest other words wins: “Data scientist” is no “Data engineer”.
    """
    words = _words(title)
    ranked = [
        (len(words & of_family), -len(of_family), family)
        for family in families
        if not family.is_generic
        for of_family in [_words(family.label)]
    ]
    hits, _, family = max(ranked, key=lambda row: row[:2], default=(0, 0, None))
    return family if hits > 1 else None


def _words(text: str) -> frozenset[str]:
    plain = re.findall(r"[a-z]+", text.lower())
    return frozenset(" ".join(_SHORT_FORMS.get(word, word) for word in plain).split()) - _STOP_WORDS


def _locations(rows: Iterable[Location]) -> list[tuple[str, list[tuple[str, str]]]]:
    ordered = sorted(rows, key=lambda row: (row.is_country, row.label))
    return [
        (
            "Anywhere in a country" if is_country else "A city or region",
            [(row.key, row.label) for row in group],
        )
        for is_country, group in groupby(ordered, key=lambda row: row.is_country)
    ]


def _levels(rows: Iterable[Level]) -> list[tuple[str, list[tuple[str, str]]]]:
    return [
        (Level.Track(track).label, [(row.key, _level_label(row)) for row in group])
        for track, group in groupby(rows, key=lambda row: row.track)
    ]


def _level_label(level: Level) -> str:
    known = f" · {', '.join(level.also_known_as)}" if level.also_known_as else ""
    return f"{level.label} ({level.key}){known}"
