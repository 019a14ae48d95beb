"""The shipped words and the curators' own: loading a release, editing, taking or leaving what ships."""

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db import transaction
from django.db.models import Max

from accounts.models import User
from negotiation.content import (
    VERSION,
    ShippedScript,
    shipped_cards,
    shipped_questions,
    shipped_scripts,
    shipped_texts,
)
from negotiation.models import (
    HandbookText,
    ObjectionCard,
    Question,
    ScriptTemplate,
    ScriptTemplateVersion,
)
from negotiation.scripts import SITUATIONS, Problem, read_script, review_template

Origin = ScriptTemplateVersion.Origin
ShippedRows = Sequence[Mapping[str, Any]]
_BOOKKEEPING: Final = frozenset({"id", "release", "is_edited", "offered", "updated_at", "key"})


class TemplateRefused(ValueError):
    """A template that breaks the rules is not saved; `problems` say why."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(problem.code for problem in problems))
        self.problems = tuple(problems)


class NothingOffered(ValueError):
    """There is no newer shipped text to decide about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """What loading a release did, in rows."""

    new: int = 0
    updated: int = 0
    offered: int = 0


@transaction.atomic
def load_content(
    *,
    release: int = VERSION,
    scripts: Sequence[ShippedScript] | None = None,
    questions: ShippedRows | None = None,
    cards: ShippedRows | None = None,
    texts: ShippedRows | None = None,
) -> Release:
    """Write the shipped words into the database, and never over a curator's.

    Where a curator edited, a shipped text that is new is kept beside theirs as an offer. Loading
    the same release again changes nothing.
    """
    done = [
        _load_scripts(shipped_scripts() if scripts is None else scripts, release),
        _load_rows(Question, shipped_questions() if questions is None else questions, release),
        _load_rows(ObjectionCard, shipped_cards() if cards is None else cards, release),
        _load_rows(HandbookText, shipped_texts() if texts is None else texts, release),
    ]
    return Release(
        new=sum(part.new for part in done),
        updated=sum(part.updated for part in done),
        offered=sum(part.offered for part in done),
    )


@transaction.atomic
def curate_template(*, template: ScriptTemplate, text: str, author: User) -> ScriptTemplateVersion:
    """Save a curator's text as the current version; the ones before it stay.

    Raises `TemplateRefused` where a slot is unknown, a figure stands outside of a slot, or a claim
    has no record behind it.
    """
    locked = ScriptTemplate.objects.select_for_update().get(pk=template.pk)
    plain = _normal(text)
    _, problems = review_template(plain, SITUATIONS[locked.situation])
    if problems:
        raise TemplateRefused(problems)
    current = locked.versions.filter(is_current=True).first()
    if current is not None and text_of(current) == plain:
        return current
    return _new_version(locked, plain, origin=Origin.CURATED, author=author)


@transaction.atomic
def decide_on_offer(*, template: ScriptTemplate, take: bool, author: User) -> ScriptTemplateVersion:
    """Take the newer shipped text of a template, or leave it; it stays in the history."""
    versions = ScriptTemplateVersion.objects.select_for_update().filter(template=template)
    offered = versions.filter(is_offered=True).first()
    if offered is None:
        raise NothingOffered
    versions.filter(pk=offered.pk).update(is_offered=False)
    if take:
        versions.filter(is_current=True).update(is_current=False)
        versions.filter(pk=offered.pk).update(is_current=True, author=author)
    return versions.get(is_current=True)


@transaction.atomic
def decide_on_row(*, row: Question | ObjectionCard | HandbookText, take: bool) -> None:
    """Take the newer shipped words of a row, or keep the curator's."""
    locked: Any = type(row).objects.select_for_update().get(pk=row.pk)
    if locked.offered is None:
        raise NothingOffered
    if take:
        for name, value in locked.offered.items():
            setattr(locked, name, value)
        locked.is_edited = False
    locked.offered = None
    locked.full_clean()
    locked.save()


def text_of(version: ScriptTemplateVersion) -> str:
    """Return a version as one text in the language of templates."""
    head = f"Subject: {version.subject}\n" if version.subject else ""
    return f"{head}{version.body}"


def difference(before: str, after: str) -> list[tuple[str, str]]:
    """Return the lines of two texts as (kind, line): `same`, `gone` or `new`."""
    kinds = {"  ": "same", "- ": "gone", "+ ": "new"}
    return [
        (kinds[line[:2]], line[2:])
        for line in difflib.ndiff(before.splitlines(), after.splitlines())
        if line[:2] in kinds
    ]


