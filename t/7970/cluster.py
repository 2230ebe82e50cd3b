"""A Flyte cluster of t/flyte with a clock that the test moves, and the
program beside it."""

import http.client
import json
import os
import subprocess
import time

PLANS = "/api/v1/launch_plans/demo/development"


def stamp(t):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(t))


class Cluster:
    """One project of its own, and a directory where programs run in."""

    def __init__(self, build, directory, now):
        self.build = build
        self.dir = directory
        os.makedirs(directory, exist_ok=True)
        self.process = subprocess.Popen(
            [build + "/t/flyte/flyte", "-projects", "demo", "-scheduler",
             "30s", "-run", "SUCCEEDED", "-dir", directory + "/objects"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.url = self.process.stdout.readline().strip()
        self.connection = http.client.HTTPConnection(self.url[7:])
        self.down = False
        self.now = None
        self.move(now)

    def close(self):
        self.connection.close()
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()

    def call(self, method, path, body=None, want=200):
        text = None if body is None else json.dumps(body)
        self.connection.request(method, path, text, {
            "Accept": "application/json", "Content-Type": "application/json"})
        answer = self.connection.getresponse()
        got = answer.read()
        if want and answer.status != want:
            raise RuntimeError("%s %s: %d %s" % (method, path, answer.status,
                                                 got.decode()))
        return json.loads(got) if got else None

    def move(self, now):
        """The clock stands still while it is moved, by way of all that the
        scheduler does until then, and goes on for the next command."""
        if self.now is not None:
            self.call("POST", "/_test/clock",
                      {"now": stamp(self.now), "frozen": True})
        self.call("POST", "/_test/clock", {"now": stamp(now), "frozen": True})
        self.call("POST", "/_test/clock", {"now": stamp(now),
                                           "frozen": False})
        self.now = now
        part = self.dir + "/hands.part"
        with open(part, "w") as f:
            f.write("%d\n" % now)
        os.rename(part, self.dir + "/hands")

    def scheduler(self, action):
        self.call("POST", "/_test/scheduler", {"action": action})
        if action in ("stop", "start"):
            self.down = action == "stop"

    def fault(self, rule):
        self.call("POST", "/_test/faults", rule)

    def no_faults(self):
        """How many requests were spoilt, which none is any more."""
        fired = self.call("GET", "/_test/faults")["fired"]
        self.call("DELETE", "/_test/faults")
        return fired

    def plans(self):
        return self.call("GET", PLANS + "?limit=9999")["launch_plans"]

    def active(self):
        """{name: the versions of it that are ACTIVE}"""
        found = {}
        for plan in self.plans():
            if plan["closure"]["state"] == "ACTIVE":
                found.setdefault(plan["id"]["name"], set()).add(
                    plan["id"]["version"])
        return found

    def generation(self):
        """The newest one of the app's journal, 0 if there is none."""
        listed = self.call("GET", PLANS + "/a.deploys?limit=9999")
        return max((int(plan["id"]["version"])
                    for plan in listed["launch_plans"]), default=0)

    def fired(self):
        """{(launch plan, slot): the versions it ran under}, each as often
        as it did."""
        found = {}
        listed = self.call("GET", "/api/v1/executions/demo/development"
                           "?limit=99999&filters=gte(state,0)")
        for run in listed["executions"]:
            at = run["spec"]["metadata"]["scheduled_at"]
            plan = run["spec"]["launch_plan"]
            if at:
                found.setdefault((plan["name"], at), []).append(
                    plan["version"])
        return found

    def plan(self, name, version, workflow, of_version):
        """Registers a launch plan as UnionML does, with the inputs of the
        workflow's own one, each day at 05:00."""
        spec = self.call("GET", "%s/%s/%s" % (PLANS, workflow,
                                              of_version))["spec"]
        spec["entity_metadata"] = {
            "schedule": {"cron_schedule": {"schedule": "0 5 * * *"},
                         "kickoff_time_input_arg": "time"}}
        self.call("POST", "/api/v1/launch_plans", {
            "id": {"resource_type": "LAUNCH_PLAN", "project": "demo",
                   "domain": "development", "name": name,
                   "version": version}, "spec": spec})

    def put_state(self, name, version, state):
        self.call("PUT", "%s/%s/%s" % (PLANS, name, version),
                  {"state": state})

    def environment(self, haste=None):
        env = {name: os.environ[name] for name in ("PATH", "LC_ALL", "TZ",
                                                   "ASAN_OPTIONS",
                                                   "UBSAN_OPTIONS")
               if name in os.environ}
        env.update(HOME=self.dir, UNIONML_TEST_NOW="@" + self.dir + "/hands")
        if haste:
            env["UNIONML_TEST_HASTE"] = str(haste)
        return env

    def start(self, words, tree, haste=None):
        return subprocess.Popen(
            [self.build + "/unionml", "-C", tree] + words,
            env=self.environment(haste), stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def killed(self, words, nth, tree="app"):
        """The same, killed while it waits for the answer to its nth request,
        which was carried out. Without so many it comes to its end."""
        self.fault({"nth": nth, "do": "hang", "after": True})
        process = self.start(words, self.dir + "/" + tree)
        while process.poll() is None and \
                not self.call("GET", "/_test/faults")["fired"]:
            time.sleep(0.002)
        if process.poll() is None:
            process.kill()
        out, err = process.communicate()
        return process.returncode, out, err, self.no_faults()

    def program(self, words, tree="app", haste=None):
        """Its exit status, what it printed, and what it said."""
        process = self.start(words, self.dir + "/" + tree, haste)
        try:
            out, err = process.communicate(timeout=120)
        except subprocess.TimeoutExpired:
            process.kill()
            out, err = process.communicate()
            raise RuntimeError("%s: no end in 120 s: %s" % (words, err))
        return process.returncode, out, err
