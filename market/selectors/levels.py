"""Ladders: what each calls our levels, and from one to another and back."""

from dataclasses import dataclass

from market.models import LadderRung, Level, LevelLadder


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelMap:
    """Every level with its name in each ladder."""

    ladders: list[LevelLadder]
    rows: list[tuple[Level, list[str]]]


def level_map() -> LevelMap:
    """Return every ladder beside ours, in three queries."""
    ladders = list(LevelLadder.objects.order_by("name", "pk"))
    names = {(rung.ladder_id, rung.level_id): rung.label for rung in LadderRung.objects.all()}
    levels = Level.objects.order_by("track", "rank", "pk")
    return LevelMap(
        ladders=ladders,
        rows=[
            (level, [names.get((ladder.pk, level.pk), "") for ladder in ladders])
            for level in levels
        ],
    )


def labels_of(ladder: LevelLadder) -> dict[str, str]:
    """Return the ladder's names by the key of our level."""
    return {
        rung.level.key: rung.label for rung in ladder.rungs.select_related("level").order_by("pk")
    }


def translate(label: str, *, source: LevelLadder, target: LevelLadder) -> str | None:
    """Return what one ladder calls the level that another calls `label`; None where it has none."""
    level = source.rungs.filter(label__iexact=label).values("level")
    found = target.rungs.filter(level__in=level).first()
    return found.label if found else None
