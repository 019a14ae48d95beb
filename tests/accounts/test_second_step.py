"""Two-step sign-in: setting it up, using it, recovery codes, switching it off."""

import base64
import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.conf import settings
from django.core import mail
from django.test import Client
from django.urls import reverse

from tests.factories.accounts import PASSWORD


def code_of(secret):
    seconds_left = 30 - time.time() % 30
    if seconds_left < 2:  # it would change on the way
        time.sleep(seconds_left)
    counter = next(iter(yield_hotp_counters_from_time()))
    return format_hotp_value(hotp_value(secret, counter))


def prove(browser):
    browser.post(reverse("account_reauthenticate"), {"password": PASSWORD})


@pytest.fixture
def browser(client_of, candidate):
    browser = client_of(candidate)
    prove(browser)
    return browser


@pytest.fixture
def secret(browser):
    """The secret of an app that the candidate has set up."""
    page = browser.get(reverse("mfa_activate_totp"))
    secret = page.context["form"].secret
    answer = browser.post(reverse("mfa_activate_totp"), {"code": code_of(secret)})
    assert answer.url == reverse("mfa_view_recovery_codes")
    return secret


def sign_in(browser, user):
    return browser.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})


def is_signed_in(browser):
    return "_auth_user_id" in browser.session


def test_set_up_shows_a_code_to_scan_on_white(browser):
    page = browser.get(reverse("mfa_activate_totp"))

    source = re.search(r'src="data:image/svg\+xml;base64,([^"]+)"', page.text).group(1)
    drawing = base64.b64decode(source).decode()
    assert drawing.startswith("<svg")
    assert '<rect fill="white" x="0" y="0" width="100%" height="100%"' in drawing
    assert page.context["form"].secret in page.text


def test_set_up_asks_who_is_there_first(client_of, candidate):
    answer = client_of(candidate).get(reverse("mfa_activate_totp"))

    assert answer.url.startswith(reverse("account_reauthenticate"))


def test_set_up_refuses_a_wrong_code(browser, candidate):
    browser.get(reverse("mfa_activate_totp"))

    page = browser.post(reverse("mfa_activate_totp"), {"code": "000000"})

    assert "That code does not fit." in page.text
    assert not Authenticator.objects.filter(user=candidate).exists()


@pytest.mark.django_db(transaction=True)
def test_set_up_is_told_by_mail_and_gives_ten_recovery_codes(browser, candidate):
    page = browser.get(reverse("mfa_activate_totp"))

    browser.post(reverse("mfa_activate_totp"), {"code": code_of(page.context["form"].secret)})

    codes = browser.get(reverse("mfa_view_recovery_codes")).context["unused_codes"]
    assert len(set(codes)) == 10
    assert [(message.to, message.subject) for message in mail.outbox] == [
        ([candidate.email], "Parley: Two-step sign-in is on")
    ]


@pytest.mark.usefixtures("secret")
def test_recovery_codes_download_as_text(browser, candidate):
    codes = browser.get(reverse("mfa_view_recovery_codes")).context["unused_codes"]

    file = browser.get(reverse("mfa_download_recovery_codes"))

    assert file.headers["Content-Type"] == "text/plain"
    assert file.headers["Content-Disposition"] == 'attachment; filename="recovery-codes.txt"'
    assert "no-store" in file.headers["Cache-Control"]
    assert re.findall(r"^\d{8}$", file.text, re.MULTILINE) == codes
    assert candidate.email in file.text


@pytest.mark.usefixtures("secret")
def test_recovery_codes_can_be_made_anew(browser):
    before = browser.get(reverse("mfa_view_recovery_codes")).context["unused_codes"]
    question = browser.get(reverse("mfa_generate_recovery_codes"))
    assert "The 10 you have now stop working." in question.text

    answer = browser.post(reverse("mfa_generate_recovery_codes"))

    after = browser.get(answer.url).context["unused_codes"]
    assert len(after) == 10
    assert not set(before) & set(after)


def test_sign_in_asks_for_the_second_step(secret, candidate):
    other = Client()

    answer = sign_in(other, candidate)
    assert answer.url == reverse("mfa_authenticate")
    assert not is_signed_in(other)
    assert "Second step" in other.get(answer.url).text

    answer = other.post(answer.url, {"code": code_of(secret)})
    assert answer.url == reverse(settings.LOGIN_REDIRECT_URL)
    assert is_signed_in(other)


def test_code_that_was_used_is_refused(secret, candidate):
    code = code_of(secret)
    first, onlooker = Client(), Client()
    sign_in(first, candidate)
    first.post(reverse("mfa_authenticate"), {"code": code})

    sign_in(onlooker, candidate)
    onlooker.post(reverse("mfa_authenticate"), {"code": code})

    assert is_signed_in(first)
    assert not is_signed_in(onlooker)


def test_sign_in_by_a_recovery_code_works_once(secret, browser, candidate):
    code, *rest = browser.get(reverse("mfa_view_recovery_codes")).context["unused_codes"]
    first, second = Client(), Client()

    sign_in(first, candidate)
    answer = first.post(reverse("mfa_authenticate"), {"code": code})
    assert answer.url == reverse(settings.LOGIN_REDIRECT_URL)
    assert is_signed_in(first)

    sign_in(second, candidate)
    page = second.post(reverse("mfa_authenticate"), {"code": code})
    assert "That code does not fit." in page.text
    assert not is_signed_in(second)
    left = browser.get(reverse("mfa_view_recovery_codes")).context["unused_codes"]
    assert left == rest


@pytest.mark.usefixtures("secret")
def test_guessing_codes_is_stopped(candidate):
    thief = Client()
    sign_in(thief, candidate)

    pages = [thief.post(reverse("mfa_authenticate"), {"code": f"00000{n}"}) for n in range(6)]

    assert "That code does not fit." in pages[4].text
    assert "Too many tries" in pages[5].text


@pytest.mark.usefixtures("secret")
def test_second_step_can_be_left_for_another_account(candidate):
    other = Client()
    sign_in(other, candidate)

    answer = other.post(reverse("account_logout"), {"next": reverse("account_login")})

    assert answer.url == reverse("account_login")
    assert other.get(reverse("mfa_authenticate")).url == reverse("account_login")


@pytest.mark.usefixtures("secret")
def test_switching_off_asks_and_removes_everything(browser, candidate):
    question = browser.get(reverse("mfa_deactivate_totp"))
    assert "your password alone opens your account" in question.text

    browser.post(reverse("mfa_deactivate_totp"))

    assert not Authenticator.objects.filter(user=candidate).exists()
    other = Client()
    sign_in(other, candidate)
    assert is_signed_in(other)


@pytest.mark.usefixtures("secret")
def test_change_of_address_waits_until_the_second_step_is_off(browser):
    page = browser.post(reverse("account_email"), {"action_add": "", "email": "new@example.com"})

    assert "Switch two-step sign-in off first" in page.text


@pytest.mark.usefixtures("secret")
def test_overview_counts_what_is_left(browser):
    text = browser.get(reverse("accounts:security")).text

    assert "10 left, for when your phone is not at hand." in text
    assert "After your password we ask for a code" in text


@pytest.mark.usefixtures("secret")
def test_reauthentication_offers_the_code_too(client_of, candidate):
    browser = client_of(candidate)

    by_password = browser.get(reverse("account_reauthenticate")).text
    by_code = browser.get(reverse("mfa_reauthenticate")).text

    assert "Use a code instead" in by_password
    assert "Use your password instead" in by_code
