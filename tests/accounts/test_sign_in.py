"""Sign-up, confirmation, sign-in, reset and changes: the walks of allauth in our templates."""

import re
from smtplib import SMTPServerDisconnected

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts.models import Profile, User
from tests.factories.accounts import PASSWORD, UserFactory

NEWCOMER = "newcomer@example.com"


@pytest.fixture
def browser(db):
    return Client()


def link_in(message):
    return re.search(r"http://testserver(/\S+)", message.body).group(1)


def sign_up(browser, email=NEWCOMER):
    return browser.post(reverse("account_signup"), {"email": email, "password1": PASSWORD})


def sign_in(browser, email, password=PASSWORD, **query):
    return browser.post(
        reverse("account_login", query=query), {"login": email, "password": password}
    )


def prove(browser):
    """Give the password again, as changes of what protects an account ask for."""
    browser.post(reverse("account_reauthenticate"), {"password": PASSWORD})


def without_tokens(page):
    return re.sub(r"\b[A-Za-z0-9]{64}\b", "", page.text)


def is_signed_in(browser):
    return "_auth_user_id" in browser.session


# --- sign-up -----------------------------------------------------------------------------------


def test_sign_up_sends_a_link_that_confirms_and_signs_in(browser):
    answer = sign_up(browser)

    assert answer.status_code == 302
    assert answer.url == reverse("account_email_verification_sent")
    assert not is_signed_in(browser)
    assert [message.to for message in mail.outbox] == [[NEWCOMER]]
    assert mail.outbox[0].subject == "Parley: Confirm your address"

    page = browser.get(link_in(mail.outbox[0]))
    assert NEWCOMER in page.text
    assert not is_signed_in(browser)

    answer = browser.post(link_in(mail.outbox[0]))
    assert answer.url == reverse(settings.LOGIN_REDIRECT_URL)
    assert is_signed_in(browser)


def test_sign_up_makes_a_profile_with_the_account(browser):
    sign_up(browser)

    assert Profile.objects.get().user == User.objects.get(email=NEWCOMER)


def test_confirmation_in_another_browser_confirms_and_signs_nobody_in(browser):
    sign_up(browser)
    phone = Client()

    answer = phone.post(link_in(mail.outbox[0]))

    assert EmailAddress.objects.get(email=NEWCOMER).verified
    assert not is_signed_in(phone)
    assert answer.url == reverse("account_login")


def test_unconfirmed_address_cannot_sign_in_and_gets_another_link(browser):
    sign_up(browser)
    later = Client()

    answer = sign_in(later, NEWCOMER)

    assert answer.url == reverse("account_email_verification_sent")
    assert not is_signed_in(later)


def test_sign_up_with_an_address_in_use_answers_alike(candidate, browser):
    other = Client()
    fresh = sign_up(browser)
    taken = sign_up(other, candidate.email.upper())

    assert (taken.status_code, taken.url) == (fresh.status_code, fresh.url)
    assert without_tokens(browser.get(fresh.url)) == without_tokens(other.get(taken.url))
    assert User.objects.count() == 2
    assert [message.subject for message in mail.outbox] == [
        "Parley: Confirm your address",
        "Parley: You already have an account",
    ]


def test_sign_up_refuses_a_weak_password_beside_the_field(browser):
    answer = browser.post(
        reverse("account_signup"), {"email": NEWCOMER, "password1": "newcomer@example"}
    )

    assert "too similar to the e-mail address" in answer.text
    assert "<title>Error: Sign up" in answer.text
    assert 'value="newcomer@example.com"' in answer.text
    assert not User.objects.exists()


def test_old_confirmation_link_says_what_to_do(browser):
    page = browser.get(reverse("account_confirm_email", args=["MQ:1abc:nothing"]))

    assert "This link does not work any more" in page.text


def test_mail_that_cannot_be_sent_is_told_and_loses_nothing(browser, monkeypatch):
    def refuse(message, *_, **__):
        raise SMTPServerDisconnected

    monkeypatch.setattr(mail.EmailMessage, "send", refuse)

    sign_up(browser)
    page = browser.get(reverse("account_email_verification_sent"))

    assert "We could not send you a mail just now" in page.text
    assert User.objects.filter(email=NEWCOMER).exists()


# --- sign-in -----------------------------------------------------------------------------------


def test_sign_in_takes_the_address_in_any_case(candidate, browser):
    answer = sign_in(browser, "  CANDIDATE@Example.com ")

    assert answer.url == reverse(settings.LOGIN_REDIRECT_URL)
    assert browser.session["_auth_user_id"] == str(candidate.pk)


def test_unknown_address_and_wrong_password_answer_alike(candidate, browser):
    def answer_to(email):
        page = sign_in(Client(), email, "not the password")
        return page.status_code, without_tokens(page).replace(email, "")

    assert answer_to("nobody-at-all@example.com") == answer_to(candidate.email)
    assert "do not belong together" in answer_to(candidate.email)[1]


def test_switched_off_account_cannot_sign_in(candidate, browser):
    candidate.is_active = False
    candidate.save()

    answer = sign_in(browser, candidate.email)

    assert not is_signed_in(browser)
    assert answer.url == reverse("account_inactive")
    assert "switched off" in browser.get(answer.url).text


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/",
        "//evil.example/",
        "///evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "http:evil.example",
    ],
)
def test_sign_in_leads_nowhere_else(candidate, browser, elsewhere):
    answer = sign_in(browser, candidate.email, next=elsewhere)

    assert is_signed_in(browser)
    assert answer.url == reverse(settings.LOGIN_REDIRECT_URL)


