"""Where mail goes in a local house: into files, for the outbox page to show."""

import logging
import secrets
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.urls import reverse
from django.utils import timezone

logger = logging.getLogger(__name__)

KEPT: Final = 100
_SUFFIX: Final = ".eml"


class OutboxBackend(BaseEmailBackend):
    """Keeps the latest mails as files and says in the log that one is there, never for whom."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        directory = _directory()
        for message in email_messages:
            # Written under another name first: a reader never meets half a mail.
            name = f"{timezone.now():%Y%m%dT%H%M%S.%f}-{secrets.token_hex(4)}"
            draft = directory / f"{name}.draft"
            draft.touch(mode=0o600)
            draft.write_bytes(message.message().as_bytes())
            draft.rename(directory / f"{name}{_SUFFIX}")
            page = settings.PUBLIC_URL.rstrip("/") + reverse("accounts:outbox")
            logger.info("a mail is waiting at %s", page)
        for old in sorted(directory.glob(f"*{_SUFFIX}"), reverse=True)[KEPT:]:
            old.unlink(missing_ok=True)
        return len(email_messages)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """A mail as it would have reached somebody."""

    to: str
    subject: str
    sent_at: datetime
    body: str


def waiting_mails() -> list[Mail]:
    """Return the mails of the outbox, the latest first."""
    return list(_read(sorted(_directory().glob(f"*{_SUFFIX}"), reverse=True)))


def _directory() -> Path:
    directory = Path(settings.EMAIL_FILE_PATH)
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    return directory


def _read(paths: Sequence[Path]) -> Iterator[Mail]:
    for path in paths:
        with suppress(FileNotFoundError):  # another process cleared it away just now
            message: Any = message_from_bytes(path.read_bytes(), policy=policy.default)
            plain = message.get_body(("plain",))
            yield Mail(
                to=message["To"],
                subject=message["Subject"],
                sent_at=message["Date"].datetime.replace(tzinfo=UTC),  # as Django writes it
                body=plain.get_content().strip() if plain else "",
            )
