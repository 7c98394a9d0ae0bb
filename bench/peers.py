"""The same steps and models in PyTorch and NumPy, one thread, float64, for `npm run bench:peers`.

Reads a folder written by peers.ts: JSON files, each with a .f64 of the arrays that it refers to by offset and shape.
Prints JSON, for each library that is there, in milliseconds of CPU: a step of each workload, a model, and the same where all seeds of a θ are trained at a time.
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


class Batched:
    """The models of many seeds of one θ: every array has one axis more, the seed, in front."""

    def __init__(self, library, case):
        stack = lambda key: np.stack([seed[key] for seed in case["seeds"]])
        names = ("WQ", "WK", "WV", "WO")
        self.library = library
        self.W = {name: np.stack([seed["weights"][name] for seed in case["seeds"]]) for name in names}
        self.a = np.stack([seed["a"] for seed in case["seeds"]])  # (S, m): the readout is shared in these models
        self.X, self.y = stack("tokens"), stack("labels")
        self.Xtest, self.ytest = stack("testTokens"), stack("testLabels")
        if library is Torch:
            self.W = {name: torch.from_numpy(W) for name, W in self.W.items()}
            for key in ("a", "X", "y", "Xtest", "ytest"):
                setattr(self, key, torch.from_numpy(getattr(self, key)))

    def forward(self, W, X):
        # X (S, B, L, d); q, k (S, B, L, mb); v, z (S, B, L, ma); h (S, B, L, m)
        S, B, L, d = X.shape
        flat = X.reshape(S, B * L, d)
        if self.library is Torch:
            q, k, v = ((flat @ W[name].mT).reshape(S, B, L, -1) for name in ("WQ", "WK", "WV"))
            attention = torch.softmax(q @ k.mT, dim=3)
            z = attention @ v
            h = torch.relu(z.reshape(S, B * L, -1) @ W["WO"].mT).reshape(S, B, L, -1)
            return torch.einsum("sbm,sm->sb", h.sum(dim=2), self.a) / L
        q, k, v = ((flat @ W[name].transpose(0, 2, 1)).reshape(S, B, L, -1) for name in ("WQ", "WK", "WV"))
        attention = q @ k.transpose(0, 1, 3, 2)
        attention -= attention.max(axis=3, keepdims=True)
        np.exp(attention, out=attention)
        attention /= attention.sum(axis=3, keepdims=True)
        z = attention @ v
        h = (z.reshape(S, B * L, -1) @ W["WO"].transpose(0, 2, 1)).reshape(S, B, L, -1)
        np.maximum(h, 0, out=h)
        return flat, q, k, v, attention, z, h, np.einsum("sbm,sm->sb", h.sum(axis=2), self.a) / L

    def gradients(self, X, y):
        """Each seed's mean hinge (S), and its gradients."""
        S, B, L, d = X.shape
        if self.library is Torch:
            W = {name: matrix.requires_grad_() for name, matrix in self.W.items()}
            losses = torch.relu(1 - y * self.forward(W, X)).mean(dim=1)
            gradients = torch.autograd.grad(losses.sum(), list(W.values()))
            self.W = {name: matrix.detach() for name, matrix in W.items()}
            return losses.detach(), dict(zip(W, gradients))
        flat, q, k, v, attention, z, h, score = self.forward(self.W, X)
        margin = y * score
        dscore = np.where(margin < 1, -y / (B * L), 0.0)
        dh = ((h > 0) * (dscore[:, :, None, None] * self.a[:, None, None, :])).reshape(S, B * L, -1)
        dWO = dh.transpose(0, 2, 1) @ z.reshape(S, B * L, -1)
        dz = (dh @ self.W["WO"]).reshape(S, B, L, -1)
        datt = dz @ v.transpose(0, 1, 3, 2)
        dv = attention.transpose(0, 1, 3, 2) @ dz
        datt -= (datt * attention).sum(axis=3, keepdims=True)
        datt *= attention
        parts = {"WQ": datt @ k, "WK": datt.transpose(0, 1, 3, 2) @ q, "WV": dv}
        gradients = {name: part.reshape(S, B * L, -1).transpose(0, 2, 1) @ flat for name, part in parts.items()}
        return np.maximum(0, 1 - margin).mean(axis=1), {**gradients, "WO": dWO}

    def hinge(self, W, X, y):
        score = self.forward(W, X)
        if self.library is Torch:
            return torch.relu(1 - y * score).mean(dim=1)
        return np.maximum(0, 1 - y * score[-1]).mean(axis=1)


