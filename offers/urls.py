"""The addresses of offers, comparisons and shared links."""

from django.urls import path

from offers.views import comparisons, decisions, drafts, letters, offers, sharing

app_name = "offers"

urlpatterns = [
    path("offers/", offers.offer_list, name="offer_list"),
    path("offers/new/", drafts.draft_new, name="draft_new"),
    path("offers/drafts/<int:pk>/review/", drafts.draft_review, name="draft_review"),
    path("offers/drafts/<int:pk>/discard/", drafts.draft_discard, name="draft_discard"),
    path("offers/drafts/<int:pk>/<slug:section>/", drafts.draft_section, name="draft_section"),
    path("letters/", letters.letter_list, name="letter_list"),
    path("letters/new/", letters.letter_new, name="letter_new"),
    path("letters/<int:pk>/", letters.letter_detail, name="letter_detail"),
    path("letters/<int:pk>/changes/", letters.letter_changes, name="letter_changes"),
    path("letters/<int:pk>/again/", letters.letter_retry, name="letter_retry"),
    path("letters/<int:pk>/delete/", letters.letter_delete, name="letter_delete"),
    path("offers/<int:pk>/letter/", letters.offer_letter, name="offer_letter"),
    path("offers/<int:pk>/revise/", drafts.offer_revise, name="offer_revise"),
    path("offers/<int:pk>/", offers.offer_detail, name="offer_detail"),
    path("offers/<int:pk>/changes/", offers.offer_changes, name="offer_changes"),
    path("offers/<int:pk>/move/", offers.offer_move, name="offer_move"),
    path("offers/<int:pk>/contribute/", offers.offer_contribute, name="offer_contribute"),
    path("offers/<int:pk>/delete/", offers.offer_delete, name="offer_delete"),
    path("offers/<int:pk>/valuation/", offers.valuation_retry, name="valuation_retry"),
    path("comparisons/", comparisons.comparison_list, name="comparison_list"),
    path("comparisons/new/", comparisons.comparison_new, name="comparison_new"),
    path("comparisons/<int:pk>/", comparisons.comparison_detail, name="comparison_detail"),
    path(
        "comparisons/<int:pk>/assumptions/",
        comparisons.comparison_assumptions,
        name="comparison_assumptions",
    ),
    path("comparisons/<int:pk>/offers/", comparisons.comparison_offers, name="comparison_offers"),
    path("comparisons/<int:pk>/decision/", decisions.decision, name="decision"),
    path("comparisons/<int:pk>/decision.csv", decisions.decision_csv, name="decision_csv"),
    path(
        "comparisons/<int:pk>/decision.xlsx", decisions.decision_workbook, name="decision_workbook"
    ),
    path(
        "comparisons/<int:pk>/criteria/", decisions.comparison_criteria, name="comparison_criteria"
    ),
    path("comparisons/<int:pk>/together/", comparisons.joint_retry, name="joint_retry"),
    path("comparisons/<int:pk>/delete/", comparisons.comparison_delete, name="comparison_delete"),
    path("methods/", comparisons.methods, name="methods"),
    path("comparisons/<int:pk>/links/", sharing.share_links, name="share_links"),
    path(
        "comparisons/<int:pk>/links/<int:link_pk>/revoke/",
        sharing.share_revoke,
        name="share_revoke",
    ),
    path(
        "comparisons/<int:pk>/links/<int:link_pk>/comments/<int:comment_pk>/reply/",
        sharing.share_reply,
        name="share_reply",
    ),
    path(
        "comparisons/<int:pk>/links/<int:link_pk>/comments/<int:comment_pk>/remove/",
        sharing.share_remove_comment,
        name="share_remove_comment",
    ),
    path("s/<str:token>/", sharing.shared_comparison, name="shared_comparison"),
    path("s/<str:token>/passcode/", sharing.shared_passcode, name="shared_passcode"),
    path("s/<str:token>/comments/", sharing.shared_comments, name="shared_comments"),
]
