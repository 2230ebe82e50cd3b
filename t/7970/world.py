"""Carries out the commands of a history on a cluster and in the model, and
compares the two after each."""

import json
import os

import cluster
import model as m
import slots

KILLED = -9     # as subprocess has it
START = 1799020800      # Sunday 2027-01-03, 08:00 in UTC
GRID = 300              # there is no slot between two multiples of it

BARE = {"expression": "0 5 * * *"}
APP = """name: %s
image: local/none:1
dataset:
  reader:
    inputs: {time: {type: datetime, default: now}, %s}
    command: [sh, code.sh, "{n}", "{data}"]
model:
  trainer: {command: [sh, code.sh, "{train}", "{model_object}"]}
targets:
  there: {type: flyte, config: ../flyte.yaml, project: demo,
    domain: development}
default_target: there
"""


class Mismatch(Exception):
    pass


def differ(what, want, got, more=""):
    raise Mismatch("%s\n  expected %s\n  got      %s\n%s" %
                   (what, want, got, more))


class World:
    def __init__(self, build, directory, say):
        self.cluster = cluster.Cluster(build, directory, START)
        self.say = say
        self.now = START
        self.tree = m.Tree({})
        self.model = m.Model()
        self.ledger = slots.Ledger()
        self.blind = False      # what is but the way to a test is not one
        # A command was cut: what it left is between these models.
        self.between = []
        # Another hand has activated a version: {launch plan: version}.
        self.foreign = {}
        # Those of another app, which never change.
        self.others = {}
        # What UnionML has registered, and pauses since the last command.
        self.bare, self.unrecorded = set(), set()
        # Names and versions of deploys that were cut before they said so.
        self.perhaps, self.half = set(), set()
        self.commands, self.fired, self.said = 0, 0, ""
        with open(directory + "/flyte.yaml", "w") as f:
            f.write('admin: {endpoint: "%s", insecure: true}\n' %
                    self.cluster.url)

    def close(self):
        self.cluster.close()

    def write(self, tree, directory="app", name="a"):
        path = self.cluster.dir + "/" + directory
        os.makedirs(path, exist_ok=True)
        inputs = ", ".join(
            ["n: {type: integer, default: 3}"] +
            ["x%d: {type: string, default: x}" % i
             for i in range(1, tree.inputs)])
        with open(path + "/unionml.yaml", "w") as f:
            f.write(APP % (name, inputs))
            if tree.schedules:
                # JSON is YAML.
                f.write("schedules: %s\n" % json.dumps(tree.schedules))
        with open(path + "/code.sh", "w") as f:
            f.write("# %d\n" % tree.code)

    def step(self, op):
        later = self.now + op.get("gap", 1)
        # Far from all slots, so that nobody needs to wait.
        self.now = max(later // GRID * GRID + 20, self.now + 1)
        if self.now % GRID > GRID - 60:
            self.now = self.now // GRID * GRID + GRID + 20
        self.cluster.move(self.now)
        getattr(self, "do_" + op["do"])(op)

    def do_edit(self, op):
        tree, what, name = self.tree, op["what"], op.get("name")
        if what == "set":
            tree.schedules[name] = op["keys"]
        elif what == "drop":
            tree.schedules.pop(name, None)
        elif what == "rename" and name in tree.schedules:
            tree.schedules[op["to"]] = tree.schedules.pop(name)
        elif what == "inputs":
            tree.inputs = tree.inputs % 3 + 1
        tree.code += what == "code"

    def do_stop(self, _):
        self.cluster.scheduler("stop")
        self.ledger.stop(self.now)

    def do_start(self, _):
        if self.cluster.down:
            self.cluster.scheduler("start")
        self.ledger.start()

    def do_put(self, op):
        """What flytectl does with a launch plan."""
        name = op["name"]
        plan = "a." + name
        active = self.cluster.active().get(plan, set())
        version = op["version"]
        if version is None or op["state"] == "INACTIVE":
            version = next(iter(active), None)
        tree = self.model.versions.get(version)
        if tree is None or name not in tree.schedules or self.between or \
                version in active and op["state"] == "ACTIVE" or \
                self.model.schedules[name].bare or name in self.foreign:
            return
        self.say("PUT %s %s %s" % (name, version, op["state"]))
        self.cluster.put_state(plan, version, op["state"])
        self.ledgered()
        if op["state"] == "INACTIVE":
            self.foreign.pop(plan, None)
            self.model.schedules[name] = m.Schedule(m.PAUSED, version)
            self.unrecorded.add(name)
        elif self.model.schedules[name].state == m.INACTIVE:
            # Activated by hand, as good as any other way.
            self.model.schedules[name] = m.Schedule(m.ACTIVE, version)
        elif name in self.unrecorded:
            # Of a pause that was over so soon nobody knows.
            self.unrecorded.discard(name)
            self.model.schedules[name].state = m.ACTIVE
            if version != self.model.schedules[name].version:
                self.foreign[plan] = version
        else:
            self.foreign[plan] = version
        self.compare("PUT")

    def do_unionml(self, op):
        """UnionML deploys a schedule of the app, under its bare name."""
        name, versions = op["name"], list(self.model.versions)
        if not versions or self.between or name in self.perhaps or \
                name in self.others or name in self.unrecorded or \
                name in self.cluster.active():
            return
        known = self.model.schedules.get(name)
        if known and known.state == m.INACTIVE:
            return
        version = versions[-1]
        self.say("UnionML's %s %s" % (name, version))
        if (name, version) not in self.bare:
            self.cluster.plan(name, version, "a.train", version)
            self.bare.add((name, version))
        self.cluster.put_state(name, version, "ACTIVE")
        if known:
            self.foreign[name] = version
        else:
            self.model.schedules[name] = m.Schedule(m.ACTIVE, version, None,
                                                    True)
        self.ledgered()
        self.compare("what UnionML did")

    def do_alien(self, op):
        """Another app has taken one of our names, and uses a bare one."""
        c, name = self.cluster, op["name"]
        if name in self.model.schedules or name in self.perhaps or \
                self.others:
            return
        self.write(m.Tree({n: dict(BARE, workflow="train",
                                   reader_time_arg="time")
                           for n in ("alpha", "beta")}), "other", "b")
        status, out, err = c.program(["deploy", "-v", "w1", "--now"],
                                     "other")
        if status:
            differ("exit status of another app's deploy", 0, status, err)
        self.say("another app takes a.%s and %s" % (name, name))
        for plan in ("a." + name, name):
            c.plan(plan, "w1", "b.train", "w1")
            c.put_state(plan, "w1", "ACTIVE")
        self.model.alien.add(name)
        self.others = {p: {"w1"} for p in ("b.alpha", "b.beta", name,
                                           "a." + name)}
        self.compare("what another app did")

    def do_deploy(self, op):
        version = op["version"]
        if op.get("again") and self.model.versions:
            # The same version once more, whatever is in the tree.
            version = list(self.model.versions)[-1]
        words = ["deploy", "-v", version]
        schedule, activate = op.get("schedule", True), op.get("activate",
                                                              False)
        if not schedule:
            words.append("--no-schedule")
        if activate:
            words.append("--activate")
        self.carry_out(op, words, lambda model: model.deploy(
            self.tree, version, schedule, activate), schedule)

    def do_back(self, op):
        if op["version"] in self.model.versions:
            self.tree = self.model.versions[op["version"]].copy()
            self.do_deploy(op)

    def do_deactivate(self, op):
        words = ["deactivate-schedules"] + op["names"]
        if "note" in op:
            words += ["--note", op["note"]]
        self.by_name(op, words, lambda model: model.deactivate(
            op["names"], op.get("note"), op.get("version")))

    def do_activate(self, op):
        self.by_name(op, ["activate-schedules"] + op["names"],
                     lambda model: model.activate(op["names"],
                                                  op.get("version")))

    def by_name(self, op, words, effect):
        if self.perhaps and (not op["names"] or
                             self.perhaps & set(op["names"])):
            return
        if op.get("version") in self.half - set(self.model.versions):
            return
        if "version" in op:
            words = words + ["-v", op["version"]]
        self.carry_out(op, words, effect, True)

    def carry_out(self, op, words, effect, settles):
        """The command in the world, and its effect in the model."""
        c = self.cluster
        self.write(self.tree)
        after = self.model.copy()
        want = effect(after)
        before = c.generation()
        if "kill" in op:
            got, out, err, fired = c.killed(words, op["kill"])
        elif "fault" in op:
            c.fault(op["fault"])
            got, out, err = c.program(words, haste=100)
            fired = c.no_faults()
        else:
            got, out, err = c.program(words)
            fired = 0
        self.commands += 1
        self.said = out + err
        self.fired = fired
        self.say("%s: %d%s" % (" ".join(words), got,
                               ", %d requests spoilt" % fired
                               if fired else ""))
        self.ledgered(after)
        if fired and got != want:
            if got not in (m.SERVER, m.NO_SUCH, KILLED):
                differ("exit status after a fault", m.SERVER, got, self.said)
            self.cut(words, after, c.generation() > before, settles)
            return
        if got != want:
            differ("exit status of " + " ".join(words), want, got, self.said)
        if want == m.DONE:
            self.model = after
            if settles:
                self.between, self.foreign = [], {}
                self.unrecorded = set()
            if words[0] == "deploy":
                self.perhaps = set() if settles else \
                    self.perhaps - set(self.tree.schedules)
        self.compare(" ".join(words))

    def cut(self, words, after, journaled, states):
        """A command that did not come to its end: the journal says whether
        it will."""
        if states:
            self.between.append(self.model)
        if journaled:
            self.model = after
            if states:
                self.between.append(after)
        elif words[0] == "deploy":
            self.half.add(words[2])
            self.perhaps |= {
                n for n in self.tree.schedules
                if n not in self.model.listed() or
                self.model.schedules[n].state == m.INACTIVE}
        self.compare(" ".join(words) + ", cut")

    def unharmed(self):
        """Between models nothing is that none of them has."""
        models = [model.active() for model in self.between]
        active = self.cluster.active()
        for plan in set(active) | set(self.model.active()):
            may = {model.get(plan) for model in models}
            may |= self.others.get(plan, set())
            if plan in self.foreign:
                may.add(self.foreign[plan])
            got = active.get(plan, set())
            if len(got) > 1 or next(iter(got), None) not in may:
                differ("ACTIVE of %s when a command was cut" % plan, may,
                       got, self.said)

    def ledgered(self, after=None):
        """What is ACTIVE now owns the slots from here on."""
        active = self.cluster.active()
        trees = (after or self.model).versions
        for plan in (set(self.ledger.owners) | set(active)) - \
                set(self.others):
            now = active.get(plan, set())
            if len(now) > 1:
                differ("versions of %s that are ACTIVE" % plan, 1, now)
            version, keys = next(iter(now), None), BARE
            if version == self.ledger.owner(plan):
                continue
            if version and plan.startswith("a."):
                if version not in trees:
                    differ("versions of %s that are ACTIVE" % plan,
                           list(trees), version, self.said)
                keys = trees[version].schedules[plan[2:]]
            self.ledger.change(plan, version, keys, self.now)

    def compare(self, what):
        if self.blind:
            return
        if self.between:
            self.unharmed()
            return
        want = {n: {v} for n, v in self.model.active().items()}
        want.update(self.others)
        for plan, version in self.foreign.items():
            want[plan] = {version}
        got = self.cluster.active()
        if got != want:
            differ("ACTIVE after " + what, want, got, self.said)
        self.compare_list(what)
        self.compare_dry_run(what)

    def compare_list(self, what):
        self.write(self.tree)
        status, out, err = self.cluster.program(["schedule", "list",
                                                 "--json"])
        if status:
            differ("schedule list after " + what, 0, status, err)
        got, want = {}, {}
        for row in json.loads(out):
            if row["name"] not in self.perhaps:
                drift = row["drift"]
                if drift and drift not in ("not declared", "not deployed"):
                    drift = set(drift.replace(",", " ").split())
                got[row["name"]] = (row["state"], row["version"],
                                    row["note"], drift)
        for name, s in self.model.schedules.items():
            state, version = s.state, s.version
            if state == m.REMOVED and "a." + name not in self.foreign:
                continue
            if "a." + name in self.foreign:
                state, version = m.ACTIVE, self.foreign["a." + name]
            note = s.note if state == m.PAUSED else None
            if s.bare:
                want[name] = (state, version, note)
                got[name] = got.get(name, ())[:3]
            else:
                want[name] = (state, version, note,
                              self.model.drift(name, self.tree, version))
        for name in self.tree.schedules:
            want.setdefault(name, (None, None, None, "not deployed"))
        for name in self.perhaps | set(self.foreign):
            # Which of two that fire is shown is not said.
            want.pop(name, None)
            got.pop(name, None)
        if got != want:
            only = {n for n in set(got) | set(want)
                    if got.get(n) != want.get(n)}
            differ("schedule list after " + what,
                   {n: want.get(n) for n in only},
                   {n: got.get(n) for n in only}, self.said)

    def compare_dry_run(self, what):
        if not self.model.versions:
            return
        version = list(self.model.versions)[-1]
        want = self.model.changes(self.tree, version)
        if want == m.DONE and self.foreign:
            want = m.ANSWER_NO
        got, out, err = self.cluster.program(
            ["deploy", "--dry-run", "--exit-code", "-v", version])
        if got != want:
            differ("deploy --dry-run --exit-code -v %s after %s" %
                   (version, what), want, got, out + err)

    def end(self):
        """All slots that should have fired have, once, and no others."""
        self.do_start(None)
        self.now = self.now // GRID * GRID + GRID + 20
        self.cluster.move(self.now)
        self.ledger.settle(self.now)
        fired = self.cluster.fired()
        got = {(name, slots.seconds(at)): versions
               for (name, at), versions in fired.items()
               if name not in self.others}
        for slot, version in self.ledger.due.items():
            if got.pop(slot, None) != [version]:
                differ("runs of slot %s %s" % (slot[0],
                       cluster.stamp(slot[1])), [version],
                       fired.get((slot[0], cluster.stamp(slot[1]))))
        if got:
            slot = min(got)
            differ("runs of slot %s %s, which nobody owned" %
                   (slot[0], cluster.stamp(slot[1])), [], got[slot])
        return len(self.ledger.due), len(self.ledger.lost)
