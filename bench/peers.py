"""The same steps and models in PyTorch and NumPy, one thread, float64, for `npm run bench:peers`.

Reads a folder written by peers.ts: cases.json, and arrays.f64 with every array that it refers to by offset and shape.
Prints JSON: milliseconds a step for each workload, and milliseconds a model, for each library that is there.
"""

import json
import statistics
import sys
import time

try:
    import numpy as np
except ImportError:
    np = None
try:
    import torch

    torch.set_num_threads(1)
    torch.set_default_dtype(torch.float64)
except ImportError:
    torch = None

STEPS_BETWEEN_CHECKS = 10


def numpy_forward(W, a, X):
    # X (B, L, d); q, k (B, L, mb); v, z (B, L, ma); h (B, L, m)
    B, L, d = X.shape
    flat = X.reshape(B * L, d)
    q = (flat @ W["WQ"].T).reshape(B, L, -1)
    k = (flat @ W["WK"].T).reshape(B, L, -1)
    v = (flat @ W["WV"].T).reshape(B, L, -1)
    attention = q @ k.transpose(0, 2, 1)
    attention -= attention.max(axis=2, keepdims=True)
    np.exp(attention, out=attention)
    attention /= attention.sum(axis=2, keepdims=True)
    z = attention @ v
    h = (z.reshape(B * L, -1) @ W["WO"].T).reshape(B, L, -1)
    np.maximum(h, 0, out=h)
    score = (h.sum(axis=1) @ a) / L if a.ndim == 1 else np.einsum("blm,lm->b", h, a) / L
    return flat, q, k, v, attention, z, h, score


def numpy_step(W, a, X, y, eta):
    B, L, d = X.shape
    flat, q, k, v, attention, z, h, score = numpy_forward(W, a, X)
    margin = y * score
    dscore = np.where(margin < 1, -y / B, 0.0)
    dh = (h > 0) * (dscore[:, None, None] * (a / L))
    m = dh.shape[2]
    dh = dh.reshape(B * L, m)
    dWO = dh.T @ z.reshape(B * L, -1)
    dz = (dh @ W["WO"]).reshape(B, L, -1)
    datt = dz @ v.transpose(0, 2, 1)
    dv = attention.transpose(0, 2, 1) @ dz
    datt -= (datt * attention).sum(axis=2, keepdims=True)
    datt *= attention
    dq = datt @ k
    dk = datt.transpose(0, 2, 1) @ q
    gradients = [gradient.reshape(B * L, -1).T @ flat for gradient in (dq, dk, dv)]
    for name, gradient in zip(("WQ", "WK", "WV"), gradients):
        W[name] -= eta * gradient
    W["WO"] -= eta * dWO
    return float(np.maximum(0, 1 - margin).mean()), gradients


def numpy_hinge(W, a, X, y):
    return float(np.maximum(0, 1 - y * numpy_forward(W, a, X)[-1]).mean())


def torch_score(W, a, X):
    q, k, v = X @ W["WQ"].T, X @ W["WK"].T, X @ W["WV"].T
    z = torch.softmax(q @ k.transpose(1, 2), dim=2) @ v
    h = torch.relu(z @ W["WO"].T)
    return (h.sum(dim=1) @ a if a.ndim == 1 else (h * a).sum(dim=(1, 2))) / X.shape[1]


def torch_step(W, a, X, y, eta):
    loss = torch.relu(1 - y * torch_score(W, a, X)).mean()
    gradients = torch.autograd.grad(loss, list(W.values()))
    with torch.no_grad():
        for matrix, gradient in zip(W.values(), gradients):
            matrix -= eta * gradient
    return loss.item(), gradients[:3]


def torch_hinge(W, a, X, y):
    with torch.no_grad():
        return torch.relu(1 - y * torch_score(W, a, X)).mean().item()


