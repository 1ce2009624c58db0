"""Random draws that are the same on every machine and with every version of Python."""

from random import Random


class Draws:
    """A seeded source of draws, made of ``Random.random`` alone: that one is guaranteed to last."""

    def __init__(self, seed: int):
        self._uniform = Random(seed).random

    def normal(self, mean: float = 0.0, sd: float = 1.0) -> float:
        """Draw from a bell curve: the sum of twelve uniform draws."""
        return mean + sd * (sum(self._uniform() for _ in range(12)) - 6)

    def whole(self, low: int, high: int) -> int:
        """Draw a whole number from `low` to `high`, both included."""
        return low + int(self._uniform() * (high - low + 1))

    def chance(self, probability: float) -> bool:
        """Say yes with this probability."""
        return self._uniform() < probability

    def pick(self, items):
        """Draw one item."""
        return items[self.whole(0, len(items) - 1)]

    def shuffled(self, items) -> list:
        """Return the items in another order."""
        return sorted(items, key=lambda _: self._uniform())
