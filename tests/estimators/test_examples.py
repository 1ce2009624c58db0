"""Worked examples of `ppp.estimators`, run as doctests.

>>> from ppp.estimators.detectable import detectable_difference
>>> round(detectable_difference(8, 20).estimate, 2)
1.22

>>> from ppp.estimators.detectable import detectable_proportions
>>> below, above = detectable_proportions(8, 20, 0.7)
>>> round(below.estimate, 2), above.note
(0.13, 'not even 100 % would be detected')

>>> from ppp.estimators.paired import small_sample_factor
>>> round(small_sample_factor(27), 6)
0.971919

>>> from ppp.estimators.estimate import shortage
>>> [shortage(n).get("note") for n in (0, 1, 3)]
['no data', 'only 1 patient, fewer than 3', None]

>>> from ppp.estimators.estimate import change
>>> change([0.1, 0.0, None], [0.3, 0.2, 1.0]).tolist()
[0.2, 0.2]

>>> from ppp.estimators.estimate import whole
>>> integers, scale = whole([0.3, -1.5])
>>> (integers / scale).tolist()
[0.3, -1.5]

>>> from ppp.estimators.imputation import rubin
>>> pooled = rubin([1.0, 2.0, 3.0], [0.5, 0.5, 0.5], df=27)
>>> round(pooled.estimate, 6), round(pooled.variance, 6), round(pooled.df, 3)
(2.0, 1.833333, 2.439)

>>> from ppp.estimators.imputation import locf
>>> locf([[9, None, 3, None], [None, 5, None, 4]]).tolist()
[[9.0, 9.0, 3.0, 3.0], [nan, 5.0, 5.0, 4.0]]

>>> from ppp.estimators.paired import mean
>>> score = mean([8, 9, 10, None])
>>> score.estimate, round(score.ci_low, 3), round(score.ci_high, 3)
(9.0, 6.516, 11.484)

>>> from ppp.estimators.paired import mean_change
>>> fall = mean_change([10, 12, 14], [8, 9, 10])
>>> fall.estimate, round(fall.ci_low, 3), round(fall.ci_high, 3)
(-3.0, -5.484, -0.516)

>>> from ppp.estimators.paired import mean_percent_change
>>> mean_percent_change([10, 20, 40, 0], [5, 5, 10, 0], seed=1).note
'1 with a score of 0 before left out'

>>> from ppp.estimators.proportions import wilson
>>> share = wilson(20, 28)
>>> round(share.ci_low, 3), round(share.ci_high, 3)
(0.529, 0.847)

>>> from ppp.estimators.proportions import clopper_pearson
>>> round(clopper_pearson(0, 28).ci_high, 3)
0.123

>>> from ppp.estimators.proportions import upper_one_sided
>>> round(upper_one_sided(0, 28).ci_high, 3)
0.101

>>> from ppp.estimators.survival import garwood
>>> round(garwood(0, 6.44).ci_high, 1)
57.3

>>> from ppp.estimators.survival import upper_one_sided
>>> round(upper_one_sided(0, 6.44).ci_high, 1)
46.5

>>> from ppp.estimators.robustness import leave_one_out
>>> influence = leave_one_out([9, 9, 9, 9, 9], [4, 5, 4, 5, 9])
>>> influence.most, influence.estimate, influence.without.estimate
(4, (-4.5, -3.25), -4.5)

>>> from ppp.estimators.robustness import expected_change
>>> expected_change(13.86, correlation=[0.4, 0.8], usual_mean=[0, 10]).round(2).tolist()
[[-8.32, -2.32], [-2.77, -0.77]]

>>> from ppp.estimators.robustness import binary_tipping
>>> shares = binary_tipping(18, 25, 3)
>>> [round(shares[more].estimate, 3) for more in (0, 1, 2, 3)]
[0.643, 0.679, 0.714, 0.75]

>>> from ppp.estimators.signed_rank import hodges_lehmann
>>> fall = hodges_lehmann([5, 6, 7, 8, 9, 9], [4, 4, 4, 4, 4, 3])
>>> fall.estimate, fall.ci_low, fall.ci_high, fall.ci_level
(-3.5, -6.0, -1.0, 0.96875)

>>> from ppp.estimators.signed_rank import wilcoxon_exact
>>> test = wilcoxon_exact([5, 6, 7, 8], [4, 4, 4, 9])
>>> test.estimate, test.p_value
(1.5, 0.375)

>>> from ppp.estimators.survival import kaplan_meier
>>> kaplan_meier([3, 5, 5, 8], [1, 1, 0, 0]).round(2).values.tolist()
[[3.0, 4.0, 1.0, 0.25, 0.04, 0.87], [5.0, 3.0, 2.0, 0.5, 0.16, 0.94]]

>>> from ppp.estimators.survival import at_risk
>>> at_risk([3, 5, 5, None], [0, 5, 6]).tolist()
[3, 2, 0]

>>> from ppp.estimators.two_group import permutation
>>> permutation([1, 2, 3], [4, 5, 6], seed=1).p_value
0.1
"""
