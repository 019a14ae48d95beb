"""Title rules and ladders, changed by curators."""

import pghistory
from django.db import connection, transaction

from accounts.models import User
from market.models import LadderRung, Level, LevelLadder, TitleRule
from market.selectors.title_rules import rule_effect


class LabelTwice(Exception):
    """Two levels of a ladder were given one name."""


def save_title_rule(*, rule: TitleRule, user: User) -> int:
    """Save a rule and map the rows on record anew; return how many rows changed."""
    with pghistory.context(user=user.pk, why=rule.note, action="title rule"), transaction.atomic():
        rule.full_clean()
        effect = rule_effect(rule)
        rule.save()
        # A rule that is new had no number when its effect was computed.
        rows = [
            (title, family, rule.pk if found == 0 else found)
            for title, (family, found) in effect.targets.items()
        ]
        with connection.cursor() as cursor:
            cursor.execute(
                _MAP_ANEW,
                [[row[0] for row in rows], [row[1] for row in rows], [row[2] for row in rows]],
            )
            return int(cursor.rowcount)


def change_ladder(*, ladder: LevelLadder, labels: dict[str, str], user: User) -> None:
    """Keep the names a ladder gives to our levels, by level key; an empty name is none.

    Raises `LabelTwice` where two levels would share one: the map must lead back, too.
    """
    named = {key: label.strip() for key, label in labels.items() if label.strip()}
    if len({label.lower() for label in named.values()}) < len(named):
        raise LabelTwice("Two levels have the same name. Each name must lead to one level.")
    with pghistory.context(user=user.pk, action="ladder"), transaction.atomic():
        LevelLadder.objects.select_for_update().get(pk=ladder.pk)
        rungs = {rung.level.key: rung for rung in ladder.rungs.select_related("level")}
        changed = {key for key, rung in rungs.items() if named.get(key) != rung.label}
        # First the old names go, so that two levels can change theirs with each other.
        ladder.rungs.filter(level__key__in=changed).delete()
        levels = Level.objects.in_bulk(
            [key for key in named if key not in rungs or key in changed], field_name="key"
        )
        for key, level in levels.items():
            rung = LadderRung(ladder=ladder, label=named[key], level=level)
            rung.full_clean()
            rung.save()


_MAP_ANEW = """
UPDATE market_observation o SET role_family_id = m.family, title_rule_id = m.rule
FROM unnest(%s::text[], %s::bigint[], %s::bigint[]) AS m(title, family, rule), market_source s
WHERE o.title = m.title AND s.id = o.source_id AND s.format <> 'stackoverflow'
  AND (o.role_family_id IS DISTINCT FROM m.family OR o.title_rule_id IS DISTINCT FROM m.rule)
  AND NOT (o.title_rule_id IS NULL AND o.role_family_id IS NOT NULL AND m.family IN (
      SELECT id FROM market_rolefamily WHERE is_generic))
"""
