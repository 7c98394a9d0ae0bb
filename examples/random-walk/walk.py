"""A simple random walk: how far up it gets, and how much of its time it spends above 0."""
import json
import math
import random
import sys


def run(theta, seed):
    chance = random.Random(seed)
    height = highest = above = 0
    for _ in range(theta["steps"]):
        before = height
        height += 1 if chance.random() < theta["up"] else -1
        highest = max(highest, height)
        above += before + height > 0
    return {"highest": highest / math.sqrt(theta["steps"]), "above": above / theta["steps"]}


print(json.dumps({"versions": {"python": sys.version}}), flush=True)
for line in sys.stdin:
    order = json.loads(line)
    print(json.dumps({"id": order["id"], "measured": run(order["theta"], order["seed"])}), flush=True)
