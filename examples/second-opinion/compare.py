"""Trains models of the base law once more, from the data, initial weights and batches that `train --export` wrote, and holds
what comes out to what the kernel measured: python3 examples/second-opinion/compare.py, in the project's folder.
"""

import json
import os
import subprocess
import sys
import tempfile

import numpy as np

import transformer

SEEDS = range(1, 21)
PROGRAM = ["node", "bin/theorycheck.js"]


def tensors(path):
    with open(path, "rb") as file:
        length = int.from_bytes(file.read(8), "little")
        header, numbers = json.loads(file.read(length)), file.read()
    metadata = header.pop("__metadata__")
    types = {"F64": "<f8", "I32": "<i4"}
    return metadata, {
        name: np.frombuffer(numbers[slice(*each["data_offsets"])], types[each["dtype"]]).reshape(each["shape"])
        for name, each in header.items()
    }


def kernel(seed, path):
    words = ["train", "--law", "base", "--seed", str(seed), "--json", "--export", path]
    answer = subprocess.run([*PROGRAM, *words], check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    return json.loads(answer.stdout)


def compared(seed, path):
    """By measure: ours and the kernel's."""
    its = kernel(seed, path)
    metadata, t = tensors(path)
    theta = json.loads(metadata["theta"])
    weights = lambda prefix: {name: t[prefix + name] for name in (*transformer.MATRICES, "a")}
    # the kernel's batches, and more of them if it took fewer steps than we do
    batches = iter([*t["train.batches"], *[t["train.batches"][-1]] * 10])
    trained, steps, loss = transformer.train(theta, weights("initial."), t["train.tokens"], t["train.labels"], batches)
    relevant = np.zeros(t["test.tokens"].shape[:2])
    ours = transformer.measures(
        *(theta, weights("initial."), trained, steps, loss, t["patterns"]),
        *(t["test.tokens"], t["test.labels"], relevant, np.random.default_rng(0)),
    )
    m = its["measurements"]
    pairs = {
        "steps": (steps, its["steps"]),
        "training hinge": (loss, m["trainHinge"]),
        "test hinge": (ours["test_hinge"], m["testHinge"]),
        "test error": (ours["test_error"], m["testError"]),
        "change of the hinge without small neurons": (ours["pruned_change"], abs(m["prunedHinge"] - m["testHinge"])),
        **{f"energy of ΔW_{n} beyond r": (ours[f"tail_{n}"], m["tailEnergy"][f"W{n}"]) for n in "QKV"},
    }
    for name in ("WQ", "WK", "WV"):
        sigmas = np.linalg.svd(trained[name] - t["initial." + name], compute_uv=False)
        pairs[f"σ₁ of Δ{name[0]}_{name[1]}"] = (sigmas[0], m["singularValues"][name][0])
    for name in transformer.MATRICES:
        pairs[f"{name[0]}_{name[1]}, furthest entry"] = (np.abs(trained[name] - t[name]).max() / np.abs(t[name]).max(), 0)
    return pairs


def main():
    worst = {}
    with tempfile.TemporaryDirectory() as folder:
        for seed in SEEDS:
            for name, (ours, kernels) in compared(seed, os.path.join(folder, "model.safetensors")).items():
                difference = abs(ours - kernels) / max(abs(kernels), 1e-12) if kernels else abs(ours)
                worst[name] = max(worst.get(name, (0, 0)), (difference, seed))
            print(f"seed {seed}: {int(ours) if name == 'steps' else 'compared'}", file=sys.stderr, flush=True)
    print("| measure | furthest, relative | at seed |\n| --- | --- | --- |")
    for name, (difference, seed) in worst.items():
        print(f"| {name} | {difference:.1e} | {seed} |")


if __name__ == "__main__":
    main()
