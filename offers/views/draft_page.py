"""What the pages of one draft show: its sections, what it adds up to, what is still to do."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Final

from django.urls import reverse

from accounts.models import User
from config.figures import amounts
from config.figures.charts import BarChart, shared_scale, year_bars
from market.selectors import rate_table
from offers import entry as entries
from offers.deadlines import PROPOSED_BUSINESS_DAYS, add_business_days
from offers.entry import Entry
from offers.forms.cautions import add_cautions
from offers.forms.section import Section
from offers.models import OfferDraft, OfferRevision
from offers.selectors.drafts import companies_on_record
from offers.selectors.equity import GrantFacts
from offers.selectors.findings import findings_of
from offers.selectors.numbers import HORIZON_YEARS, OfferNumbers, offer_numbers
from offers.selectors.pictures import year_pay
from offers.selectors.taxonomy import taxonomy

REVIEW: Final = "review"
_PURPOSES: Final[dict[str, str]] = {
    OfferDraft.Purpose.NEW_OFFER: "new offer",
    OfferDraft.Purpose.NEW_TERMS: "new terms",
    OfferDraft.Purpose.CORRECTION: "correction",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A section in the task list, with its state in words."""

    slug: str
    label: str
    href: str
    state: str
    tone: str
    is_current: bool


