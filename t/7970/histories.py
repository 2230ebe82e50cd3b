#!/usr/bin/env python3
"""histories.py BUILD DIRECTORY FIRST COUNT [JOBS]: random histories of an
app's schedules on a Flyte cluster, held against a model. The seeds are FIRST
and those after it; one that fails is shortened and printed."""

import concurrent.futures
import random
import shutil
import sys

import draw
import world

LENGTH = 14


def run(build, directory, ops):
    """None, or what went wrong; and what was said and counted."""
    said, counts = [], (0, 0, 0)
    w = world.World(build, directory, said.append)
    try:
        for op in ops:
            w.step(op)
        counts = (w.commands,) + w.end()
        return None, said, counts
    except world.Mismatch as e:
        return str(e), said, counts
    finally:
        w.close()
        shutil.rmtree(directory, ignore_errors=True)


def shorten(build, directory, ops):
    """Leaves out what is not needed for it to fail."""
    i = 0
    while i < len(ops):
        fewer = ops[:i] + ops[i + 1:]
        if run(build, directory, fewer)[0]:
            ops = fewer
        else:
            i += 1
    return ops


def one(build, directory, seed):
    ops = draw.history(random.Random(seed), LENGTH)
    directory = "%s/h%d" % (directory, seed)
    wrong, said, counts = run(build, directory, ops)
    if not wrong:
        return None, counts
    ops = shorten(build, directory, ops)
    again, said_again, _ = run(build, directory, ops)
    if again:
        wrong, said = again, said_again
    text = "history of seed %d failed:\n" % seed
    text += "".join("  %s\n" % op for op in ops)
    text += "".join("  $ %s\n" % line for line in said)
    return text + wrong, counts


def main():
    build, directory = sys.argv[1:3]
    first, count = int(sys.argv[3]), int(sys.argv[4])
    jobs = int(sys.argv[5]) if len(sys.argv) > 5 else 1
    failed, totals = 0, [0, 0, 0]
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        for wrong, counts in pool.map(
                lambda seed: one(build, directory, seed),
                range(first, first + count)):
            totals = [a + b for a, b in zip(totals, counts)]
            if wrong:
                failed += 1
                print(wrong, flush=True)
    print("%d histories, %d commands, %d slots, %d of them lost in an "
          "outage; %d failed" % (count, totals[0], totals[1] + totals[2],
                                 totals[2], failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
