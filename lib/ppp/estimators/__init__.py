"""Estimators: numbers in, `Estimate` out. They know no clinic and import nothing above them."""
