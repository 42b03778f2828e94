"""A logistic regression, and what it says of pairs that it was not fitted to."""

import math
import random
from collections.abc import Sequence
from typing import Any


def cross_validated(values: Sequence[Sequence[float]], labels: Sequence[bool], seed: int) -> list[float]:
    """Return for each pair the probability that a model fitted to the other nine tenths gives it."""
    order = list(range(len(values)))
    random.Random(seed).shuffle(order)
    scores = [0.0] * len(values)
    for fold in range(10):
        test = order[fold::10]
        train = [n for n in order if n not in set(test)]
        model = fit([values[n] for n in train], [labels[n] for n in train])
        for n in test:
            scores[n] = model(values[n])
    return scores


def fit(values: Sequence[Sequence[float]], labels: Sequence[bool], penalty: float = 10.0) -> Any:
    """Fit a logistic regression with a ridge penalty, by gradient descent."""
    columns = list(zip(*values, strict=True))
    means = [sum(column) / len(column) for column in columns]
    spreads = [
        math.sqrt(sum((v - m) ** 2 for v in column) / len(column)) or 1.0
        for column, m in zip(columns, means, strict=True)
    ]
    scaled = [[(v - m) / s for v, m, s in zip(row, means, spreads, strict=True)] for row in values]
    weights, bias = [0.0] * len(columns), 0.0
    for _ in range(300):
        errors = [
            1 / (1 + math.exp(-bias - sum(w * v for w, v in zip(weights, row, strict=True)))) - label
            for row, label in zip(scaled, labels, strict=True)
        ]
        bias -= 0.02 * sum(errors)
        weights = [
            w - 0.02 * (sum(e * row[k] for e, row in zip(errors, scaled, strict=True)) + penalty * w)
            for k, w in enumerate(weights)
        ]

    def model(row: Sequence[float]) -> float:
        logit = bias + sum(w * (v - m) / s for w, v, m, s in zip(weights, row, means, spreads, strict=True))
        return 1 / (1 + math.exp(-logit))

    return model
