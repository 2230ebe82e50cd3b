#!/usr/bin/env python3
"""races.py BUILD DIRECTORY FIRST COUNT: two commands at once that change the
schedules of one app, on a cluster whose answers are late at random. The end is
that of one of them, or of one after the other, in every schedule; who lost
says so with status 6, and changed nothing."""

import random
import shutil
import sys

import draw
import model
import world

LATE = ["launch_plans", "a.deploys", "named_entities", "tasks", "workflows",
        "launch_plans/.*/v"]


def change(rng, side):
    """A command, and its effect in the model."""
    tree = None
    do = rng.choice(["deploy", "deploy", "deploy", "pause", "activate"])
    if do == "deploy":
        tree = model.Tree({name: draw.keys(rng) for name in
                           rng.sample(draw.NAMES, rng.choice([1, 2, 3]))})
        tree.code = ["left", "right"].index(side) + 7
        activate = rng.random() < 0.3
        words = ["deploy", "--now", "-v", side]
        return tree, words + ["--activate"] * activate, \
            lambda m: m.deploy(tree, side, True, activate)
    names = rng.sample(["alpha", "beta"], rng.choice([1, 2]))
    if do == "pause":
        return tree, ["deactivate-schedules", "--now", "--note", side] + \
            names, lambda m: m.deactivate(names, side)
    return tree, ["activate-schedules", "--now"] + names, \
        lambda m: m.activate(names)


def late(rng):
    return [{"path": rng.choice(LATE), "nth": rng.randrange(1, 12),
             "count": rng.choice([1, 2, 5]), "do": "delay",
             "delay": "%dms" % rng.choice([2, 5, 10, 20, 40])}
            for _ in range(rng.randrange(6))]


def allowed(before, sides, statuses):
    """The models that may come of it."""
    ends = []
    for order in ([0, 1], [1, 0]):
        m, fine = before.copy(), True
        for i in order:
            if statuses[i] == 0:
                fine = sides[i][2](m) == 0 and fine
        if fine:
            ends.append(m)
    return ends


def run(build, directory, seed, totals):
    rng = random.Random(seed)
    w = world.World(build, directory, lambda text: None)
    w.said = ""
    try:
        for name in ("alpha", "beta"):
            w.step({"do": "edit", "what": "set", "name": name,
                    "keys": draw.keys(rng)})
        w.step({"do": "deploy", "version": "v0"})
        if rng.random() < 0.5:
            w.step({"do": "deactivate", "names": ["beta"]})
        w.step({"do": "edit", "what": "none", "gap": 1000})
        sides = [change(rng, side) for side in ("left", "right")]
        for side, (tree, _, _) in zip(("left", "right"), sides):
            w.write(tree or w.tree, side)
        w.cluster.fault(late(rng))
        both = [w.cluster.start(side[1], w.cluster.dir + "/" + where)
                for where, side in zip(("left", "right"), sides)]
        ended = [p.communicate(timeout=120) for p in both]
        w.cluster.no_faults()
        statuses = [p.returncode for p in both]
        w.said = "".join("$ %s: %d\n%s%s" % (
            " ".join(side[1]), status, out, err) for side, status, (out, err)
            in zip(sides, statuses, ended))
        if not set(statuses) <= {0, 6} or 0 not in statuses:
            world.differ("exit statuses", "0, 6", statuses, w.said)
        totals[1] += 6 in statuses
        ends = allowed(w.model, sides, statuses)
        got = w.cluster.active()
        end = [m for m in ends if
               {n: {v} for n, v in m.active().items()} == got]
        if not end:
            world.differ("ACTIVE", [m.active() for m in ends], got, w.said)
        agree(w, end, sides)
    finally:
        w.close()
        shutil.rmtree(directory, ignore_errors=True)


def agree(w, ends, sides):
    """The list is of one of these models, and a deploy by its tree again
    changes nothing."""
    wrong = None
    for m in ends:
        w.model = m
        version = list(m.versions)[-1]
        w.tree = m.versions[version].copy()
        try:
            w.step({"do": "edit", "what": "none", "gap": 1000})
            w.compare("both")
            return
        except world.Mismatch as e:
            wrong = e
    raise wrong


def main():
    build, directory = sys.argv[1:3]
    first, count = int(sys.argv[3]), int(sys.argv[4])
    totals = [count, 0]
    for seed in range(first, first + count):
        try:
            run(build, directory + "/race", seed, totals)
        except world.Mismatch as e:
            print("race of seed %d: %s" % (seed, e))
            return 1
    print("%d races, in %d of them one was told that he lost" %
          tuple(totals))
    return 0


if __name__ == "__main__":
    sys.exit(main())