def _load_scripts(shipped: Sequence[ShippedScript], release: int) -> Release:
    templates = {
        (row.situation, row.channel, row.tone): row for row in ScriptTemplate.objects.all()
    }
    versions: dict[int, list[ScriptTemplateVersion]] = {}
    for version in ScriptTemplateVersion.objects.order_by("number"):
        versions.setdefault(version.template_id, []).append(version)
    missing = [
        ScriptTemplate(situation=row.situation, channel=row.channel, tone=row.tone, position=place)
        for place, row in enumerate(shipped)
        if (row.situation, row.channel, row.tone) not in templates
    ]
    for template in ScriptTemplate.objects.bulk_create(missing):
        templates[template.situation, template.channel, template.tone] = template
    firsts: list[ScriptTemplateVersion] = []
    updated = offered = 0
    for row in shipped:
        template = templates[row.situation, row.channel, row.tone]
        known = versions.get(template.pk, [])
        current = next((version for version in known if version.is_current), None)
        if current is None:
            number = known[-1].number + 1 if known else 1
            firsts.append(
                _version(template, row.text, number, origin=Origin.SHIPPED, release=release)
            )
            continue
        seen = [text_of(version) for version in known if version.origin == Origin.SHIPPED]
        if text_of(current) == row.text or (seen and seen[-1] == row.text):
            continue
        if current.origin == Origin.SHIPPED:
            _new_version(template, row.text, origin=Origin.SHIPPED, release=release)
            updated += 1
        else:
            template.versions.filter(is_offered=True).update(is_offered=False)
            _new_version(
                template, row.text, origin=Origin.SHIPPED, release=release, is_offered=True
            )
            offered += 1
    ScriptTemplateVersion.objects.bulk_create(firsts)
    return Release(new=len(firsts), updated=updated, offered=offered)


def _load_rows(model: type[Any], shipped: ShippedRows, release: int) -> Release:
    known = {row.key: row for row in model.objects.all()}
    firsts: list[Any] = []
    updated = offered = 0
    for values in shipped:
        words = {name: value for name, value in values.items() if name not in _BOOKKEEPING}
        row = known.get(values["key"])
        if row is None:
            firsts.append(model(key=values["key"], release=release, **words))
            continue
        is_same = all(getattr(row, name) == value for name, value in words.items())
        if row.release == release and (row.is_edited or is_same):
            continue
        if is_same:
            model.objects.filter(pk=row.pk).update(release=release, is_edited=False, offered=None)
        elif row.is_edited:
            model.objects.filter(pk=row.pk).update(release=release, offered=words)
            offered += 1
        else:
            model.objects.filter(pk=row.pk).update(release=release, **words)
            updated += 1
    model.objects.bulk_create(firsts)
    return Release(new=len(firsts), updated=updated, offered=offered)


def _new_version(
    template: ScriptTemplate, text: str, *, is_offered: bool = False, **record: Any
) -> ScriptTemplateVersion:
    last = template.versions.aggregate(last=Max("number"))["last"] or 0
    if not is_offered:
        template.versions.filter(is_current=True).update(is_current=False)
    version = _version(template, text, last + 1, is_offered=is_offered, **record)
    version.full_clean()
    version.save()
    return version


def _version(
    template: ScriptTemplate,
    text: str,
    number: int,
    *,
    origin: str,
    release: int | None = None,
    author: User | None = None,
    is_offered: bool = False,
) -> ScriptTemplateVersion:
    situation = SITUATIONS[template.situation]
    script, _ = read_script(text)
    subject, body = _split(text)
    return ScriptTemplateVersion(
        template=template,
        number=number,
        title=situation.title,
        subject=subject,
        body=body,
        slots=list(script.slots),
        preconditions=[condition.value for condition in situation.conditions],
        origin=origin,
        release=release,
        is_current=not is_offered,
        is_offered=is_offered,
        author=author,
    )


def _split(text: str) -> tuple[str, str]:
    head, _, rest = text.partition("\n")
    if head.startswith("Subject:"):
        return head.removeprefix("Subject:").strip(), rest.strip()
    return "", text.strip()


def _normal(text: str) -> str:
    lines = [" ".join(line.split()) for line in text.replace("\r\n", "\n").strip().split("\n")]
    subject, body = _split("\n".join(lines))
    return f"Subject: {subject}\n{body}" if subject else body
