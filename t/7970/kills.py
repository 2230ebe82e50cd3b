#!/usr/bin/env python3
"""kills.py BUILD DIRECTORY: commands killed after each of their requests in
turn, and run again a day later. What was active goes on until the journal
says otherwise, the end is the same, and each slot fires once."""

import shutil
import sys

import world


def keys(expression, **more):
    return dict(more, workflow="train", reader_time_arg="time",
                expression=expression)


def put(name, *args, **more):
    return {"do": "edit", "what": "set", "name": name,
            "keys": keys(*args, **more)}


DAY = 86400
BASE = [
    put("alpha", "0 3 * * *"), put("beta", "0 4 * * *"),
    put("gamma", "0 5 * * *"), put("delta", "0 6 * * *", active=False),
    {"do": "deploy", "version": "v1"},
    {"do": "deactivate", "names": ["beta"], "note": "why", "gap": DAY},
    put("alpha", "30 3 * * *", timezone="Europe/Berlin"),
    {"do": "edit", "what": "rename", "name": "gamma", "to": "epsilon"},
]
KNOWN = BASE + [{"do": "deploy", "version": "v2", "schedule": False}]
CASES = [
    (BASE, {"do": "deploy", "version": "v2"}),
    (BASE, {"do": "deactivate", "names": [], "note": "all"}),
    (BASE, {"do": "activate", "names": ["beta", "delta"]}),
    (KNOWN, {"do": "activate", "names": [], "version": "v2"}),
]


def run(build, directory, before, command, nth):
    """Whether there were so many requests."""
    said = []
    w = world.World(build, directory, said.append)
    try:
        w.blind = nth > 1
        for op in before:
            w.step(op)
        w.blind = False
        w.step(dict(command, kill=nth, gap=DAY))
        reached = w.fired > 0
        w.step(dict(command, gap=DAY))
        w.step(dict(command, gap=DAY))
        if w.between:
            world.differ("after it was run again", "no cut", w.between)
        w.step({"do": "edit", "what": "none", "gap": DAY})
        w.end()
        return reached
    except world.Mismatch as e:
        print("%s killed at request %d:" % (command, nth))
        print("".join("  $ %s\n" % line for line in said) + str(e))
        raise
    finally:
        w.close()
        shutil.rmtree(directory, ignore_errors=True)


def main():
    build, directory = sys.argv[1:3]
    for before, command in CASES:
        nth = 1
        try:
            while run(build, directory + "/kill", before, command, nth):
                nth += 1
        except world.Mismatch:
            return 1
        words = [command["do"]] + sorted(k for k in command if k != "do")
        print("%s: %d requests" % (" ".join(words), nth - 1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
