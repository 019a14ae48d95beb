"""Title rules, the titles that none knows, and what a change of a rule would do."""

import re
from dataclasses import dataclass, field
from typing import Any, Final

from django.db import connection
from django.db.models import Count, QuerySet

from market.models import ImportBatch, Observation, RoleFamily, Source, TitleRule
from market.selectors.mapping import title_rules
from market.titles import BadPattern, Rule, first_match, normalised

UNMAPPED_SHOWN: Final = 60
EXAMPLES_SHOWN: Final = 30


def rules_with_counts() -> list[tuple[TitleRule, int]]:
    """Return every rule in order, with how many published rows it maps."""
    counts = dict(
        _mapped_rows()
        .values_list("title_rule_id")
        .annotate(n=Count("pk"))
        .order_by("title_rule_id")
    )
    rules = TitleRule.objects.select_related("role_family").order_by("position", "pk")
    return [(rule, counts.get(rule.pk, 0)) for rule in rules]


def _mapped_rows() -> QuerySet[Observation]:
    states = [ImportBatch.State.PUBLISHED, ImportBatch.State.PREVIEWED]
    return Observation.objects.filter(batch__state__in=states)


def unmapped_titles() -> list[tuple[str, int]]:
    """Return the titles that no rule knows, with how many rows each, most first."""
    rows = (
        _mapped_rows()
        .filter(role_family=None)
        .values_list("title")
        .annotate(n=Count("pk"))
        .order_by("-n", "title")
    )
    return list(rows[:UNMAPPED_SHOWN])


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """One title that a change maps elsewhere."""

    title: str
    n: int
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What a change of a rule does to the titles on record."""

    n_titles: int = 0
    n_rows: int = 0
    n_newly_mapped: int = 0
    n_now_unmapped: int = 0
    moves: list[Move] = field(default_factory=list)
    targets: dict[str, tuple[int | None, int | None]] = field(default_factory=dict)


def checked_pattern(text: str) -> "re.Pattern[str]":
    """Return the pattern compiled; raise `BadPattern` where it is none, or would never end.

    A repeat of nothing but a repeat, such as `(a+)+`, can take longer than the universe on one
    title, so it is refused.
    """
    try:
        pattern = re.compile(text)
        parsed: Any = re._parser.parse(text)  # type: ignore[attr-defined]  # noqa: SLF001 -- re has no other
    except re.error as error:
        raise BadPattern(f"This is not a regular expression: {error}.") from None
    if _repeats_a_repeat(parsed):
        raise BadPattern(
            "A repeat inside a repeat, such as (a+)+, can run forever. Write it plainly."
        )
    if pattern.search(""):
        raise BadPattern("This matches every title, even an empty one.")
    return pattern


def _repeats_a_repeat(parsed: Any, *, inside: bool = False) -> bool:
    """Say whether an unbounded repeat holds nothing beside another one."""
    for operator, argument in parsed:
        name = str(operator)
        if name in {"MAX_REPEAT", "MIN_REPEAT"}:
            _, most, inner = argument
            is_unbounded = int(most) > 1000
            if is_unbounded and inside and len(parsed) == 1:
                return True
            if _repeats_a_repeat(inner, inside=is_unbounded):
                return True
        elif name == "SUBPATTERN":
            if _repeats_a_repeat(argument[3], inside=inside and len(parsed) == 1):
                return True
        elif name == "BRANCH" and any(
            _repeats_a_repeat(branch, inside=inside) for branch in argument[1]
        ):
            return True
    return False


def rule_effect(changed: TitleRule) -> Effect:
    """Return what the rules with `changed` among them, saved or not, would map elsewhere.

    Only titles that the new pattern matches, or that the rule maps today, can move. Rows of a
    survey have their role from the survey, and keep it.
    """
    pattern = checked_pattern(changed.pattern)
    others = [rule for rule in TitleRule.objects.in_force() if rule.pk != changed.pk]
    in_force = [*others, *([changed] if changed.is_active else [])]
    ordered = sorted(in_force, key=lambda rule: (rule.position, rule.pk or 0))
    rules = [
        Rule(
            rule.pk or 0,
            pattern if rule is changed else re.compile(rule.pattern),
            rule.role_family_id,
            rule.confidence,
        )
        for rule in ordered
    ]
    families = {family.pk: family for family in RoleFamily.objects.all()}
    moves: dict[str, Move] = {}
    targets: dict[str, tuple[int | None, int | None]] = {}
    newly = unmapped = n_rows = 0
    for title, family_id, rule_id, n in _titles_on_record():
        is_ours = changed.pk is not None and rule_id == changed.pk
        if not is_ours and not (changed.is_active and pattern.search(normalised(title))):
            continue
        rule = first_match(title, rules)
        after = rule.role_family_id if rule else None
        if (
            rule_id is None
            and family_id is not None
            and (after is None or families[after].is_generic)
        ):
            continue  # the publisher's occupation says more than this rule
        targets[title] = (after, rule.pk if rule else None)
        if after == family_id:
            continue
        n_rows += n
        newly += n if family_id is None else 0
        unmapped += n if after is None else 0
        before = moves.get(title)
        moves[title] = Move(
            title=title,
            n=n + (before.n if before else 0),
            before=families[family_id].label if family_id else "No rule",
            after=families[after].label if after else "No rule",
        )
    shown = sorted(moves.values(), key=lambda move: (-move.n, move.title))
    return Effect(
        n_titles=len(moves),
        n_rows=n_rows,
        n_newly_mapped=newly,
        n_now_unmapped=unmapped,
        moves=shown[:EXAMPLES_SHOWN],
        targets=targets,
    )


def _titles_on_record() -> list[tuple[str, int | None, int | None, int]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT o.title, o.role_family_id, o.title_rule_id, count(*)"
            " FROM market_observation o"
            " JOIN market_importbatch b ON b.id = o.batch_id AND b.state IN ('published', 'previewed')"
            " JOIN market_source s ON s.id = o.source_id AND s.format <> %s"
            " GROUP BY 1, 2, 3",
            [Source.Format.STACKOVERFLOW],
        )
        return list(cursor.fetchall())


__all__ = [
    "BadPattern",
    "Effect",
    "checked_pattern",
    "rule_effect",
    "rules_with_counts",
    "title_rules",
    "unmapped_titles",
]
