"""What is pointed out in an edited text, and the one thing that is never passed on."""

from decimal import Decimal

import pytest

from negotiation.scripts import (
    SITUATIONS,
    SLOTS,
    Checked,
    Doubt,
    Draft,
    FactBook,
    Light,
    check_text,
    read_script,
    render,
)
from tests.factories.facts import example_book

NO_OFFER = [slot.name for slot in SLOTS.values() if slot.is_competing]
OPENING = SITUATIONS["S10"]


def check(text: str, *, without: tuple[str, ...] = (), key: str = "S10") -> Checked:
    return check_text(text, example_book(*without), SITUATIONS[key])


def doubts(text: str, *without: str) -> list[tuple[Doubt, str]]:
    return [(remark.doubt, remark.words) for remark in check(text, without=without).remarks]


def opening() -> str:
    script, _ = read_script(
        "I am excited about {team_reason}. {n} packages, {sources}, as of {as_of}, put {range_of} "
        "between {range_low} and {range_high}. I ask for {full_ask}. Is there flexibility there?"
    )
    draft = render(script, example_book())
    assert isinstance(draft, Draft)
    return draft.body


def lights(text: str) -> dict[Light, bool]:
    return {state.light: state.is_on for state in check(text).lights}


def test_a_script_as_rendered_raises_no_doubt_and_all_lights_are_on() -> None:
    checked = check(opening())

    assert checked.remarks == ()
    assert checked.passed_on == opening()
    assert {state.light: state.is_on for state in checked.lights} == dict.fromkeys(Light, True)


@pytest.mark.parametrize(
    ("text", "doubt", "words"),
    [
        ("I ask for $295,000.", Doubt.UNRECORDED_FIGURE, "$295,000"),
        ("I ask for 295k.", Doubt.UNRECORDED_FIGURE, "295k"),
        ("I ask for ninety thousand.", Doubt.UNRECORDED_FIGURE, "ninety"),
        ("I start on 3 May 2027.", Doubt.UNRECORDED_FIGURE, "3 May 2027"),
        ("Could you add a bit more?", Doubt.VAGUE, "a bit more"),
        ("I expect a competitive package.", Doubt.VAGUE, "competitive"),
        ("Raise it, or I walk.", Doubt.THREAT, "or I walk"),
        ("If you can't do it, I'll go.", Doubt.THREAT, "If you can't do it, I'll"),
        ("Answer by Saturday, please.", Doubt.UNREAL_DEADLINE, "Saturday"),
        ("I need this within 24 hours.", Doubt.UNREAL_DEADLINE, "24 hours"),
        ("Please reply before 3 May.", Doubt.UNREAL_DEADLINE, "3 May"),
        ("My bottom line is clear.", Doubt.PRIVATE, "bottom line"),
        ("My current salary is $265,000.", Doubt.PRIVATE, "current salary"),
        ("Your engineers earn $310,000.", Doubt.OTHERS_PAY, "Your engineers earn"),
    ],
)
def test_what_an_edit_brings_in_is_pointed_out_and_not_blocked(
    text: str, doubt: Doubt, words: str
) -> None:
    checked = check(text)

    assert (doubt, words) in [(remark.doubt, remark.words) for remark in checked.remarks]
    assert checked.withheld == ()
    assert checked.passed_on == text


@pytest.mark.parametrize(
    "text",
    ["I ask for $290,000.", "I ask for 290k.", "I ask for 290,000 dollars.", "$0.29M works.",
     "Would 30 November work?", "By Monday, 30 November 2026.", "The 409A price, please.",
     "A target of 20%."],
)  # fmt: skip
def test_what_is_on_record_may_be_said_in_another_form(text: str) -> None:
    assert doubts(text) == []


def test_a_vague_wish_gets_the_figures_of_the_ask_instead() -> None:
    (remark,) = check("I was hoping for a bit more.").remarks

    assert remark.instead == "a base of $290,000 and 80,000 options"


def test_the_walk_away_is_never_said() -> None:
    book = FactBook(example_book().facts, secrets=(Decimal(250_000),))

    remarks = check_text("I could do $250,000.", book, OPENING).remarks

    assert [remark.doubt for remark in remarks] == [Doubt.PRIVATE]


def test_a_record_that_equals_the_walk_away_may_be_cited() -> None:
    """The other company happens to offer exactly that; saying so gives nothing away."""
    book = FactBook(example_book().facts, secrets=(Decimal(285_000),))

    remarks = check_text(
        "I have a written offer at $285,000 base.", book, SITUATIONS["S16"]
    ).remarks

    assert remarks == ()


def test_a_preference_is_true_only_if_confirmed() -> None:
    text = "You are my first choice."

    assert doubts(text) == []
    assert doubts(text, "preference", "would_sign") == [
        (Doubt.UNCONFIRMED_PREFERENCE, "my first choice")
    ]


CLAIMS = [
    "I have another offer.",
    "I HAVE ANOTHER OFFER.",
    "I have anot\u200bher offer at $285,000.",
    "I’ve a written offer from Initech.",
    "Initech's offer is better.",
    "Hooli offered me a base of $285,000.",
    "My present employer countered.",
    "There’s an offer on the table from a competitor.",
    "I hold two offers.",
    "I owe them an answer.",
]


@pytest.mark.parametrize("claim", CLAIMS)
@pytest.mark.parametrize("key", SITUATIONS)
def test_no_edit_passes_on_another_offer_without_a_record(claim: str, key: str) -> None:
    text = f"Thank you for the call. {claim} Is there room?"

    checked = check(text, without=tuple(NO_OFFER), key=key)

    assert [remark.doubt for remark in checked.withheld] == [Doubt.UNBACKED_OFFER]
    assert checked.passed_on == "Thank you for the call. Is there room?"
    assert checked.text == text  # nothing that was typed is lost


