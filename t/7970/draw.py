"""Draws the commands of a history. Each is data that says all about itself,
so that a history still makes sense when some of them are left out."""

NAMES = ["alpha", "beta", "gamma", "delta"]
TIMES = [
    {"expression": "0 3 * * *"},
    {"expression": "30 */4 * * *"},
    {"expression": "15,45 8-17 * * 1-5"},
    {"expression": "@daily"},
    {"expression": "@hourly"},
    {"expression": "0 6 * * *", "timezone": "Europe/Berlin"},
    {"expression": "20 22 * * *", "timezone": "Asia/Kolkata"},
    {"fixed_rate": "15m"},
    {"fixed_rate": "1h"},
    {"fixed_rate": "6h"},
    {"fixed_rate": "1d"},
]
GAPS = [10, 1200, 4000, 10000, 30000, 90000]

# What becomes of the requests of a command from the n-th on.
FAULTS = [
    {"do": "status", "status": 503},
    {"do": "status", "status": 500},
    {"do": "reset"},
    {"do": "reset", "after": True},
    {"do": "close"},
    {"do": "close", "after": True},
    {"do": "garbage", "after": True},
    {"do": "cut", "bytes": 20},
]


def keys(rng):
    """Of a schedule."""
    drawn = {"workflow": "train", "reader_time_arg": "time"}
    drawn.update(rng.choice(TIMES))
    if rng.random() < 0.2:
        drawn["active"] = False
    if rng.random() < 0.3:
        drawn["inputs"] = {"n": rng.randrange(3)}
    if "fixed_rate" not in drawn and rng.random() < 0.2:
        drawn["overlap"] = "skip"
    return drawn


def names(rng):
    """None: all of them."""
    if rng.random() < 0.3:
        return []
    return rng.sample(NAMES, rng.choice([1, 1, 2]))


def fault(rng):
    drawn = dict(rng.choice(FAULTS), nth=rng.randrange(1, 40),
                 count=rng.choice([1, 1, 2, -1, -1, -1]))
    if rng.random() < 0.6:
        # The requests that change something are few.
        drawn["method"] = rng.choice(["PUT", "POST"])
        drawn["nth"] = rng.randrange(1, 9)
    return drawn


def edit(rng):
    what = rng.choice(["set", "set", "set", "drop", "rename", "inputs",
                       "code"])
    op = {"do": "edit", "what": what}
    if what in ("set", "drop", "rename"):
        op["name"] = rng.choice(NAMES)
    if what == "set":
        op["keys"] = keys(rng)
    if what == "rename":
        op["to"] = rng.choice(NAMES)
    return op


def command(rng, number):
    """One that talks to the cluster."""
    do = rng.choice(["deploy"] * 6 + ["back"] + ["deactivate"] * 4 +
                    ["activate"] * 3)
    op = {"do": do}
    if do == "deploy":
        op["version"] = "v%d" % number
        how = rng.random()
        if how < 0.15:
            op["schedule"] = False
        elif how < 0.3:
            op["activate"] = True
        elif how < 0.4:
            op["again"] = True
    elif do == "back":
        op["version"] = "v%d" % rng.randrange(1, max(number, 2))
    else:
        op["names"] = names(rng)
        if rng.random() < 0.25:
            op["version"] = "v%d" % rng.randrange(1, max(number, 2))
        if do == "deactivate" and rng.random() < 0.5:
            op["note"] = "INC-%d" % rng.randrange(100)
    if rng.random() < 0.2:
        op["fault"] = fault(rng)
    elif rng.random() < 0.1:
        op["kill"] = rng.randrange(1, 30)
    return op


def other_hand(rng, number):
    """A second writer, who knows nothing of us."""
    if rng.random() < 0.3:
        return {"do": rng.choice(["unionml", "unionml", "alien"]),
                "name": rng.choice(NAMES), "number": number}
    return {"do": "put", "name": rng.choice(NAMES),
            "version": rng.choice([None, "v%d" % rng.randrange(1,
                                                               number + 1)]),
            "state": rng.choice(["ACTIVE", "INACTIVE"])}


def history(rng, length):
    ops = [{"do": "edit", "what": "set", "name": name, "keys": keys(rng)}
           for name in rng.sample(NAMES, 2)]
    ops.append({"do": "deploy", "version": "v0"})
    for number in range(1, length + 1):
        what = rng.random()
        if what < 0.25:
            op = edit(rng)
        elif what < 0.32:
            op = {"do": rng.choice(["stop", "start"])}
        elif what < 0.42:
            op = other_hand(rng, number)
        else:
            op = command(rng, number)
        op["gap"] = rng.choice(GAPS)
        ops.append(op)
    return ops
