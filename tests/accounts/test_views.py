"""The pages of our own: settings, theme, sessions, export, deletion, outbox."""

import json

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from accounts.models import Profile, User
from accounts.outbox import OutboxBackend
from tests.factories.accounts import PASSWORD

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
SETTINGS = {
    "home_currency": "GBP",
    "horizon_years": "5",
    "risk_taste": "bold",
    "tax_country": "GB",
    "tax_region": "Scotland",
    "filing_status": "single",
}


@pytest.fixture
def browser(client_of, candidate):
    return client_of(candidate, headers={"user-agent": FIREFOX})


# --- settings ----------------------------------------------------------------------------------


def test_settings_are_saved(browser, candidate):
    answer = browser.post(reverse("accounts:settings"), SETTINGS)

    assert answer.url == reverse("accounts:settings")
    profile = Profile.objects.get(user=candidate)
    assert {name: str(getattr(profile, name)) for name in SETTINGS} == SETTINGS
    assert "Saved." in browser.get(answer.url).text


def test_settings_of_a_person_without_a_profile_show_the_defaults(browser, candidate):
    candidate.profile.delete()

    page = browser.get(reverse("accounts:settings"))
    assert '<option value="USD" selected>' in page.text
    browser.post(reverse("accounts:settings"), SETTINGS)

    assert Profile.objects.get(user=candidate).home_currency == "GBP"


@pytest.mark.parametrize(
    ("field", "typed", "message"),
    [
        ("home_currency", "XYZ", "Choose one from the list."),
        ("home_currency", "", "This field is required."),
        ("tax_country", "ZZ", "Choose one from the list."),
        ("horizon_years", "0", "Choose one from the list."),
        ("horizon_years", "11", "Choose one from the list."),
        ("horizon_years", "soon", "Choose one from the list."),
        ("risk_taste", "reckless", "not one of the available choices"),
        ("filing_status", "alone", "not one of the available choices"),
        ("tax_region", "x" * 41, "at most 40 characters"),
    ],
)
def test_settings_keep_what_was_typed_beside_what_is_wrong(
    browser, candidate, field, typed, message
):
    page = browser.post(reverse("accounts:settings"), SETTINGS | {field: typed})

    assert page.status_code == 422
    assert message in page.context["form"].errors[field][0]
    assert page.text.count(message) >= 2  # above the form, and beside the field
    assert "Scotland" in page.text or field == "tax_region"
    assert Profile.objects.get(user=candidate).home_currency == "USD"


# --- theme -------------------------------------------------------------------------------------


def test_theme_is_kept_for_a_year_and_shown(db):
    browser = Client()

    answer = browser.post(
        reverse("accounts:theme"), {"theme": "dark", "next": "/accounts/login/?next=/offers/"}
    )

    assert answer.url == "/accounts/login/?next=/offers/"
    cookie = answer.cookies["theme"]
    assert (cookie.value, cookie["max-age"], cookie["httponly"], cookie["samesite"]) == (
        "dark",
        365 * 24 * 3600,
        True,
        "Lax",
    )
    assert '<html lang="en" data-theme="dark">' in browser.get(reverse("account_login")).text


def test_theme_without_a_choice_is_the_next_one(db):
    browser = Client()

    seen = []
    for _ in range(4):
        browser.post(reverse("accounts:theme"))
        seen.append(browser.cookies["theme"].value)

    assert seen == ["light", "dark", "", "light"]


def test_unknown_theme_cookie_is_as_good_as_none(db):
    browser = Client()
    browser.cookies["theme"] = '"><script>'

    assert '<html lang="en">' in browser.get(reverse("account_login")).text


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "", "\\\\evil"])
def test_theme_leads_nowhere_else(db, elsewhere):
    answer = Client().post(reverse("accounts:theme"), {"theme": "dark", "next": elsewhere})

    assert answer.url == reverse("landing")


# --- sessions ----------------------------------------------------------------------------------


@pytest.fixture
def other_browser(client_of, candidate, browser):
    other = client_of(candidate, headers={"user-agent": "Mozilla/5.0 (iPhone) Safari/604.1"})
    browser.get(reverse("accounts:security"))
    other.get(reverse("accounts:security"))
    return other


def test_sessions_name_the_browsers_and_mark_this_one(browser, other_browser):
    page = browser.get(reverse("usersessions_list"))

    devices = [(each.device, each.is_current) for each in page.context["sessions"]]
    assert devices == [("Firefox on Linux", True), ("Safari on iPhone", False)]
    assert page.text.index("This one") < page.text.index("Safari on iPhone")


def test_sessions_elsewhere_can_be_ended(browser, other_browser, client_of, stranger):
    bystander = client_of(stranger)
    bystander.get(reverse("accounts:security"))

    answer = browser.post(reverse("usersessions_list"))

    assert "Signed out everywhere else." in browser.get(answer.url).text
    assert other_browser.get(reverse("accounts:security")).status_code == 302
    assert bystander.get(reverse("accounts:security")).status_code == 200


