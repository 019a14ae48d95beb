"""The pages of a letter: put in, read, checked, filled in, compared, deleted."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from offers import services
from offers.models import Letter, Offer, OfferDraft, OfferRevision
from offers.services import letters as letter_services
from tests.factories.letters import LETTERS, NOW, read_as_labelled, read_letter
from tests.factories.terms import startup_terms

pytestmark = pytest.mark.django_db

NEW = reverse("offers:letter_new")


def file(name):
    return SimpleUploadedFile(name, (LETTERS / name).read_bytes())


def detail(letter):
    return reverse("offers:letter_detail", args=[letter.pk])


def flat(html):
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


# --- putting it in -----------------------------------------------------------------------------


def test_files_and_pasted_text_become_one_letter(client_of, candidate):
    answer = client_of(candidate).post(
        NEW,
        {
            "chosen": [
                file("14-junegrass-revised-offer.docx"),
                file("x4-password-protected.pdf"),
            ],
            "pasted": "Your base salary is $100,000 a year.",
        },
    )

    letter = Letter.objects.get()
    assert answer.url == detail(letter)
    assert letter.owner == candidate
    assert [(each.name, each.is_pasted) for each in letter.files.order_by("position")] == [
        ("14-junegrass-revised-offer.docx", False),
        ("x4-password-protected.pdf", False),
        ("Pasted text", True),
    ]
    stored = letter.files.get(position=0).content
    assert stored == (LETTERS / "14-junegrass-revised-offer.docx").read_bytes()


def test_uploads_never_touch_the_disk(client_of, candidate, monkeypatch):
    def refuse(*args, **kwargs):
        raise AssertionError("a letter was about to be written to disk")

    monkeypatch.setattr("django.core.files.uploadedfile.tempfile.NamedTemporaryFile", refuse)
    large = SimpleUploadedFile("large.txt", b"salary " * 600_000)

    answer = client_of(candidate).post(NEW, {"chosen": [large]})

    assert answer.status_code == 302
    assert Letter.objects.get().files.get().size == 4_200_000


def test_a_file_that_is_too_large_is_kept_in_part_and_says_so(client_of, candidate):
    large = SimpleUploadedFile("large.pdf", b"%PDF-1.7" + bytes(11_000_000))

    client_of(candidate).post(NEW, {"chosen": [large]})

    kept = Letter.objects.get().files.get()
    assert (kept.size, len(kept.content)) == (11_000_008, 10_000_000)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({}, "Choose a file, or paste the text of the letter."),
        ({"pasted": "  \n "}, "Choose a file, or paste the text of the letter."),
        ({"pasted": "a" * 400_001}, "Shorten this to 400,000 characters."),
    ],
)
def test_nothing_to_read_says_what_to_do(client_of, candidate, data, sentence):
    answer = client_of(candidate).post(NEW, data)

    assert answer.status_code == 422
    assert sentence in answer.text
    assert not Letter.objects.exists()


def test_too_many_files_keep_the_pasted_text(client_of, candidate):
    files = [SimpleUploadedFile(f"{n}.txt", b"salary") for n in range(6)]

    answer = client_of(candidate).post(NEW, {"chosen": files, "pasted": "what was pasted"})

    assert answer.status_code == 422
    assert "Choose up to 5 files of one offer." in answer.text
    assert "what was pasted" in answer.text


def test_a_full_shelf_and_too_many_uploads_are_answered(client_of, candidate, monkeypatch):
    client = client_of(candidate)
    monkeypatch.setattr(letter_services, "MOST_LETTERS", 0)

    full = client.post(NEW, {"pasted": "salary"})
    monkeypatch.setattr("offers.views.letters.UPLOADS_AN_HOUR", 1)
    often = client.post(NEW, {"pasted": "salary"})

    assert (full.status_code, often.status_code) == (422, 429)
    assert "Delete some that you no longer need." in full.text


def test_a_letter_for_an_offer_of_somebody_else_is_a_404(client_of, candidate, stranger):
    offer = services.record_offer(owner=candidate, terms=startup_terms(), as_of=NOW)
    url = reverse("offers:offer_letter", args=[offer.pk])

    assert client_of(stranger).get(url).status_code == 404
    assert client_of(stranger).post(url, {"pasted": "salary"}).status_code == 404
    mine = client_of(candidate).post(url, {"pasted": "salary"})

    assert Letter.objects.get().offer == offer
    assert mine.url == detail(Letter.objects.get())


@pytest.mark.parametrize(
    "name", ["letter_detail", "letter_changes", "letter_delete", "letter_retry"]
)
def test_a_strangers_letter_is_a_404(client_of, candidate, stranger, name):
    offer = services.record_offer(owner=candidate, terms=startup_terms(), as_of=NOW)
    letter = read_letter(candidate, offer=offer)
    client = client_of(stranger)

    for call in (client.get, client.post):
        assert call(reverse(f"offers:{name}", args=[letter.pk])).status_code == 404
    assert "Bellwether" not in client.get(reverse("offers:letter_list")).text
    assert Letter.objects.count() == 1


def test_the_list_of_letters_asks_as_often_for_three_as_for_one(
    client_of, candidate, django_assert_num_queries
):
    client = client_of(candidate)
    read_letter(candidate)
    client.get(reverse("offers:letter_list"))  # the session is new only once

    counts = []
    for _ in range(2):
        with django_assert_num_queries(9) as queries:
            client.get(reverse("offers:letter_list"))
        counts.append(len(queries))
        read_letter(candidate, "14")
        read_letter(candidate, "03")

    assert counts == [9, 9]


def test_the_list_of_letters_tells_their_files_apart(client_of, candidate):
    read_letter(candidate)
    broken = read_letter(candidate, "14")
    broken.files.update(problem="The PDF is protected with a password.", text_start=None)

    text = client_of(candidate).get(reverse("offers:letter_list")).text

    assert "01.txt. Put in" in text
    assert "14.txt, could not be read. Put in" in text


# --- while it is read --------------------------------------------------------------------------


def test_a_letter_that_waits_shows_progress_and_polls_itself(client_of, candidate):
    letter = services.submit_letter(
        owner=candidate,
        uploads=[services.Upload(name="a.txt", content=b"salary", size=6)],
        as_of=NOW,
    )
    client = client_of(candidate)
    poll = {"HX-Request": "true", "HX-Target": "letter-state"}

    page = client.get(detail(letter))
    waiting = client.get(detail(letter), headers=poll)
    services.run_reading(letter_id=letter.pk, clock=lambda: NOW)
    done = client.get(detail(letter), headers=poll)

    assert "Waiting for a worker." in page.text
    assert "<html" in page.text
    assert waiting.status_code == 200
    assert "<html" not in waiting.text
    assert 'hx-trigger="every 2s"' in waiting.text
    assert (done.status_code, done.headers["HX-Refresh"]) == (286, "true")
    assert "hx-trigger" not in done.text


def test_a_failed_letter_can_be_read_again(client_of, candidate):
    letter = read_letter(candidate)
    Letter.objects.update(state=Letter.State.FAILED, reading=None, last_error="It was interrupted.")
    client = client_of(candidate)

    page = client.get(detail(letter))
    client.post(reverse("offers:letter_retry", args=[letter.pk]))

    assert "It was interrupted." in page.text
    letter.refresh_from_db()
    assert letter.state == Letter.State.QUEUED


def test_each_unreadable_file_has_its_message_and_a_way_on(client_of, candidate):
    names = ["15-stillwater-scanned.pdf", "x4-password-protected.pdf", "x5-truncated.pdf"]
    client = client_of(candidate)
    client.post(NEW, {"chosen": [file(name) for name in names]})
    letter = Letter.objects.get()
    services.run_reading(letter_id=letter.pk, clock=lambda: NOW)

    page = flat(client.get(detail(letter)).text)

    for name in names:
        assert name in page
    assert "it looks like a scan or a photo" in page
    assert "protected with a password" in page
    assert "damaged or incomplete" in page
    assert "Try another file, or paste the text" in page
    assert "Fill in the offer form" not in page


# --- checking ----------------------------------------------------------------------------------


def test_every_value_is_shown_with_its_sentence_and_its_mark(client_of, candidate):
    letter = read_letter(candidate)

    html = client_of(candidate).get(detail(letter)).text

    page = flat(html)
    assert "$238,000" in page
    assert "Staff Machine Learning Engineer" in page
    assert re.search(r'<mark data-marks="[^"]*">\$238,000 per year</mark>', html)
    for number in re.findall(r'href="#mark-(f\d+)"', html):
        assert f'id="mark-{number}"' in html
    assert not Offer.objects.exists()
    assert not OfferDraft.objects.exists()


def numbers_of(html):
    """Return the numbers of the facts by the name that stands over them."""
    pairs = re.findall(r'data-fact="f(\d+)">\s*<legend>([^<]+)</legend>', html)
    return {label: number for number, label in pairs}


def test_accepted_values_open_the_form_in_writing_and_rejected_ones_do_not(client_of, candidate):
    letter = read_letter(candidate)
    client = client_of(candidate)
    number = numbers_of(client.get(detail(letter)).text)

    answer = client.post(
        detail(letter),
        {
            f"do{number['Job title']}": "correct",
            f"text{number['Job title']}": "Staff Engineer",
            f"do{number['Sign-on bonus']}": "reject",
            f"do{number['Base salary']}": "accept",
            "action": "fill",
        },
    )

    draft = OfferDraft.objects.get()
    assert answer.url == reverse("offers:draft_section", args=[draft.pk, "role"])
    assert draft.typed["role"]["name"] == "Quillhaven AI, Inc."
    assert draft.typed["role"]["title"] == "Staff Engineer"
    assert draft.typed["role"]["location"] == "us-sf-bay"
    assert draft.typed["cash"]["base_salary"] == "238000"
    assert draft.typed["cash"]["target_bonus_fraction"] == "12%"
    assert not any(name.startswith("payments-0") for name in draft.typed["cash"])
    assert draft.typed["equity"]["grants-0-compensation_type"] == "iso"
    assert draft.typed["equity"]["grants-0-quantity"] == "64000"
    assert draft.typed["equity"]["grants-0-vesting_preset"] == "25x4"
    assert draft.typed["equity"]["grants-0-post_termination_window_days"] == "730"
    assert draft.typed["company"]["fair_market_value"] == "3.17"
    assert draft.typed["company"]["fair_market_value_status"] == "written"
    assert draft.typed["dates"]["source"] == "written"
    assert not Offer.objects.exists()


def test_a_correction_that_cannot_be_read_keeps_everything_and_says_why(client_of, candidate):
    letter = read_letter(candidate)
    client = client_of(candidate)
    number = numbers_of(client.get(detail(letter)).text)["Base salary"]

    answer = client.post(
        detail(letter), {f"do{number}": "correct", f"text{number}": "a lot", "action": "fill"}
    )

    assert answer.status_code == 422
    assert "<title>Error: Check a letter" in answer.text
    assert f'href="#text{number}"' in answer.text
    assert 'value="a lot"' in answer.text
    assert not OfferDraft.objects.exists()


def test_answers_can_be_kept_for_later(client_of, candidate):
    letter = read_letter(candidate)
    client = client_of(candidate)
    number = numbers_of(client.get(detail(letter)).text)["Job title"]

    client.post(detail(letter), {f"do{number}": "reject", "action": "later"})
    page = client.get(detail(letter)).text

    assert re.search(rf'name="do{number}" value="reject" checked', page)
    assert not OfferDraft.objects.exists()


def test_the_filled_form_shows_the_sentence_behind_each_field(client_of, candidate):
    letter = read_letter(candidate)
    client = client_of(candidate)
    client.post(detail(letter), {"action": "fill"})
    draft = OfferDraft.objects.get()

    cash = flat(client.get(reverse("offers:draft_section", args=[draft.pk, "cash"])).text)
    equity = flat(client.get(reverse("offers:draft_section", args=[draft.pk, "equity"])).text)

    assert "In the letter:" in cash
    assert "Your starting base salary will be $238,000 per year" in cash
    assert "64,000 shares of common stock" in equity


def test_a_letter_becomes_an_offer_only_once_the_form_is_saved(client_of, candidate):
    letter = read_letter(candidate)
    client = client_of(candidate)
    client.post(detail(letter), {"action": "fill"})
    draft = OfferDraft.objects.get()
    services.fill_draft(draft=draft, typed={"dates": {"received_date": "2026-01-14"}})
    for section in ("role", "cash", "equity", "company", "benefits", "dates"):
        url = reverse("offers:draft_section", args=[draft.pk, section])
        answer = client.post(url, {"action": "continue"})
        assert answer.status_code == 302, (section, flat(answer.text)[:2000])

    client.post(reverse("offers:draft_review", args=[draft.pk]))

    offer = Offer.objects.get()
    revision = offer.revisions.get()
    assert (offer.state, revision.source) == ("written", OfferRevision.Source.WRITTEN)
    assert offer.company.name == "Quillhaven AI, Inc."
    assert revision.base_salary == 238_000
    letter.refresh_from_db()
    assert letter.offer == offer


def test_a_question_fills_nothing_until_it_is_answered(client_of, candidate):
    text, _ = read_as_labelled("01")
    found = re.search(r"March\s+2,\s+2026", text)
    span = {"start": found.start(), "end": found.end(), "page": 1, "text": found[0]}
    letter = read_letter(
        candidate,
        questions=[
            {
                "path": "start_date",
                "why": "day or month first?",
                "choices": ["2026-03-02", "2026-02-03"],
            }
        ],
        question_spans=[[span]],
    )
    letter.reading["fields"]["start_date"] = None
    letter.save()
    client = client_of(candidate)

    page = client.get(detail(letter))
    client.post(detail(letter), {"q0": "", "action": "fill"})
    left_open = OfferDraft.objects.get().typed["dates"].get("start_date", "")
    client.post(detail(letter), {"q0": "1", "action": "fill"})
    answered = OfferDraft.objects.get().typed["dates"]["start_date"]

    assert "Day or month first?" in page.text
    assert "3 February 2026" in flat(page.text) or "3 Feb 2026" in flat(page.text)
    assert (left_open, answered) == ("", "2026-02-03")


def test_gaps_become_the_questions_of_an_email(client_of, candidate):
    letter = read_letter(candidate, missing=["equity.0.strike_price", "response_deadline"])

    page = client_of(candidate).get(detail(letter)).text

    assert "What the letter leaves out" in page
    assert "1. What is the exercise price, or the latest 409A price?" in page
    assert "2. By which date do you need my answer?" in page


@pytest.mark.parametrize("letter_id", ["x1", "x3"])
def test_what_is_no_written_offer_never_becomes_one(client_of, candidate, letter_id):
    letter = read_letter(candidate, letter_id)
    client = client_of(candidate)

    page = flat(client.get(detail(letter)).text)
    client.post(detail(letter), {"action": "fill"})

    assert ("not a written offer" in page) == (letter_id == "x1")
    assert ("looks like a job advert" in page) == (letter_id == "x3")
    sources = [draft.typed["dates"]["source"] for draft in OfferDraft.objects.all()]
    assert sources == (["verbal"] if letter_id == "x1" else [])


def test_an_offer_leads_to_its_letters(client_of, candidate):
    offer = services.record_offer(owner=candidate, terms=startup_terms(), as_of=NOW)
    letter = read_letter(candidate, offer=offer)
    other = read_letter(candidate)

    page = client_of(candidate).get(reverse("offers:offer_detail", args=[offer.pk])).text

    assert f'href="{detail(letter)}"' in page
    assert f'href="{detail(other)}"' not in page


# --- a revised letter --------------------------------------------------------------------------


def revised(candidate):
    """Return the offer of letter 14 as it was before, and the letter that changes it."""
    offer = services.record_offer(owner=candidate, terms=startup_terms(), as_of=NOW)
    letter = read_letter(candidate, "14", offer=offer)
    return offer, letter


def test_a_revised_letter_shows_what_it_changes_with_both_sentences(client_of, candidate):
    offer = services.record_offer(owner=candidate, terms=startup_terms(), as_of=NOW)
    read_letter(candidate, "01", offer=offer)
    letter = read_letter(candidate, "14", offer=offer)

    page = flat(client_of(candidate).get(reverse("offers:letter_changes", args=[letter.pk])).text)

    assert re.search(r"Base salary Cash Until now \$[\d,]+ .{0,200}\$238,000 per year", page)
    assert re.search(r"This letter \$196,000", page)
    assert "What the letter does not mention stays as it is." in page


def test_a_revised_letter_becomes_the_next_revision(client_of, candidate):
    offer, letter = revised(candidate)
    client = client_of(candidate)

    client.post(reverse("offers:letter_changes", args=[letter.pk]))

    draft = OfferDraft.objects.get()
    assert (draft.offer, draft.purpose) == (offer, OfferDraft.Purpose.NEW_TERMS)
    assert draft.typed["cash"]["base_salary"] == "196000"
    assert draft.typed["dates"]["source"] == "written"
    # What the letter does not speak of stays.
    assert draft.typed["company"]["fully_diluted_shares_status"] == "written"


@pytest.mark.parametrize(("letter_id", "n_drafts"), [("x1", 1), ("x3", 0)])
def test_what_is_no_written_offer_changes_no_offer_in_writing(
    client_of, candidate, letter_id, n_drafts
):
    offer = services.record_offer(owner=candidate, terms=startup_terms(), as_of=NOW)
    letter = read_letter(candidate, letter_id, offer=offer)

    client_of(candidate).post(reverse("offers:letter_changes", args=[letter.pk]))

    sources = [draft.typed["dates"]["source"] for draft in OfferDraft.objects.all()]
    assert sources == ["verbal"] * n_drafts
    assert offer.revisions.count() == 1


def test_a_letter_is_deleted_after_a_page_that_says_what_goes(client_of, candidate):
    letter = read_letter(candidate)
    client = client_of(candidate)
    url = reverse("offers:letter_delete", args=[letter.pk])

    assert "cannot be undone" in client.get(url).text
    assert client.post(url).url == reverse("offers:letter_list")
    assert not Letter.objects.exists()