class Numpy:
    name = "numpy"
    step = staticmethod(numpy_step)
    hinge = staticmethod(numpy_hinge)
    array = staticmethod(lambda values: values.copy())
    weight = staticmethod(lambda values: values.copy())
    indices = staticmethod(lambda values: values)
    svd = staticmethod(lambda matrix: np.linalg.svd(matrix, compute_uv=False))
    norms = staticmethod(lambda matrix: np.linalg.norm(matrix, axis=1))


class Torch:
    name = "pytorch"
    step = staticmethod(torch_step)
    hinge = staticmethod(torch_hinge)
    array = staticmethod(lambda values: torch.from_numpy(values.copy()))
    weight = staticmethod(lambda values: torch.from_numpy(values.copy()).requires_grad_())
    indices = staticmethod(lambda values: torch.from_numpy(values))
    svd = staticmethod(lambda matrix: torch.linalg.svdvals(matrix.detach()))
    norms = staticmethod(lambda matrix: matrix.detach().norm(dim=1))


def load(library, case, key):
    return {name: library.weight(case[key][name]) for name in ("WQ", "WK", "WV", "WO")}


def time_step(library, case, repetitions):
    W = load(library, case, "weights")
    a, X, y = (library.array(case[name]) for name in ("a", "tokens", "labels"))
    B = case["B"]
    X, y = X[:B], y[:B]
    times = []
    for _ in range(repetitions + 5):
        start = time.perf_counter()
        library.step(W, a, X, y, case["eta"])
        times.append(time.perf_counter() - start)
    return 1e3 * statistics.median(times[5:])


def time_model(library, case):
    """
    What the kernel's model is timed with but for its data, which are given: training to the same number of steps with
    its checks and the singular values of each gradient while the batch's hinge is at least 1/2; then four passes over
    the test data (test hinge, pruned, attention before and after), the updates' singular values, and neuron norms.
    """
    start = time.perf_counter()
    W = load(library, case, "weights")
    initial = load(library, case, "weights")
    a, X, y = (library.array(case[name]) for name in ("a", "tokens", "labels"))
    batches = library.indices(case["batches"])
    hinge = None
    for step in range(case["steps"]):
        batch = batches[step]
        batch_hinge, gradients = library.step(W, a, X[batch], y[batch], case["eta"])
        if batch_hinge >= 0.5:
            for gradient in gradients:
                library.svd(gradient)
        if (step + 1) % STEPS_BETWEEN_CHECKS == 0:
            hinge = library.hinge(W, a, X, y)
    X, y = library.array(case["testTokens"]), library.array(case["testLabels"])
    for weights in (W, W, W, initial):
        library.hinge(weights, a, X, y)
    for name in ("WQ", "WK", "WV"):
        library.svd(W[name] - initial[name])
    library.norms(W["WO"])
    return {"ms": 1e3 * (time.perf_counter() - start), "trainHinge": hinge}


def read_cases(folder):
    with open(f"{folder}/cases.json") as file:
        cases = json.load(file)
    flat = np.fromfile(f"{folder}/arrays.f64", dtype=np.float64)

    def resolve(value):
        if isinstance(value, dict) and "offset" in value:
            size = int(np.prod(value["shape"]))
            array = flat[value["offset"] : value["offset"] + size].reshape(value["shape"])
            return array.astype(np.int64) if value.get("integers") else array
        if isinstance(value, dict):
            return {key: resolve(each) for key, each in value.items()}
        if isinstance(value, list):
            return [resolve(each) for each in value]
        return value

    return resolve(cases)


def main():
    if np is None:
        print(json.dumps({"missing": ["numpy", "torch"]}))
        return
    cases = read_cases(sys.argv[1])
    libraries = [Numpy] + ([Torch] if torch is not None else [])
    print(
        json.dumps(
            {
                "missing": [] if torch is not None else ["torch"],
                "steps": [
                    {"workload": case["workload"], "library": library.name, "msPerStep": time_step(library, case, 60)}
                    for case in cases["steps"]
                    for library in libraries
                ],
                "models": [
                    {"seed": case["seed"], "library": library.name, **time_model(library, case)}
                    for case in cases["models"]
                    for library in libraries
                ],
            }
        )
    )


main()
