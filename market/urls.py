"""The addresses of the market."""

from django.urls import path

from market.views import explorer, network

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
]
