"""Chained equations of statsmodels for a table of visits, without parsing formulas."""

import warnings

import numpy as np
import pandas as pd
from statsmodels.imputation.mice import MICEData
from statsmodels.tools.sm_exceptions import ModelWarning

DONORS = 5
BURN_IN = 10
BETWEEN = 3


class Visits(MICEData):
    """`MICEData` whose models are the main effects of all other visits.

    `MICEData` writes the same models as formulas and parses each anew in every cycle, which takes
    most of its time. The draws are the same, seed for seed. A visit at which all scores
    are equal predicts nothing and is left out.
    """

    def get_fitting_data(self, vname):
        """Return scores and predictors of the patients seen at this visit."""
        scores, predictors = self._model(vname)
        seen = self.ix_obs[vname]
        return scores[seen], predictors[seen], {}, {}

    def get_split_data(self, vname):
        """Return scores and predictors of the patients seen, and predictors of those not seen."""
        scores, predictors = self._model(vname)
        seen, unseen = self.ix_obs[vname], self.ix_miss[vname]
        return scores[seen], predictors[seen], predictors[unseen], {}, {}

    def _model(self, vname):
        scores, own = self.data.to_numpy(), self.data.columns.get_loc(vname)
        others = np.delete(scores, own, axis=1)
        telling = others[:, np.ptp(others, axis=0) > 0]
        return scores[:, own], np.column_stack([np.ones(len(scores)), telling])


def completed(values, *, seed: int, imputations: int):
    """Draw completed tables by predictive mean matching (5 donors).

    Parameters
    ----------
    values : numpy.ndarray, shape (n, k)
        NaN is missing; every patient and every visit has a score.
    seed : int
        Of a generator of its own; numpy's global state is neither read nor changed.
    imputations : int
        Tables to draw: one after 10 cycles, then one after every 3.

    Returns
    -------
    numpy.ndarray, shape (imputations, n, k)
        Visits that repeat each other make the models singular; predictions do not suffer (the
        pseudoinverse is taken), so statsmodels' warning of it is dropped.
    """
    names = [f"visit{number}" for number in range(values.shape[1])]
    donors = min(DONORS, int(np.isfinite(values).sum(axis=0).min()))
    chain = Visits(pd.DataFrame(values, columns=names), rng=np.random.default_rng(seed))
    chain.k_pmm = donors
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ModelWarning)
        chain.update_all(BURN_IN)
        return np.array([_next(chain) for _ in range(imputations)])


def _next(chain):
    chain.update_all(BETWEEN)
    return chain.data.to_numpy(copy=True)
