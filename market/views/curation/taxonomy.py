"""Title rules, tried before they are kept, and ladders that lead back."""

from typing import Any

from django.contrib import messages
from django.db.models import Max
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect

from config.http import AuthedRequest, render_page
from market import selectors, services
from market.forms.curation import LadderForm, TitleRuleForm, TranslateForm
from market.models import LevelLadder, TitleRule
from market.views.curation.access import curators_only


@curators_only("GET", "HEAD")
def titles(request: AuthedRequest) -> HttpResponse:
    """Show the rules in the order they are tried, and the titles that none knows."""
    context = {"rules": selectors.rules_with_counts(), "unmapped": selectors.unmapped_titles()}
    return render_page(request, "curation/titles.html", context)


@curators_only("GET", "HEAD", "POST")
def title_rule_new(request: AuthedRequest) -> HttpResponse:
    """Write a rule."""
    last = TitleRule.objects.aggregate(last=Max("position"))["last"] or 0
    return _rule_page(request, TitleRule(position=last + 10))


@curators_only("GET", "HEAD", "POST")
def title_rule(request: AuthedRequest, pk: int) -> HttpResponse:
    """Change a rule."""
    return _rule_page(request, get_object_or_404(TitleRule, pk=pk))


def _rule_page(request: AuthedRequest, rule: TitleRule) -> HttpResponse:
    """Show a rule with its effect on the titles on record; keep it when told to."""
    is_live = request.headers.get("HX-Target") == "rule-effect"
    form = TitleRuleForm(request.POST if request.method == "POST" else None, instance=rule)
    effect = None
    if form.is_valid():
        changed = form.save(commit=False)
        if request.POST.get("action") == "save" and not is_live:
            n = services.save_title_rule(rule=changed, user=request.user)
            messages.success(request, f"The rule is saved. It mapped {n:,} rows anew.")
            return redirect("market:curation_titles")
        effect = selectors.rule_effect(changed)
    context: dict[str, Any] = {
        "form": form,
        "rule": rule,
        "effect": effect,
        "unmapped": selectors.unmapped_titles(),
    }
    return render_page(
        request,
        "curation/title_rule.html",
        context,
        partials=["rule-effect"],
        status=422 if form.errors else 200,
    )


@curators_only("GET", "HEAD")
def levels(request: AuthedRequest) -> HttpResponse:
    """Show every ladder beside ours, and translate a level from one to another."""
    form = TranslateForm(request.GET or None)
    there = back = None
    if form.is_valid():
        said = form.cleaned_data
        there = selectors.translate(said["label"], source=said["source"], target=said["target"])
        if there is not None:
            back = selectors.translate(there, source=said["target"], target=said["source"])
    return render_page(
        request,
        "curation/levels.html",
        {"map": selectors.level_map(), "form": form, "there": there, "back": back},
        status=422 if form.errors else 200,
    )


@curators_only("GET", "HEAD", "POST")
def ladder(request: AuthedRequest, key: str) -> HttpResponse:
    """Change what a ladder calls our levels."""
    row = get_object_or_404(LevelLadder, key=key)
    form = LadderForm(
        request.POST if request.method == "POST" else None, labels=selectors.labels_of(row)
    )
    if form.is_valid():
        try:
            services.change_ladder(ladder=row, labels=form.cleaned_data, user=request.user)
        except services.LabelTwice as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "The ladder is saved.")
            return redirect("market:curation_levels")
    return render_page(
        request,
        "curation/ladder.html",
        {"form": form, "ladder": row},
        status=422 if form.errors else 200,
    )