@dataclass(frozen=True, kw_only=True)
class DraftPage:
    """A draft as one of its pages shows it."""

    entry: Entry
    numbers: OfferNumbers
    current: str
    names_on_record: tuple[str, ...]

    @property
    def draft(self) -> OfferDraft:
        return self.entry.draft

    @property
    def section(self) -> Section:
        return self.entry.sections[self.current]

    @property
    def purpose(self) -> str:
        """Return what it is for, in the two words that titles use; never a name or an amount."""
        return _PURPOSES[self.draft.purpose]

    @property
    def heading(self) -> str:
        return self.entry.terms.company.name or "New offer"

    @property
    def is_verbal(self) -> bool:
        return self.entry.terms.revision.source == OfferRevision.Source.VERBAL

    @property
    def applies(self) -> bool:
        return self.entry.applies(self.current)

    @property
    def share_currency(self) -> str:
        """Return the currency of exercise prices."""
        return self.entry.sections["equity"].form.context.share_currency

    @property
    def unfinished(self) -> list[Task]:
        """Return the sections that keep this draft from being saved as an offer."""
        slugs = {section.spec.slug for section in self.entry.unfinished}
        return [task for task in self.tasks if task.slug in slugs]

    @property
    def next_slug(self) -> str:
        """Return the section after this one, past those that do not concern this offer."""
        order = [section.spec.slug for section in self.entry.applicable]
        slugs = list(self.entry.sections)
        later = slugs[slugs.index(self.current) + 1 :]
        return next((slug for slug in later if slug in order), REVIEW)

    @cached_property
    def tasks(self) -> list[Task]:
        """Return the task list; a page's own errors may be hushed after this was asked for."""
        tasks = [self._task(section) for section in self.entry.sections.values()]
        state, tone = ("Ready", "") if self.entry.is_ready else ("Not yet", "")
        href = reverse("offers:draft_review", args=[self.draft.pk])
        is_current = self.current == REVIEW
        review = Task(
            slug=REVIEW,
            label="Review and save",
            href=href,
            state=state,
            tone=tone,
            is_current=is_current,
        )
        return [*tasks, review]

    def _task(self, section: Section) -> Task:
        slug = section.spec.slug
        state, tone = self._state(section)
        return Task(
            slug=slug,
            label=section.spec.title,
            href=reverse("offers:draft_section", args=[self.draft.pk, slug]),
            state=state,
            tone=tone,
            is_current=slug == self.current,
        )

    def _state(self, section: Section) -> tuple[str, str]:
        slug = section.spec.slug
        problems = section.problems
        n_unknown = sum(gap.section == slug and not gap.is_refused for gap in self.numbers.unknown)
        if not self.entry.applies(slug):
            return "Not applicable", ""
        if not section.is_touched:
            return ("Optional" if slug == "benefits" else "Not started"), ""
        if (
            problems
            and not self.entry.is_checked(slug)
            and all(each.is_missing for each in problems)
        ):
            return "Started", ""
        if problems:
            return f"{len(problems)} to fix", "to-fix"
        return (f"{n_unknown} not stated", "not-stated") if n_unknown else ("Complete", "")

    @cached_property
    def chart(self) -> BarChart | None:
        """Return the pay year by year; None as long as there is nothing to draw."""
        pay = year_pay(self.numbers)
        heights = [year.height for year in pay]
        if not any(heights):
            return None
        scale = shared_scale(heights, 0)
        return year_bars(pay, scale=scale, currency=self.numbers.currency, height=150)

    @property
    def grant_facts(self) -> tuple[GrantFacts, ...]:
        equity = self.numbers.private_equity or self.numbers.public_equity
        return equity.grants if equity else ()

    @property
    def shortest_window_days(self) -> int | None:
        windows = [grant.post_termination_window_days for grant in self.entry.terms.grants]
        return min((days for days in windows if days is not None), default=None)

    @property
    def uncounted(self) -> list[str]:
        """Return what was typed and cannot be counted until it is put right, and why."""
        return [
            f"{section.spec.rows[kind].noun.capitalize()} {number}: {next(row.problems).message}"
            for section in self.entry.applicable
            for kind, rows in section.row_sets.items()
            for number, row in enumerate(rows.forms, start=1)
            if row in rows.filled and row.errors
        ]

    @property
    def probability_of_nothing(self) -> Decimal:
        rows = self.entry.sections["company"].row_sets["scenarios"]
        return rows.probability_of_nothing  # type: ignore[attr-defined, no-any-return]

    @property
    def proposed_date(self) -> dt.date | None:
        """Return the answer date that we would propose where the company named none."""
        offer = self.entry.terms.offer
        if not offer.received_date or not offer.location_id or offer.respond_by_date:
            return None
        return add_business_days(offer.received_date, PROPOSED_BUSINESS_DAYS, offer.location)

    @property
    def match_in_words(self) -> str:
        """Return what a full retirement match comes to, once its figures are there."""
        values = self.entry.sections["benefits"].form.values
        match = values.get("retirement_match_fraction")
        limit = values.get("retirement_match_limit_fraction")
        base = self.entry.terms.revision.base_salary
        if match is None or limit is None or base is None:
            return ""
        shown = [amounts.percent(match, 2), amounts.percent(limit, 2)]
        match_text, limit_text = (text.replace(".00%", "%") for text in shown)
        currency = self.numbers.currency
        return (
            f"{match_text} of the first {limit_text} of {amounts.money(base, currency)} "
            f"is {amounts.money(base * match * limit, currency)} a year."
        )

    @property
    def is_company_on_record(self) -> bool:
        """Say whether a new offer names a company that is on record from another one."""
        return self.draft.offer is None and self.entry.terms.company.pk is not None

    def hushed(self) -> "DraftPage":
        """Return this page without asking for what is missing, unless that was asked for."""
        _ = self.tasks
        if not self.entry.is_checked(self.current):
            self.section.hush()
        return self


def draft_page(draft: OfferDraft, user: User, *, current: str, today: dt.date) -> DraftPage:
    """Return a page of the draft; the number of queries does not grow with what was typed."""
    companies = companies_on_record(user)
    names = tuple(company.name for company in companies)
    entry = entries.read_draft(draft, taxonomy=taxonomy(), companies=companies, today=today)
    terms = entry.terms
    numbers = offer_numbers(terms, horizon_years=HORIZON_YEARS, rates=rate_table())
    add_cautions(entry.sections, terms, findings_of(terms, as_of=today))
    return DraftPage(entry=entry, numbers=numbers, current=current, names_on_record=names)
