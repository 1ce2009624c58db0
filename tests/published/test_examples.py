"""Worked examples of `ppp.published`, run as doctests.

>>> from ppp.published.bounds import reach
>>> from ppp.witness import Summary
>>> means, sds = reach(Summary("5.56", "1.08", n=28, low=0, high=72), slack=True)
>>> [float(x) for x in (*means, *sds)]
[5.555, 5.565, 1.075, 1.085]

>>> from ppp.published.bounds import paired_t_range
>>> from ppp.witness import Summary
>>> grid = {"n": 28, "low": 0, "high": 72, "step": "0.1"}
>>> before, after = Summary("13.86", "2.76", **grid), Summary("5.56", "1.08", **grid)
>>> least, most = paired_t_range(before, after, slack=False)
>>> f"{least.estimate:.2f} {least.p_value:.1e}, {most.estimate:.2f} {most.p_value:.1e}"
'-11.44 7.4e-12, -26.14 1.0e-20'

>>> from ppp.published.bounds import responders
>>> from ppp.witness import Summary
>>> grid = {"n": 28, "low": 0, "high": 72, "step": "0.1"}
>>> before, after = Summary("13.86", "2.76", **grid), Summary("5.56", "1.08", **grid)
>>> [responders(before, after, percent).largest for percent in (50, 75, 90, 100)]
[28, 11, 2, 0]

>>> from ppp.published.bounds import count_bounds
>>> from fractions import Fraction
>>> count_bounds((Fraction(1), Fraction(1)), (Fraction(1), Fraction(1)), 10)
Counts(smallest=0, largest=5, n=10)

>>> from ppp.published.grim import attainable
>>> from ppp.witness import Summary
>>> found = attainable(Summary("12.55", "4.56", n=28, low=0, high=30))
>>> found.means, [str(mean) for mean in found.neighbours]
((), ['12.54', '12.57'])

>>> from ppp.published.grim import mean_can_fail
>>> from ppp.witness import Summary
>>> [mean_can_fail(Summary("5.56", "1", n, 0, 30)) for n in (28, 99, 100)]
[True, True, False]

>>> from ppp.published.grim import fitting_sizes
>>> from ppp.witness import Summary
>>> dlqi = [Summary("12.55", "4.56", 28, 0, 30), Summary("2.03", "1.13", 28, 0, 30)]
>>> fitting_sizes(dlqi, range(20, 41)), fitting_sizes(dlqi, range(20, 41), ddofs=[1])
([29, 31, 33, 38, 40], [33, 38])

>>> from ppp.published.grim import of_mean
>>> from ppp.witness import Summary
>>> from ppp.published.grim import attainable
>>> of_mean(attainable(Summary("12.55", "4.56", n=28, low=0, high=30)))
'inconsistent with integer totals from 28 patients, by each of five rounding rules'

>>> from ppp.published.grim import runs
>>> runs([29, 31, 33]), runs([20, 21, 22, 25]), runs([])
('29, 31, 33', '20–22, 25', 'none')
"""
