"""The addresses of talks."""

from django.urls import path

from negotiation.views import (
    after,
    asks,
    calendars,
    calls,
    letters,
    promises,
    questions,
    scripts,
    workspace,
)

app_name = "negotiation"
TALK = "offers/<int:pk>/negotiation/"

urlpatterns = [
    path("negotiations/", workspace.negotiation_list, name="negotiation_list"),
    path(TALK, workspace.workspace, name="workspace"),
    path(f"{TALK}events/", workspace.event_note, name="event_note"),
    path(f"{TALK}deadline/", workspace.deadline, name="deadline"),
    path(f"{TALK}tasks/", workspace.task_add, name="task_add"),
    path(f"{TALK}tasks/<int:task_pk>/", workspace.task_edit, name="task_edit"),
    path(f"{TALK}tasks/<int:task_pk>/tick/", workspace.task_tick, name="task_tick"),
    path(f"{TALK}ask/", asks.ask_builder, name="ask_builder"),
    path(f"{TALK}ask/values/", asks.private_values, name="private_values"),
    path(f"{TALK}ask/put/", asks.ask_put, name="ask_put"),
    path(f"{TALK}ask/move/", asks.gap_move, name="gap_move"),
    path(f"{TALK}ask/<int:ask_pk>/reply/", asks.ask_reply, name="ask_reply"),
    path(f"{TALK}ask/<int:ask_pk>/drop/", asks.ask_drop, name="ask_drop"),
    path(f"{TALK}evidence/", asks.evidence_add, name="evidence_add"),
    path(f"{TALK}evidence/market/", asks.evidence_market, name="evidence_market"),
    path(f"{TALK}evidence/network/", asks.evidence_network, name="evidence_network"),
    path(f"{TALK}evidence/cite/", asks.evidence_cite, name="evidence_cite"),
    path(f"{TALK}evidence/<int:evidence_pk>/drop/", asks.evidence_drop, name="evidence_drop"),
    path(f"{TALK}call/", calls.call_sheet, name="call_sheet"),
    path(f"{TALK}call/log/", calls.call_log, name="call_log"),
    path(f"{TALK}ledger/", promises.ledger, name="ledger"),
    path(f"{TALK}ledger/settle/", promises.ledger_settle, name="ledger_settle"),
    path(f"{TALK}ledger/ask/", promises.ledger_ask, name="ledger_ask"),
    path(
        f"{TALK}ledger/<int:commitment_pk>/", promises.commitment_change, name="commitment_change"
    ),
    path(f"{TALK}scripts/", scripts.script_list, name="script_list"),
    path(f"{TALK}scripts/<slug:situation>/", scripts.script, name="script"),
    path(f"{TALK}statements/", scripts.statements, name="statements"),
    path(f"{TALK}cards/", scripts.cards, name="cards"),
    path(f"{TALK}questions/", questions.question_list, name="question_list"),
    path(f"{TALK}questions/<slug:key>/", questions.answer, name="answer"),
    path("negotiations/before/", scripts.before_offer, name="before_offer"),
    path("handbook/", scripts.handbook, name="handbook"),
    path("letters/<int:pk>/promises/", letters.letter_promises, name="letter_promises"),
    path(f"{TALK}accept/", promises.accept, name="accept"),
    path(f"{TALK}after/", after.after, name="after"),
    path(f"{TALK}after/wins/<int:win_pk>/drop/", after.win_drop, name="win_drop"),
    path(f"{TALK}after/consent/", after.outcome_consent, name="outcome_consent"),
    path(f"{TALK}parley.ics", calendars.calendar_file, name="calendar_file"),
    path("calendars/", calendars.calendar_feeds, name="calendar_feeds"),
    path(
        "calendars/<int:pk>/revoke/",
        calendars.calendar_feed_revoke,
        name="calendar_feed_revoke",
    ),
    path("calendar/<str:token>/parley.ics", calendars.calendar_feed, name="calendar_feed"),
]
