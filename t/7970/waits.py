#!/usr/bin/env python3
"""waits.py BUILD DIRECTORY: a hand-over with a slot of the old version near.
It waits until that is over; then that slot is the old version's, and those
after it are the new one's."""

import shutil
import sys
import time

import world
from kills import DAY, put

NEAR = [
    # The old definition's slot, then that of the new one alone.
    ("0 3 * * *", "30 3 * * *"),
    ("30 2 * * *", "0 3 * * *"),
]


def hand_over(w, before):
    """deploy v2, begun 20 s before the slot."""
    slot = world.START - world.START % DAY + 2 * DAY + 3 * 3600
    w.now = slot - 20
    w.cluster.move(w.now)
    w.write(w.tree)
    process = w.cluster.start(["deploy", "-v", "v2"],
                              w.cluster.dir + "/app")
    said = ""
    while "waiting" not in said:
        line = process.stderr.readline()
        if not line:
            world.differ("deploy near a slot", "to wait", said)
        said += line
    if "waiting 21 s until a slot of 'alpha' is over" not in said:
        world.differ("what it says", "waiting 21 s", said)
    time.sleep(0.3)
    if w.cluster.active() != before:
        world.differ("ACTIVE while it waits", before, w.cluster.active())
    w.now = slot + 1
    w.cluster.move(w.now)
    out, err = process.communicate(timeout=60)
    w.said = out + said + err
    if process.returncode:
        world.differ("exit status", 0, process.returncode, w.said)
    w.model.deploy(w.tree, "v2")
    w.ledgered()
    w.compare("deploy")


def run(build, directory, old, new):
    w = world.World(build, directory, lambda text: None)
    try:
        w.step(put("alpha", old))
        w.step({"do": "deploy", "version": "v1"})
        w.step(put("alpha", new))
        hand_over(w, {"a.alpha": {"v1"}})
        w.step({"do": "edit", "what": "none", "gap": 2 * DAY})
        w.end()
    finally:
        w.close()
        shutil.rmtree(directory, ignore_errors=True)


def main():
    build, directory = sys.argv[1:3]
    for old, new in NEAR:
        try:
            run(build, directory + "/wait", old, new)
        except world.Mismatch as e:
            print("from %s to %s: %s" % (old, new, e))
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
