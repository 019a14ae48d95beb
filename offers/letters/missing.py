"""What a good letter states and this one does not."""

from collections.abc import Mapping

from offers.letters.reading import DocumentKind, Question, Value


def missing_facts(
    kind: DocumentKind, fields: Mapping[str, Value], questions: tuple[Question, ...]
) -> tuple[str, ...]:
    """Return the paths worth asking about; nothing that is already a question of its own."""
    if not kind.is_written_offer:
        return ()
    missing = [
        key
        for key in (
            "company",
            "title",
            "location",
            "start_date",
            "base_salary",
            "response_deadline",
        )
        if fields[key] is None and kind is not DocumentKind.AMENDMENT
    ]
    if (start := fields["start_date"]) and start["date"] is None:
        missing.append("start_date.date")
    if (bonus := fields["bonus"]) and not any(
        bonus[key] is not None
        for key in (
            "target_percent",
            "target_amount",
            "max_percent",
            "max_amount",
            "guaranteed_amount",
        )
    ):
        missing.append("bonus.target_percent")
    for key in ("sign_on", "relocation"):
        payment = fields[key]
        if payment is None:
            continue
        repayment = payment["repayment"]
        if key == "relocation" and payment["amount"] is None:
            missing.append("relocation.amount")
        if repayment is None:
            missing.append(f"{key}.repayment")
            continue
        if repayment["months"] is None and repayment["until_date"] is None:
            missing.append(f"{key}.repayment.months")
        if repayment["prorated"] is None:
            missing.append(f"{key}.repayment.prorated")
    for number, grant in enumerate(fields["equity"]):
        missing.extend(f"equity.{number}.{name}" for name in _missing_of(grant))
    deadline = fields["response_deadline"]
    if deadline and deadline["date"] is None and deadline["basis"] != "relative_to_receipt":
        missing.append("response_deadline.date")
    asked = {question.path for question in questions}
    return tuple(path for path in missing if path not in asked)


def _missing_of(grant: Mapping[str, Value]) -> list[str]:
    """Return what a grant of that type should come with."""
    wanted: list[str] = []
    is_option = grant["type"] in {"ISO", "NSO", "OPTION", "EMI", "VSOP", "OTHER"}
    is_listed_like = grant["type"] in {"RSU", "PSU"}
    if grant["quantity"] is None and grant["value"] is None:
        wanted.append("quantity")
    if grant["quantity"] is not None and grant["percent_of_company"] is None and not is_listed_like:
        wanted.append("percent_of_company")
    if is_option and grant["strike_price"] is None:
        wanted.append("strike_price")
    if grant["type"] in {"ISO", "NSO", "OPTION"}:
        wanted.extend(
            name
            for name in ("fmv_409a", "preferred_price", "exercise_window_months")
            if grant[name] is None
        )
    vesting = grant["vesting"]
    if vesting is None:
        wanted.append("vesting")
    if grant["acceleration"] is None and not is_listed_like:
        wanted.append("acceleration")
    return wanted
