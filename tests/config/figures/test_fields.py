"""Fields for figures: read as typed, kept as typed when wrong, and honest about what is unknown."""

from collections.abc import Mapping
from copy import deepcopy
from decimal import Decimal
from typing import Any, ClassVar

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from config.figures.fields import (
    AmountField,
    CardRadioSelect,
    CountField,
    Figure,
    FigureField,
    FigureStatus,
    FractionField,
    figure_columns,
    set_currency,
)
from tests.config.figures.markup import elements, words


class OfferForm(forms.Form):
    """A form with every kind of field, as the pages of offers have them."""

    base = AmountField(label="Base salary", help_text="A year, before tax.", suffix="a year")
    exercise_price = AmountField(label="Exercise price", is_price=True, required=False)
    bonus = FractionField(label="Target bonus", required=False)
    quantity = CountField(label="Options granted", required=False)
    shares = FigureField(CountField(suffix="shares"), label="Fully diluted shares")
    value = FigureField(AmountField(is_price=True), label="Fair market value")
    kind = forms.ChoiceField(
        label="Kind",
        choices=[("rsu", "RSUs"), ("iso", "Options")],
        widget=CardRadioSelect(hints={"rsu": "No cost to you"}),
    )
    is_written = forms.BooleanField(label="In writing", required=False)

    explanations: ClassVar[dict[str, str]] = {"value": "An appraisal for tax."}

    def __init__(self, *args: Any, currency: str = "USD", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_currency(self, currency)
        self.cautions: dict[str, str] = {}


def posted(**changes: str) -> OfferForm:
    data = {"base": "185k", "shares_status": "not_asked", "value_status": "not_asked"}
    query = QueryDict(mutable=True)
    query.update({**data, "kind": "iso", **changes})
    return OfferForm(query)


def test_figures_are_read_as_typed() -> None:
    form = posted(
        base="$185,000",
        exercise_price="18.40",
        bonus="15%",
        quantity="1.2m",
        shares="120 000 000",
        shares_status="verbal",
    )

    assert form.is_valid(), form.errors
    assert form.cleaned_data["base"] == Decimal(185_000)
    assert form.cleaned_data["exercise_price"] == Decimal("18.40")
    assert form.cleaned_data["bonus"] == Decimal("0.15")
    assert form.cleaned_data["quantity"] == 1_200_000
    assert form.cleaned_data["shares"] == Figure(120_000_000, FigureStatus.VERBAL)
    assert form.cleaned_data["value"] == Figure(None, FigureStatus.NOT_ASKED)


def test_what_cannot_be_read_stays_in_the_input() -> None:
    form = posted(base="lots", shares="many", shares_status="verbal")

    assert form.errors["base"] == ["We could not read “lots”. Write it like 185,000, 185k or 1.2m."]
    html = str(form)
    assert elements(html, "input", name="base")[0]["value"] == "lots"
    assert elements(html, "input", name="shares")[0]["value"] == "many"
    assert elements(html, "option", value="verbal")[0].get("selected") == ""


@pytest.mark.parametrize(
    ("changes", "field", "message"),
    [
        ({"base": ""}, "base", "This field is required."),
        ({"base": "£95k"}, "base", "This is in USD, and you typed GBP. Write it in USD, or "),
        ({"base": "2 trillion"}, "base", "Write 1,000,000,000,000 or less. Check the zeros."),
        ({"base": "0.125"}, "base", "That has more decimals than we keep. Round it."),
        ({"bonus": "150%"}, "bonus", "Write 100% or less. Check the zeros."),
        ({"bonus": "0.1234567%"}, "bonus", "That has more decimals than we keep."),
        ({"quantity": "42.5"}, "quantity", "Write a whole number, such as 42,000."),
        ({"shares_status": "written"}, "shares", "Write the figure, or choose “I don’t know”."),
        ({"shares": "5"}, "shares", "You wrote a figure and chose “I don’t know”."),
        ({"shares": "5", "shares_status": "refused"}, "shares", "chose “They would not say”."),
        ({"shares": "5", "shares_status": "hacked"}, "shares", "Choose how you know this figure."),
        ({"shares": "5", "shares_status": ""}, "shares", "Choose how you know this figure."),
        ({"value": "€5", "value_status": "written"}, "value", "you typed EUR"),
    ],
)
def test_mistakes_are_told_in_words(changes: Mapping[str, str], field: str, message: str) -> None:
    form = posted(**changes)

    assert message in form.errors[field][0]


def test_a_figure_without_an_answer_is_simply_not_known() -> None:
    form = OfferForm({"base": "1", "kind": "rsu"})

    assert form.is_valid(), form.errors
    assert form.cleaned_data["shares"] == Figure()


@given(
    typed=st.text(max_size=60), status=st.text(max_size=12) | st.sampled_from(FigureStatus.values)
)
def test_any_answer_is_read_or_refused(typed: str, status: str) -> None:
    form = posted(base=typed, bonus=typed, quantity=typed, shares=typed, shares_status=status)

    form.is_valid()

    assert elements(str(form), "input", name="base")
    figure = form.cleaned_data.get("shares")
    assert figure is None or figure.status.is_known is (figure.value is not None)


def test_the_currency_of_the_form_is_expected_and_shown() -> None:
    form = OfferForm({"base": "£95k", "kind": "rsu"}, currency="GBP")

    assert form.is_valid(), form.errors
    assert form.cleaned_data["base"] == Decimal(95_000)
    assert "£" in words(form["base"].as_field_group())
    assert "£" in words(form["value"].as_field_group())


def test_a_currency_that_does_not_exist_changes_nothing() -> None:
    form = OfferForm({"base": "$95k", "kind": "rsu"}, currency="<b>")

    assert form.is_valid(), form.errors


def test_one_form_does_not_change_another() -> None:
    OfferForm(currency="GBP")

    assert OfferForm().fields["base"].currency == "USD"
    assert OfferForm.base_fields["shares"].widget.value is not OfferForm().fields["shares"].field
    twin = deepcopy(OfferForm.base_fields["shares"])
    assert twin.widget.value is twin.field.widget


def test_initial_values_are_shown_as_people_write_them() -> None:
    form = OfferForm(
        initial={
            "base": Decimal("185000.00"),
            "exercise_price": Decimal("18.4"),
            "bonus": Decimal("0.0015"),
            "quantity": 42_000,
            "shares": Figure(120_000_000, FigureStatus.ESTIMATED),
        }
    )

    html = str(form)
    shown = {e["name"]: e.get("value") for e in elements(html, "input", type="text")}
    assert shown == {
        "base": "185,000",
        "exercise_price": "18.40",
        "bonus": "0.15",
        "quantity": "42,000",
        "shares": "120,000,000",
        "value": None,
    }
    assert elements(html, "option", value="estimated")[0].get("selected") == ""


@pytest.mark.parametrize(
    ("initial", "typed", "has_changed"),
    [
        (Decimal("185000.00"), "185k", False),
        (Decimal("185000.00"), "186k", True),
        (None, "", False),
        (None, "lots", True),
    ],
)
def test_the_same_figure_written_differently_is_no_change(initial, typed, has_changed) -> None:
    assert AmountField().has_changed(initial, typed) is has_changed


def test_a_figure_changes_with_its_status() -> None:
    field = FigureField(CountField())
    known = Figure(5, FigureStatus.VERBAL)

    assert not field.has_changed(known, ("5", "verbal"))
    assert field.has_changed(known, ("5", "written"))
    assert field.has_changed(known, ("five", "verbal"))
    assert not field.has_changed(None, ("", "not_asked"))


def test_a_count_keeps_to_its_limits() -> None:
    field = CountField(min_value=1, max_value=120)

    with pytest.raises(ValidationError, match="Write 1 or more"):
        field.clean("0")
    with pytest.raises(ValidationError, match="Write 120 or less"):
        field.clean("121")


@pytest.mark.parametrize(
    ("value", "status"), [(None, FigureStatus.WRITTEN), (Decimal(1), FigureStatus.REFUSED)]
)
def test_a_figure_is_known_exactly_if_it_has_a_value(value, status) -> None:
    with pytest.raises(ValueError, match="known exactly if it has a value"):
        Figure(value, status)


def test_a_figure_becomes_its_two_columns() -> None:
    assert figure_columns("shares", Figure(5, FigureStatus.VERBAL)) == {
        "shares": 5,
        "shares_status": "verbal",
    }


# --- the field template ------------------------------------------------------------------------


def test_label_hint_and_error_are_tied_to_the_input() -> None:
    html = posted(base="lots")["base"].as_field_group()

    (field,) = elements(html, "input")
    assert field["aria-describedby"] == "id_base_helptext id_base_error"
    assert field["aria-invalid"] == "true"
    assert elements(html, "label", **{"for": "id_base"})
    assert elements(html, id="id_base_helptext")
    assert elements(html, id="id_base_error")
    assert html.index("id_base_helptext") < html.index('id="id_base_error"') < html.index("<input")


def test_every_reference_leads_to_an_element() -> None:
    form = posted(base="lots", shares="5", kind="none")
    form.cautions = {"value": "Three times your exercise price."}

    html = str(form)
    ids = {element["id"] for element in elements(html) if element.get("id")}
    for element in elements(html):
        for name in ("aria-describedby", "aria-labelledby", "for"):
            assert set((element.get(name) or "").split()) <= ids, element
        if element.tag == "a":
            assert element["href"].removeprefix("#") in ids


def test_ids_are_unique() -> None:
    found = [element["id"] for element in elements(str(posted())) if element.get("id")]

    assert len(found) == len(set(found))


def test_the_summary_links_to_every_mistake() -> None:
    html = str(posted(base="lots", shares="5", kind="none"))

    assert "There is a problem" in words(html)
    links = [element["href"] for element in elements(html, "a")]
    assert links == ["#id_base", "#id_shares", "#id_kind_0"]
    assert elements(html, role="alert")[0].get("data-autofocus") == ""


def test_a_form_without_mistakes_has_no_summary() -> None:
    assert "There is a problem" not in str(posted())


def test_a_caution_does_not_block() -> None:
    form = posted()
    form.cautions = {"base": "Well below the market."}

    html = form["base"].as_field_group()

    assert form.is_valid()
    assert "Well below the market." in words(html)
    assert elements(html, "input")[0]["aria-describedby"].split()[-1] == "id_base_caution"
    assert not elements(html, "input")[0].get("aria-invalid")


def test_a_term_is_explained_in_place() -> None:
    html = posted()["value"].as_field_group()

    assert "What this means : Fair market value An appraisal for tax." in words(html)


def test_a_figure_is_an_input_and_how_it_is_known() -> None:
    html = OfferForm()["shares"].as_field_group()

    assert [element["name"] for element in elements(html, "input")] == ["shares"]
    (status,) = elements(html, "select")
    assert status["name"] == "shares_status"
    assert status["aria-labelledby"] == "id_shares_label id_shares_known"
    assert [option["value"] for option in elements(html, "option")] == FigureStatus.values


def test_cards_say_what_choosing_them_means() -> None:
    html = OfferForm()["kind"].as_field_group()

    assert "RSUs No cost to you Options" in words(html)
    assert elements(html, "fieldset")


def test_units_are_decoration() -> None:
    html = OfferForm()["base"].as_field_group()

    assert "$ a year" in words(html)
    assert all(
        e.get("aria-hidden") == "true" for e in elements(html, "span") if "affix" in e["class"]
    )


def test_what_was_typed_is_escaped() -> None:
    html = str(posted(base='"><script>alert(1)</script>'))

    assert not elements(html, "script")


def test_hidden_fields_are_in_the_form_and_their_errors_in_the_summary() -> None:
    class Hidden(forms.Form):
        token = forms.IntegerField(widget=forms.HiddenInput)

    html = str(Hidden({"token": "x"}))

    assert elements(html, "input", type="hidden")
    assert "Enter a whole number." in words(html)


def test_a_formset_names_the_mistakes_of_its_rows() -> None:
    rows = forms.formset_factory(OfferForm, extra=1)
    formset = rows(
        {
            "form-TOTAL_FORMS": "1",
            "form-INITIAL_FORMS": "0",
            "form-0-base": "x",
            "form-0-kind": "iso",
        }
    )

    assert elements(str(formset), "a", href="#id_form-0-base")
