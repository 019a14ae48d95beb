"""A real Chromium against the live product. No violation of the policy passes unseen."""

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any, Final

import pytest
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

from accounts.models import User

# Playwright runs a loop of its own in this thread; Django would refuse its database beside it.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

NAMES: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS: Final = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Return the browser; in CI a missing one is a failure, elsewhere the test is skipped aloud."""
    program = next(filter(None, map(shutil.which, NAMES)), None)
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        except Exception:  # whatever keeps it from starting, the answer is the same
            if os.environ.get("CI"):
                raise
            pytest.skip("NO BROWSER: Chromium is missing, so no browser test ran")
        yield browser
        browser.close()


class Visitor:
    """A person at a browser of their own, with what the page complained about."""

    def __init__(self, context: BrowserContext) -> None:
        self.context = context
        self.page: Page = context.new_page()
        self.complaints: list[str] = []
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _hear(self, message: ConsoleMessage) -> None:
        is_answer = "Failed to load resource" in message.text  # the status of a page, tested there
        if message.type == "error" and not is_answer:
            self.complaints.append(message.text)


@pytest.fixture
def visit(chromium: Browser, live_server: Any) -> Iterator[Callable[..., Visitor]]:
    """Return a way to open browsers; at the end none of them may have complained."""
    visitors: list[Visitor] = []

    def open_browser(user: User | None = None, **options: Any) -> Visitor:
        context = chromium.new_context(base_url=live_server.url, **options)
        context.set_default_timeout(15_000)
        if user is not None:
            client = Client()
            client.force_login(user)
            key = client.cookies["sessionid"].value
            context.add_cookies([{"name": "sessionid", "value": key, "url": live_server.url}])
        visitors.append(Visitor(context))
        return visitors[-1]

    yield open_browser
    complaints = [words for visitor in visitors for words in visitor.complaints]
    for visitor in visitors:
        visitor.context.close()
    assert complaints == []
