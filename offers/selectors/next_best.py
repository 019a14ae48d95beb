"""The next best question in words: what to ask, and what its answer could do."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from config.figures import amounts

QUESTIONS: Final = {
    "stock_classes": "What is paid before common stock: multiple, participation, order",
    "last_preferred_price": "The price of one share in the last round",
    "fully_diluted_shares": "How many shares there are, fully diluted",
    "exercise_price": "The exercise price of your options",
}
LACKING: Final = {
    "fully_diluted_shares": "the fully diluted shares",
    "quantity": "the size of the grant",
    "exercise_price": "the exercise price",
    "exchange_rate": "an exchange rate",
    "last_preferred_price": "the price of the last round",
    "share_price": "the share price",
    "base_salary": "the base salary",
    "stock_classes": "what is paid before common stock",
    "fitting_price": "a price of the last round that fits the classes of stock",
    "priors": "published figures about companies like it",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class NextBest:
    """An open question: what its answer could do, whose it is, and where the answer is typed."""

    code: str
    label: str
    effect: str
    section: str
    letter: str = ""
    offer_id: int | None = None


def next_best(
    row: Mapping[str, Any], currency: str, *, letter: str = "", offer_id: int | None = None
) -> NextBest:
    """Return an open question in words; amounts are in the currency given."""
    narrowing = amounts.headline(row["narrowing"], currency)
    most = amounts.headline(row["most_narrowing"], currency)
    effect = f"Narrows the range by {narrowing} on average, by {most} at most."
    chance = row.get("chance_of_new_order", 0.0)
    if chance:
        effect += f" In {round(20 * chance) or 1} of 20 answers the offers change their order."
    return NextBest(
        code=row["code"],
        label=QUESTIONS.get(row["code"], row["code"].replace("_", " ").capitalize()),
        effect=effect,
        section="equity" if row["code"] == "exercise_price" else "company",
        letter=letter,
        offer_id=offer_id,
    )


def lacking_in_words(codes: list[str]) -> str:
    """Return what would have to be known: "the base salary and the share price"."""
    return " and ".join(LACKING.get(code, code.replace("_", " ")) for code in codes)
