"""The addresses of offers, comparisons and shared links."""

from django.urls import path

from offers.views import offers

app_name = "offers"

urlpatterns = [
    path("offers/", offers.offer_list, name="offer_list"),
    path("offers/<int:pk>/", offers.offer_detail, name="offer_detail"),
    path("offers/<int:pk>/changes/", offers.offer_changes, name="offer_changes"),
    path("offers/<int:pk>/move/", offers.offer_move, name="offer_move"),
    path("offers/<int:pk>/delete/", offers.offer_delete, name="offer_delete"),
    path("offers/<int:pk>/valuation/", offers.valuation_retry, name="valuation_retry"),
]
