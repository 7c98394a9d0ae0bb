"""Singular values by NumPy, for the tests of `theorycheck inspect`: python3 golden/singular-values.py > golden/singular-values.json

The matrices are not stored: the test makes the same ones. Their entries are short binary fractions, of which sums and
products are exact, so that both programs decompose the same matrix to the bit.
"""

import json

import numpy as np


def fractions(count, seed):
    """Entries in [-1/2, 1/2) with 12 binary digits, by a linear congruential generator."""
    values = np.empty(count)
    x = seed
    for i in range(count):
        x = (1664525 * x + 1013904223) % 2**32
        values[i] = (x >> 20) / 4096 - 0.5
    return values


def singular_values(matrix):
    return np.linalg.svd(matrix, compute_uv=False).tolist()


def pair(rows, columns, rank, seed):
    """W before and after: it changed by a matrix of this rank, or, where that is 0, by any."""
    before = fractions(rows * columns, seed).reshape(rows, columns)
    if rank == 0:
        return before, fractions(rows * columns, seed + 1).reshape(rows, columns)
    left = fractions(rows * rank, seed + 2).reshape(rows, rank)
    right = fractions(rank * columns, seed + 3).reshape(rank, columns)
    return before, before + left @ right


PAIRS = [(1, 7), (8, 8), (17, 5), (5, 17), (40, 40), (64, 32), (33, 90), (100, 100), (128, 48), (150, 151)]
LORA = {"size": 4096, "rank": 16, "alpha": 32, "seed": 77}


def main():
    pairs = []
    for i, (rows, columns) in enumerate(PAIRS):
        rank, seed = (0 if i % 2 == 0 else 3), 1000 * (i + 1)
        before, after = pair(rows, columns, rank, seed)
        pairs.append(
            {"rows": rows, "columns": columns, "rank": rank, "seed": seed, "singularValues": singular_values(after - before)}
        )
    size, rank = LORA["size"], LORA["rank"]
    B = fractions(size * rank, LORA["seed"]).reshape(size, rank)
    A = fractions(rank * size, LORA["seed"] + 1).reshape(rank, size)
    update = LORA["alpha"] / rank * (B @ A)
    lora = {**LORA, "singularValues": singular_values(update)[:rank]}
    print(json.dumps({"numpy": np.__version__, "pairs": pairs, "lora": lora}, indent=1))


if __name__ == "__main__":
    main()