def test_ending_other_sessions_says_if_there_were_none(browser):
    answer = browser.post(reverse("usersessions_list"))

    assert "You were signed in only here." in browser.get(answer.url).text


def test_signing_out_everywhere_includes_this_browser(browser, other_browser):
    answer = browser.post(reverse("accounts:signed_out_everywhere"))

    assert "You are signed out everywhere." in browser.get(answer.url).text
    for each in (browser, other_browser):
        assert each.get(reverse("accounts:security")).status_code == 302


@pytest.mark.parametrize("name", ["accounts:signed_out_everywhere", "accounts:theme"])
def test_what_changes_something_needs_a_post(browser, name):
    assert browser.get(reverse(name)).status_code == 405


# --- export and deletion -----------------------------------------------------------------------


def test_export_is_a_file_that_nobody_keeps(browser, candidate):
    file = browser.get(reverse("accounts:export"))

    assert file.headers["Content-Type"] == "application/json"
    assert file.headers["Content-Disposition"].startswith('attachment; filename="parley-2')
    assert file.headers["Cache-Control"] == "private, no-store"
    content = json.loads(file.content)
    assert [user["email"] for user in content["tables"]["accounts.User"]] == [candidate.email]


def test_deletion_says_what_goes_and_asks_for_the_password(browser):
    page = browser.get(reverse("accounts:delete"))

    assert "every offer, with its history, drafts and results" in page.text
    assert 'type="password"' in page.text


def test_deletion_erases_the_account_and_signs_out(browser, other_browser, candidate):
    answer = browser.post(reverse("accounts:delete"), {"password": PASSWORD})

    assert answer.url == reverse("landing")
    assert "Your account and everything in it is deleted." in browser.get(answer.url).text
    assert not User.objects.filter(pk=candidate.pk).exists()
    assert other_browser.get(reverse("accounts:security")).status_code == 302


@pytest.mark.parametrize(
    ("password", "message"),
    [("not the password", "That is not your password."), ("", "This field is required.")],
)
def test_deletion_without_the_password_deletes_nothing(browser, candidate, password, message):
    page = browser.post(reverse("accounts:delete"), {"password": password})

    assert page.status_code == 422
    assert page.context["form"].errors["password"] == [message]
    assert User.objects.filter(pk=candidate.pk).exists()


def test_deletion_stops_somebody_who_guesses(browser, candidate):
    for _ in range(5):
        browser.post(reverse("accounts:delete"), {"password": "a guess"})

    page = browser.post(reverse("accounts:delete"), {"password": PASSWORD})

    assert "Too many tries" in page.context["form"].errors["password"][0]
    assert User.objects.filter(pk=candidate.pk).exists()
    cache.clear()


# --- outbox ------------------------------------------------------------------------------------


@pytest.fixture
def outbox(settings, tmp_path):
    settings.EMAIL_FILE_PATH = tmp_path / "outbox"
    message = mail.EmailMessage(
        "Parley: Bitte bestätigen",
        "Follow this link:\nhttp://localhost/accounts/confirm-email/MQ:1x:y/\n\n<b>Parley</b>",
        to=["somebody@example.com"],
    )
    OutboxBackend().send_messages([message])


@pytest.mark.usefixtures("outbox", "db")
def test_outbox_shows_mails_with_links_to_follow():
    page = Client(headers={"host": "localhost:8000"}).get(reverse("accounts:outbox"))

    link = "http://localhost/accounts/confirm-email/MQ:1x:y/"
    assert f'<a href="{link}"' in page.text
    assert "Parley: Bitte bestätigen" in page.text
    assert "somebody@example.com" in page.text
    assert "&lt;b&gt;Parley&lt;/b&gt;" in page.text
    assert "no-store" in page.headers["Cache-Control"]


@pytest.mark.usefixtures("db")
def test_empty_outbox_says_so(settings, tmp_path):
    settings.EMAIL_FILE_PATH = tmp_path / "outbox"

    page = Client(headers={"host": "127.0.0.1"}).get(reverse("accounts:outbox"))

    assert "No mail yet" in page.text


@pytest.mark.usefixtures("outbox", "db")
@pytest.mark.parametrize(
    ("headers", "address"),
    [
        ({"host": "localhost"}, "192.168.1.20"),
        ({"host": "localhost"}, "unix:"),
        ({"host": "testserver"}, "127.0.0.1"),
        ({"host": "localhost", "x-forwarded-for": "127.0.0.1"}, "127.0.0.1"),
        ({"host": "localhost", "forwarded": "for=127.0.0.1"}, "127.0.0.1"),
    ],
)
def test_outbox_is_for_this_machine_only(headers, address):
    answer = Client(headers=headers).get(reverse("accounts:outbox"), REMOTE_ADDR=address)

    assert answer.status_code == 404
    assert "somebody@example.com" not in answer.text


@pytest.mark.usefixtures("outbox", "db")
def test_outbox_does_not_exist_in_production(settings):
    settings.IS_LOCAL = False

    answer = Client(headers={"host": "localhost"}).get(reverse("accounts:outbox"))

    assert answer.status_code == 404
    assert "somebody@example.com" not in answer.text