def time_batched(library, case):
    """
    All seeds of a θ at a time, stepped until the last has converged; those that have are masked: their weights stay. What
    is done of each is what `time_model` does. Milliseconds of CPU divided by the number of seeds.
    """
    S, B = len(case["seeds"]), case["B"]
    random = np.random.default_rng(0)
    start = time.process_time()
    model = Batched(library, case)
    initial = {name: W + 0 for name, W in model.W.items()}
    N = model.X.shape[1]
    seed = np.arange(S)[:, None]
    active = np.ones(S, dtype=bool)
    position = N
    step = 0
    while active.any() and step < case["Tmax"]:
        if position + B > N:
            order, position = random.permuted(np.tile(np.arange(N), (S, 1)), axis=1), 0
        batch = order[:, position : position + B]
        position += B
        losses, gradients = model.gradients(model.X[seed, batch], model.y[seed, batch])
        steep = np.asarray(losses) >= 0.5
        if steep.any():
            for name in ("WQ", "WK", "WV"):
                library.svd(gradients[name][steep])
        for name, W in model.W.items():
            moves = active[:, None, None] * case["eta"]
            W -= (torch.from_numpy(moves) if library is Torch else moves) * gradients[name]
        step += 1
        if step % STEPS_BETWEEN_CHECKS == 0:
            active &= np.asarray(model.hinge(model.W, model.X, model.y)) > case["epsilon"]
    for weights in (model.W, model.W, model.W, initial):
        model.hinge(weights, model.Xtest, model.ytest)
    for name in ("WQ", "WK", "WV"):
        library.svd(model.W[name] - initial[name])
    (model.W["WO"] ** 2).sum(-1)
    ms = 1e3 * (time.process_time() - start) / S
    return {"library": library.name, "ms": ms, "converged": int(S - active.sum()), "seeds": S, "steps": step}


def load(library, case, key):
    return {name: library.weight(case[key][name]) for name in ("WQ", "WK", "WV", "WO")}


def time_step(library, case, repetitions):
    W = load(library, case, "weights")
    a, X, y = (library.array(case[name]) for name in ("a", "tokens", "labels"))
    B = case["B"]
    X, y = X[:B], y[:B]
    times = []
    for _ in range(repetitions + 5):
        start = time.process_time()
        library.step(W, a, X, y, case["eta"])
        times.append(time.process_time() - start)
    return 1e3 * statistics.median(times[5:])


def time_model(library, case):
    """
    What the kernel's model is timed with but for its data, which are given: training to the same number of steps with
    its checks and the singular values of each gradient while the batch's hinge is at least 1/2; then four passes over
    the test data (test hinge, pruned, attention before and after), the updates' singular values, and neuron norms.
    """
    start = time.process_time()
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
    return {"ms": 1e3 * (time.process_time() - start), "trainHinge": hinge}


def read_cases(folder, name="cases"):
    with open(f"{folder}/{name}.json") as file:
        cases = json.load(file)
    flat = np.fromfile(f"{folder}/{name}.f64", dtype=np.float64)

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
                "batched": [
                    time_batched(library, read_cases(sys.argv[1], f"theta-{index}"))
                    for index in range(cases["thetas"])
                    for library in libraries
                ],
            }
        )
    )


main()
