"""The paper's one-layer Transformer once more, in NumPy, which shares no code with the other: data, SGD, measurements.

As the experiment of suite.yaml it reads orders, a line of JSON each. compare.py trains and measures by the same functions.
"""

import json
import os
import sys

# the matrices are small: threads would cost more than they save
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
import numpy as np

MATRICES = ("WQ", "WK", "WV", "WO")


def orthonormal(rows, columns, chance):
    """rows x columns with orthonormal rows, or columns where those are fewer; uniform over all such matrices."""
    q, r = np.linalg.qr(chance.standard_normal((max(rows, columns), min(rows, columns))))
    q = q * np.sign(np.diag(r))
    return q if rows >= columns else q.T


def data(theta, patterns, samples, chance):
    """Tokens (samples, L, d), labels, and which tokens carry a pattern of their sample's label."""
    L, d, M, r = (theta[name] for name in ("L", "d", "M", "r"))
    own, other = (int(np.floor(theta[name] * L + 0.5)) for name in ("alphaStar", "alphaSharp"))
    classes = chance.permutation(np.repeat([1.0, -1.0], samples // 2))
    carried = np.empty((samples, L), dtype=int)
    for n, y in enumerate(classes):
        first, second = (0, r // 2) if y > 0 else (r // 2, 0)
        row = np.concatenate(
            [
                chance.integers(first, first + r // 2, own),
                chance.integers(second, second + r // 2, other),
                chance.integers(r, M, L - own - other) if M > r else np.empty(0, dtype=int),
            ]
        )
        carried[n] = chance.permutation(row)
    noise = chance.standard_normal((samples, L, d))
    noise *= theta["tau"] * chance.random((samples, L, 1)) / np.linalg.norm(noise, axis=2, keepdims=True)
    labels = chance.permutation(classes) if theta["labels"] == "random" else classes
    owner = np.where(carried < r // 2, 1.0, np.where(carried < r, -1.0, 0.0))
    return patterns[carried] + noise, labels, owner == labels[:, None]


def initial_weights(theta, chance):
    d, L, m, ma, mb = (theta[name] for name in ("d", "L", "m", "ma", "mb"))
    positions = 1 if theta["readout"] == "shared" else L
    return {
        "WQ": theta["delta"] * np.eye(mb, d),
        "WK": theta["delta"] * np.eye(mb, d),
        "WV": theta["sigma"] * orthonormal(ma, d, chance),
        "WO": theta["xi"] * chance.standard_normal((m, ma)),
        "a": chance.choice([-1.0, 1.0], (positions, m)) / np.sqrt(m),
    }


def attention(w, X):
    logits = (X @ w["WQ"].T) @ (X @ w["WK"].T).transpose(0, 2, 1)
    logits = np.exp(logits - logits.max(axis=2, keepdims=True))
    return logits / logits.sum(axis=2, keepdims=True)


def forward(w, X):
    A = attention(w, X)
    V = X @ w["WV"].T
    z = A @ V
    pre = z @ w["WO"].T
    return A, V, z, pre


def contributions(w, X):
    """What each neuron adds to each score: (samples, m)."""
    pre = forward(w, X)[3]
    return (np.maximum(pre, 0) * w["a"]).mean(axis=1)


def hinge(scores, y):
    return np.maximum(0, 1 - y * scores).mean()


def gradients(w, X, y):
    """Of the mean hinge."""
    A, V, z, pre = forward(w, X)
    samples, L = X.shape[:2]
    scores = (np.maximum(pre, 0) * w["a"]).sum(axis=(1, 2)) / L
    slope = np.where(1 - y * scores > 0, -y, 0) / (samples * L)
    dpre = slope[:, None, None] * w["a"] * (pre > 0)
    dz = dpre @ w["WO"]
    dA = dz @ V.transpose(0, 2, 1)
    dlogits = A * (dA - (A * dA).sum(axis=2, keepdims=True))
    dq, dk = dlogits @ (X @ w["WK"].T), dlogits.transpose(0, 2, 1) @ (X @ w["WQ"].T)
    flat = lambda left, right: left.reshape(-1, left.shape[2]).T @ right.reshape(-1, right.shape[2])
    return {
        "WQ": flat(dq, X),
        "WK": flat(dk, X),
        "WV": flat(A.transpose(0, 2, 1) @ dz, X),
        "WO": flat(dpre, z),
    }


def reshuffled(theta, chance):
    """Batches of random reshuffling; an incomplete last one is dropped."""
    N, B = theta["N"], theta["B"]
    while True:
        order = chance.permutation(N)
        for start in range(0, N - B + 1, B):
            yield order[start : start + B]


def train(theta, w, X, y, batches):
    """SGD until the mean training hinge is at most epsilon, looked at after every 10th step and at Tmax."""
    w = dict(w)
    steps = 0
    while True:
        if steps < theta["Tmax"]:
            batch = next(batches)
            g = gradients(w, X[batch], y[batch])
            for name in MATRICES:
                w[name] = w[name] - theta["eta"] * g[name]
            steps += 1
        if steps % 10 == 0 or steps == theta["Tmax"]:
            loss = hinge(contributions(w, X).sum(axis=1), y)
            if not all(np.isfinite(w[name]).all() for name in MATRICES):
                raise FloatingPointError(f"diverged by step {steps}")
            if loss <= theta["epsilon"] or steps >= theta["Tmax"]:
                return w, steps, loss


def tail(matrix, rank):
    """The share of the energy beyond the first singular values."""
    squares = np.linalg.svd(matrix, compute_uv=False) ** 2
    return squares[rank:].sum() / squares.sum()


def cut(matrix, rank):
    u, s, v = np.linalg.svd(matrix, full_matrices=False)
    return (u[:, :rank] * s[:rank]) @ v[:rank]


def split(norms):
    """The exact two-cluster split of the logarithms: how many are small, of the sorted ones."""
    logs = np.sort(np.log(np.maximum(norms, 5e-324)))
    if len(logs) < 2:
        return 0
    within = [logs[:k].var() * k + logs[k:].var() * (len(logs) - k) for k in range(1, len(logs))]
    return 1 + int(np.argmin(within))


def measures(theta, initial, trained, steps, loss, patterns, X, y, relevant, chance):
    """What suite.yaml names, on test data."""
    r, L = theta["r"], theta["L"]
    update = {name: trained[name] - initial[name] for name in MATRICES}
    added = contributions(trained, X)
    whole = hinge(added.sum(axis=1), y)

    def without(neurons):
        kept = np.ones(theta["m"], dtype=bool)
        kept[neurons] = False
        scores = added[:, kept].sum(axis=1)
        return hinge(scores, y), float((y * scores <= 0).mean())

    def at_rank(rank):
        w = {**trained, **{name: initial[name] + cut(update[name], rank) for name in ("WQ", "WK", "WV")}}
        return hinge(contributions(w, X).sum(axis=1), y)

    norms = np.linalg.norm(trained["WO"], axis=1)
    order = np.argsort(norms, kind="stable")
    size = split(norms)
    small, large = order[:size], order[size:]
    at_random = chance.permutation(large)
    near = norms <= 3 * theta["xi"] * np.sqrt(theta["ma"])
    strengths = np.linalg.norm(update["WV"] @ patterns.T, axis=0)
    own, other = (np.floor(theta[name] * L + 0.5) for name in ("alphaStar", "alphaSharp"))
    on_relevant = lambda w: float((attention(w, X).mean(axis=1) * relevant).sum(axis=1).mean())
    pruned_hinge, pruned_error = without(small) if size > 0 else (np.nan, np.nan)
    largest_out = lambda share: without(large[len(large) - int(np.floor(share * len(large) + 0.5)) :])[0] - whole
    random_out = lambda share: without(at_random[: int(np.floor(share * len(large) + 0.5))])
    converged = loss <= theta["epsilon"]
    return {
        "train_hinge": loss,
        "test_error": without([])[1],
        "test_hinge": whole,
        "scaled_steps": steps * theta["eta"] * (own - other) / L if converged else np.nan,
        **{f"tail_{name[1]}": tail(update[name], r) for name in MATRICES},
        "tail_V_1": tail(update["WV"], 1),
        "tail_O_1": tail(update["WO"], 1),
        "rise_at_rank_1": at_rank(1) - whole,
        "change_at_rank_r": abs(at_rank(r) - whole),
        "relevant_over_irrelevant": strengths[:r].min() / strengths[r:].max() if len(strengths) > r else np.nan,
        "small_fraction": near.mean(),
        "norm_ratio": np.median(norms[~near]) / np.median(norms[near]) if 0 < near.sum() < len(near) else np.nan,
        "pruned_change": abs(pruned_hinge - whole),
        "pruned_error": pruned_error,
        **{f"largest_{percent}": largest_out(percent / 100) for percent in (50, 70, 90)},
        **{f"random_error_{percent}": random_out(percent / 100)[1] for percent in (50, 70)},
        "attention_rise": on_relevant(trained) - on_relevant(initial),
    }


def run(theta, seed):
    chance = np.random.default_rng(seed)
    patterns = orthonormal(theta["M"], theta["d"], chance)
    X, y, _ = data(theta, patterns, theta["N"], chance)
    initial = initial_weights(theta, chance)
    trained, steps, loss = train(theta, initial, X, y, reshuffled(theta, chance))
    test = data(theta, patterns, theta["testSamples"], chance)
    return measures(theta, initial, trained, steps, loss, patterns, *test, chance)


def as_text(value):
    """NaN and infinities are no JSON."""
    value = float(value)
    return value if np.isfinite(value) else {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}[str(value)]


def main():
    np.seterr(all="ignore")
    print(json.dumps({"versions": {"python": sys.version, "numpy": np.__version__}}), flush=True)
    for line in sys.stdin:
        order = json.loads(line)
        try:
            measured = {name: as_text(value) for name, value in run(order["theta"], order["seed"]).items()}
            answer = {"id": order["id"], "measured": measured}
        except (FloatingPointError, np.linalg.LinAlgError) as error:
            answer = {"id": order["id"], "failed": str(error)}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
