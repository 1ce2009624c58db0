"""What summary figures alone imply: which are attainable, and what every correlation allows.

Nothing here reads patients. Whole numbers and fractions are compared exactly; floats appear only
in square roots and in p-values, at the end.
"""
