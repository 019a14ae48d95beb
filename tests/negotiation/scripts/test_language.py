"""The language of templates does no more than put facts in places."""

import pytest

from negotiation.scripts import SITUATIONS, read_script, review_template
from negotiation.scripts.language import LONGEST, Aside, Blank, Role, Words

OPENING = SITUATIONS["S10"]
QUOTE = "{n} packages, {sources}, as of {as_of}: {range_of} from {range_low} to {range_high}."


def codes(text: str, key: str = "S10") -> list[str]:
    _, problems = review_template(text, SITUATIONS[key])
    return [problem.code for problem in problems]


def test_a_template_is_read_into_words_blanks_and_asides() -> None:
    script, problems = read_script("Subject: The offer for {role}\n\nHello[[ {contact}]],\n~ Wait.")

    assert problems == ()
    subject, greeting, cue = script.paragraphs
    assert (subject.role, subject.parts) == (
        Role.SUBJECT,
        (Words("The offer for "), Blank("role")),
    )
    assert greeting.parts == (Words("Hello"), Aside((Words(" "), Blank("contact"))), Words(","))
    assert (cue.role, cue.parts) == (Role.CUE, (Words("Wait."),))
    assert script.needed == ("role",)
    assert script.slots == ("role", "contact")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Hello {contact", "unbalanced"),
        ("Hello contact}", "unbalanced"),
        ("Hello [[ {contact}", "unbalanced"),
        ("Hello {contact}]]", "unbalanced"),
        ("Hello [[ {contact} [[ {role} ]] ]]", "unbalanced"),
        ("Hello {{contact}}", "unbalanced"),
        ("Hello {contact.__class__}", "slot_name"),
        ("Hello {contact|safe}", "slot_name"),
        ("Hello {}", "slot_name"),
        ("Hello {Contact}", "slot_name"),
        ("Hello [[there]]", "aside_without_slot"),
        ("", "empty"),
        ("~ Only a cue.", "empty"),
        ("Subject: Only a subject", "empty"),
        ("x" * (LONGEST + 1), "too_long"),
    ],
)
def test_what_is_not_the_language_is_refused(text: str, code: str) -> None:
    assert code in codes(text)


def test_an_unknown_slot_is_refused_with_a_guess() -> None:
    _, problems = review_template("I ask for {base_asked}.", OPENING)

    assert [str(problem) for problem in problems] == [
        "Line 1: There is no slot {base_asked}. Did you mean {base_ask}?"
    ]


@pytest.mark.parametrize(
    "figure",
    ["290000", "$290k", "£", "20%", "ten thousand", "a hundred thousand", "three weeks", "½", "٣",
     "two weeks", "twice", "half of", "Ⅳ", "290,000", "twenty percent", "a dozen"],
)  # fmt: skip
def test_a_figure_outside_a_slot_is_refused(figure: str) -> None:
    assert "bare_figure" in codes(f"I was hoping for {figure} base.")
    assert "bare_figure" in codes(f"Hello[[ {{contact}}, {figure}]].")
    assert "bare_figure" in codes(f"Hello.\n~ Say {figure}.")


@pytest.mark.parametrize("term", ["409A", "83(b)", "401(k)", "H-1B"])
def test_a_name_with_digits_is_no_figure(term: str) -> None:
    assert codes(f"Could you tell me the {term} terms?") == []


@pytest.mark.parametrize(
    "claim",
    ["I have another offer.", "I hold a written offer from a competitor.", "They offered me a base.",
     "I’ve got an offer elsewhere.", "Google's offer is strong.", "I have several other offers.",
     "Could you match their offer?", "My current employer countered.", "I received an offer from Initech.",
     "I have been offered a role.", "I am sitting on a signed offer.", "There is an offer on the table.",
     "I ow\u200be them an answer.", "I have anoth\u00ader offer."],
)  # fmt: skip
def test_a_claim_of_another_offer_needs_its_record_in_the_same_sentence(claim: str) -> None:
    assert "competing_claim" in codes(claim)
    assert "competing_claim" in codes(claim, "S16")
    assert "competing_claim" in codes(f"{claim} Its base is {{competing_base}}.", "S16")


def test_a_claim_with_its_record_is_fine_in_its_situation_only() -> None:
    text = "I have a written offer from {competing_name} at {competing_base} base."

    assert codes(text, "S16") == []
    assert set(codes(text, "S10")) == {"competing_elsewhere"}
    assert "competing_elsewhere" in codes("Hello[[ from {competing_name}]].", "S05")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("I would rather join you.", "preference_claim"),
        ("You are my first choice.", "preference_claim"),
        ("I’d sign today.", "preference_claim"),
        ("My bottom line is {base_ask}.", "private"),
        ("My current salary is {base_offered}.", "current_pay"),
        ("Otherwise I will decline.", "threat"),
        ("I was hoping for a bit more.", "vague"),
        ("Your engineers earn {range_high}.", "others_pay"),
        ("The range is {range_low} to {range_high}.", "bare_quote"),
        ("I ask for {asked_items} please.", "list_in_line"),
        ("Hello.\n~ Say {base_ask}.", "slot_in_cue"),
    ],
)
def test_what_an_honest_script_never_says_is_refused(text: str, code: str) -> None:
    assert code in codes(text)


def test_a_confirmed_preference_and_a_whole_quote_are_fine() -> None:
    assert codes("{preference}, because of {team_reason}.") == []
    assert codes(QUOTE) == []