def test_figures_of_another_offer_stay_as_its_letter_states_them() -> None:
    honest = "I have a written offer from another company at $285,000 base."
    rounded = honest.replace("$285,000", "$300,000")

    assert check(honest).withheld == ()
    assert check(honest).passed_on == honest
    checked = check(f"Hello. {rounded}")
    assert [(remark.doubt, remark.words) for remark in checked.withheld] == [
        (Doubt.ALTERED_OFFER, "$300,000")
    ]
    assert checked.passed_on == "Hello."


def test_an_ask_figure_is_no_figure_of_the_other_offer() -> None:
    """$290,000 is on record as the ask, which does not make it the other company's."""
    checked = check("I have a written offer from Hooli at $290,000.")

    assert checked.passed_on == ""


@pytest.mark.parametrize(
    ("change", "light"),
    [
        (lambda text: text.replace("I am excited about", "It is"), Light.WARM),
        (lambda text: text.replace("42 packages", "packages"), Light.GROUNDED),
        (lambda text: text.replace("two surveys, ", ""), Light.GROUNDED),
        (lambda text: text.replace("as of 1 October 2026, ", ""), Light.GROUNDED),
        (lambda text: text.replace("a base of $290,000 and 80,000 options", "a bit more"), Light.SPECIFIC),
        (lambda text: text.replace("Is there flexibility there?", "Tell me."), Light.OPEN),
        (lambda text: text.replace("I ask", "Unless you agree I go. I ask"), Light.OPEN),
        (lambda text: text + " Answer by Saturday, will you?", Light.OPEN),
    ],
)  # fmt: skip
def test_a_light_goes_out_with_what_it_stands_for(change, light: Light) -> None:  # type: ignore[no-untyped-def]
    shown = lights(change(opening()))

    assert [name for name, is_on in shown.items() if not is_on] == [light]


def test_lights_follow_the_situation() -> None:
    assert [state.light for state in check("Thank you.", key="S28").lights] == [Light.WARM]


def test_lines_stay_lines_and_carriage_returns_go() -> None:
    checked = check("Hello,\r\n\r\nI have another offer.\r\nThank you.", without=tuple(NO_OFFER))

    assert checked.passed_on == "Hello,\n\n\nThank you."


@pytest.mark.parametrize(
    "claim",
    [
        "I got offers from two labs.",
        "Google has given me an offer of $500k.",
        "DeepMind wants me for $500k.",
        "I can get more elsewhere.",
        "Hooli is willing to pay me $400,000.",
        "I've been extended an offer by Hooli.",
        "A competitor has put $400,000 on the table.",
        "Hooli came in at $400,000.",
        "I already hold a signed contract with Initech.",
        "My other offer is higher.",
        "The Hooli offer is at $400k.",
        "Hooli's package is $400k.",
        "There are two companies bidding for me.",
        "I have competing offers.",
        "I am holding an offer letter.",
        "Another company is offering $300,000.",
        "I received a written offer yesterday.",
        "I have one more offer.",
        "Your competitor offered 400k.",
        "I have offers in hand.",
        "I turned down an offer from Hooli to be here.",
        "Someone else has offered me this role at more.",
        "I also have Hooli's offer.",
        "I have a verbal offer from Hooli.",
        "Hooli made a counteroffer.",
        "The other offer is better.",
        "I have another job offer for $500,000.",
        "I have gotten an offer.",
        "My alternative offer is $300k.",
        "i have an 0ffer from Hooli",
        "I've got multiple offers on the table.",
        "I have Offers from Google and Meta.",
        "Meta sent over an offer.",
        "I'm choosing between offers.",
        "I have accepted an offer from Hooli.",
    ],
)
def test_a_claim_is_caught_however_it_is_worded(claim: str) -> None:
    assert check(claim, without=tuple(NO_OFFER)).passed_on == ""


@pytest.mark.parametrize(
    "text",
    [
        "Thank you for the offer.",
        "I have gone through the offer and compared it with market data.",
        "I have read the offer with care.",
        "Could you send me the full offer in writing?",
        "Could you send me a revised offer letter with these points?",
        "I would like to see the offer letter.",
        "Thank you for the written offer of 16 November.",
        "I am excited about the offer and the team.",
        "I accept the offer as it stands.",
        "The offer is about $31,000 below that.",
        "I would like to go through the offer with you.",
        "What does the offer include?",
        "I have compared the offer with what the market pays.",
        "I have a few questions about the offer.",
        "When does the offer expire?",
        "I have two questions on the offer.",
        "I would be happy to accept your offer.",
        "I have received your offer.",
        "Your offer is strong.",
        "I have your offer in front of me.",
        "I want to make this offer work.",
        "Is this offer final?",
        "Could you improve the offer?",
        "My offer letter says $265,000.",
        "Can we talk about the offer on a call?",
        "I am talking to others.",
        "I have other talks.",
        "The company's offer is fine.",
        "Thank you for making me an offer.",
        "I am glad to have an offer from you.",
        "I look forward to your offer.",
        "Bellwether AI's offer is what I want to talk about.",
        "Thank you for the Bellwether offer.",
    ],
)
def test_what_is_said_of_this_offer_is_no_claim(text: str) -> None:
    assert check(text, without=tuple(NO_OFFER)).withheld == ()