def test_sign_in_leads_back_to_the_page_asked_for(candidate, browser):
    wanted = reverse("accounts:settings")
    asked = browser.get(wanted)

    assert asked.url == f"{reverse('account_login')}?next={wanted}"
    assert sign_in(browser, candidate.email, next=wanted).url == wanted


def test_sign_out_ends_the_session(client_of, candidate):
    browser = client_of(candidate)
    question = browser.get(reverse("account_logout"))
    assert candidate.email in question.text

    answer = browser.post(reverse("account_logout"))

    assert answer.url == reverse("landing")
    assert not is_signed_in(browser)


# --- passwords ---------------------------------------------------------------------------------


def test_reset_sends_a_link_that_works_once(candidate, client_of, browser):
    elsewhere = client_of(candidate)
    browser.post(reverse("account_reset_password"), {"email": candidate.email})
    assert [message.to for message in mail.outbox] == [[candidate.email]]

    form = browser.get(link_in(mail.outbox[0]), follow=True)
    assert "Choose a new password" in form.text
    answer = browser.post(form.wsgi_request.path, {"password1": "a wholly other password"})

    assert answer.url == reverse("account_reset_password_from_key_done")
    candidate.refresh_from_db()
    assert candidate.check_password("a wholly other password")
    assert elsewhere.get(reverse("accounts:security")).status_code == 302
    assert "does not work any more" in Client().get(link_in(mail.outbox[0]), follow=True).text
    assert mail.outbox[-1].subject == "Parley: Your password was changed"


def test_reset_of_an_unknown_address_answers_alike(candidate, browser):
    known = browser.post(reverse("account_reset_password"), {"email": candidate.email})
    unknown = Client().post(reverse("account_reset_password"), {"email": "nobody@example.com"})

    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)
    assert [message.subject for message in mail.outbox] == [
        "Parley: Choose a new password",
        "Parley: No account with this address",
    ]


def test_change_of_password_signs_out_everywhere_else(candidate, browser):
    sign_in(browser, candidate.email)
    other = Client()
    sign_in(other, candidate.email)
    other.get(reverse("accounts:security"))

    answer = browser.post(
        reverse("account_change_password"),
        {"oldpassword": PASSWORD, "password1": "a wholly other password"},
    )

    assert answer.url == reverse("accounts:security")
    assert browser.get(reverse("accounts:security")).status_code == 200
    assert other.get(reverse("accounts:security")).status_code == 302
    assert mail.outbox[-1].subject == "Parley: Your password was changed"


def test_change_of_password_needs_the_current_one(candidate, browser):
    sign_in(browser, candidate.email)

    page = browser.post(
        reverse("account_change_password"),
        {"oldpassword": "wrong", "password1": "a wholly other password"},
    )

    assert "That is not your current password." in page.text
    candidate.refresh_from_db()
    assert candidate.check_password(PASSWORD)


# --- another address -----------------------------------------------------------------------------


def test_new_address_counts_once_it_is_confirmed(candidate, browser):
    sign_in(browser, candidate.email)
    prove(browser)
    browser.post(reverse("account_email"), {"action_add": "", "email": "new@example.com"})
    candidate.refresh_from_db()
    assert candidate.email == "candidate@example.com"
    assert mail.outbox[-1].to == ["new@example.com"]
    assert "new@example.com" in browser.get(reverse("accounts:security")).text

    browser.post(link_in(mail.outbox[-1]))

    candidate.refresh_from_db()
    assert candidate.email == "new@example.com"
    assert [address.email for address in candidate.emailaddress_set.all()] == ["new@example.com"]
    assert mail.outbox[-1].to == ["candidate@example.com"]
    assert mail.outbox[-1].subject == "Parley: Your address was changed"


def test_new_address_can_be_taken_back(candidate, browser):
    sign_in(browser, candidate.email)
    prove(browser)
    browser.post(reverse("account_email"), {"action_add": "", "email": "new@example.com"})

    browser.post(reverse("account_email"), {"action_remove": "", "email": "new@example.com"})

    assert [address.email for address in candidate.emailaddress_set.all()] == [candidate.email]


def test_change_of_address_asks_again_after_a_while(candidate, client_of):
    browser = client_of(candidate)  # signed in without having given a password just now

    answer = browser.post(reverse("account_email"), {"action_add": "", "email": "new@example.com"})
    assert answer.url.startswith(reverse("account_reauthenticate"))
    assert "Is it you?" in browser.get(answer.url).text
    browser.post(answer.url, {"password": PASSWORD})

    assert mail.outbox[-1].to == ["new@example.com"]


def test_address_of_somebody_else_is_not_given_away(candidate, browser):
    other = UserFactory.create()
    sign_in(browser, candidate.email)
    prove(browser)

    answer = browser.post(reverse("account_email"), {"action_add": "", "email": other.email})

    assert answer.url == reverse("account_email")
    link = link_in(mail.outbox[-1])
    assert mail.outbox[-1].to == [other.email]
    assert "belongs to another account" in browser.get(link).text
