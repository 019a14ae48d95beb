"""Outcomes of terms that no row holds, simulated at once and with fewer paths."""

import datetime as dt
from typing import Final

from offers.models import Valuation
from offers.selectors.pages import ValuationView
from offers.selectors.terms import Terms
from offers.selectors.valuation import fingerprint_of, seed_of, simulate, valuation_inputs

# The twenty dots of a chart do not move by a pixel beyond this.
PREVIEW_PATHS: Final = 20_000


def previewed(terms: Terms) -> ValuationView:
    """Return simulated outcomes of terms, saved or not; the same terms give the same outcomes."""
    inputs = valuation_inputs(terms, is_preview=True)
    seed = seed_of(fingerprint_of(inputs, engine_version="preview"))
    *_, (_, results) = simulate(inputs, seed=seed, n_paths=PREVIEW_PATHS)
    moment = dt.datetime.min.replace(tzinfo=dt.UTC)
    done = Valuation(state=Valuation.State.DONE, n_paths=PREVIEW_PATHS, queued_at=moment)
    return ValuationView(latest=done, results=results, is_out_of_date=False)
