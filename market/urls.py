"""The addresses of the market."""

from django.urls import path

from market.views import explorer, network
from market.views.curation import files, record, review, taxonomy

app_name = "market"

urlpatterns = [
    path("market/", explorer.benchmark, name="benchmark"),
    path("market/worth/", network.worth, name="worth"),
    path("market/network/", network.network, name="network"),
    path("market/network/add/", network.network_add, name="network_add"),
    path("market/network/<int:pk>/", network.point_edit, name="point_edit"),
    path("market/network/<int:pk>/delete/", network.point_delete, name="point_delete"),
    path("market/network/<int:pk>/offer/", network.point_offer, name="point_offer"),
    path("market/contributions/", network.contributions, name="contributions"),
    path(
        "market/contributions/<int:pk>/withdraw/",
        network.contribution_withdraw,
        name="contribution_withdraw",
    ),
    path("market/methods/", explorer.methods, name="methods"),
    path("market/<slug:role>.csv", explorer.benchmark_csv, name="benchmark_csv"),
    path("curate/files/", files.bench, name="curation"),
    path("curate/sources/new/", files.source_new, name="curation_source_new"),
    path("curate/sources/<slug:key>/", files.source, name="curation_source"),
    path("curate/sources/<slug:key>/edit/", files.source_edit, name="curation_source_edit"),
    path("curate/imports/<int:pk>/", files.batch, name="curation_import"),
    path("curate/imports/<int:pk>/columns/", files.batch_columns, name="curation_columns"),
    path("curate/imports/<int:pk>/publish/", files.batch_publish, name="curation_publish"),
    path("curate/imports/<int:pk>/roll-back/", files.batch_roll_back, name="curation_roll_back"),
    path("curate/imports/<int:pk>/discard/", files.batch_discard, name="curation_discard"),
    path("curate/imports/<int:pk>/stop/", files.batch_stop, name="curation_stop"),
    path("curate/imports/<int:pk>/retry/", files.batch_retry, name="curation_retry"),
    path("curate/review/", review.review, name="curation_review"),
    path("curate/contributions/", review.contributions, name="curation_contributions"),
    path("curate/titles/", taxonomy.titles, name="curation_titles"),
    path("curate/titles/new/", taxonomy.title_rule_new, name="curation_title_rule_new"),
    path("curate/titles/<int:pk>/", taxonomy.title_rule, name="curation_title_rule"),
    path("curate/levels/", taxonomy.levels, name="curation_levels"),
    path("curate/levels/<slug:key>/", taxonomy.ladder, name="curation_ladder"),
    path("curate/history/", record.history, name="curation_history"),
    path("curate/snapshots/", record.snapshots, name="curation_snapshots"),
    path("curate/snapshots/refresh/", record.refresh, name="curation_refresh"),
    path("curate/snapshots/<int:pk>/", record.snapshot, name="curation_snapshot"),
]
