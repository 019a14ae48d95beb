"""The addresses of the market."""

from django.urls import path

from market.views import explorer

app_name = "market"

urlpatterns = [
    path("market/", explorer.benchmark, name="benchmark"),
    path("market/methods/", explorer.methods, name="methods"),
    path("market/<slug:role>.csv", explorer.benchmark_csv, name="benchmark_csv"),
]
