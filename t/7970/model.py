"""What the cluster's schedules ought to be after each command: the rules of
unionml-deploy(1), unionml-activate-schedules(1) and
unionml-deactivate-schedules(1), and of no other making."""

import copy

ACTIVE, PAUSED, INACTIVE, REMOVED = "active", "paused", "inactive", "removed"

DONE, ANSWER_NO, SERVER, NO_SUCH = 0, 1, 5, 6


class Schedule:
    """As the target has it: `version` owns its slots, or will. A bare one
    was made by UnionML, under a name that is that of the schedule alone."""

    def __init__(self, state, version, note=None, bare=False):
        self.state = state
        self.version = version
        self.note = note
        self.bare = bare

    def __repr__(self):
        return "%s %s%s%s" % (self.state, self.version,
                              " (%s)" % self.note if self.note else "",
                              " bare" if self.bare else "")

    def __eq__(self, other):
        return repr(self) == repr(other)


class Tree:
    """What the working tree declares: `schedules` by name, each the keys of
    its mapping; `inputs` is how many inputs the reader has, `code` a text
    that changes nothing but the contents."""

    def __init__(self, schedules, inputs=1, code=0):
        self.schedules = schedules
        self.inputs = inputs
        self.code = code

    def copy(self):
        return copy.deepcopy(self)

    def contents(self):
        return repr((self.schedules, self.inputs, self.code))


class Model:
    def __init__(self):
        self.versions = {}      # deployed: version -> Tree
        self.schedules = {}     # name -> Schedule
        self.alien = set()      # names of ours that another app has taken

    def copy(self):
        return copy.deepcopy(self)

    def listed(self):
        return {name: s for name, s in self.schedules.items()
                if s.state != REMOVED}

    def active(self):
        """{launch plan: version} of what fires."""
        return {name if s.bare else "a." + name: s.version
                for name, s in self.schedules.items() if s.state == ACTIVE}

    # Each command changes the model and returns its exit status.

    def deploy(self, tree, version, schedule=True, activate=False):
        known = self.versions.get(version)
        if known and known.contents() != tree.contents():
            return NO_SUCH
        if self.alien & set(tree.schedules):
            # Its launch plan starts the workflow of another app.
            return NO_SUCH
        self.versions[version] = tree.copy()
        for name, keys in tree.schedules.items():
            self.declared(name, keys, version, schedule, activate)
        for name, s in self.schedules.items():
            if schedule and name not in tree.schedules:
                self.schedules[name] = Schedule(REMOVED, s.version)
        return DONE

    def declared(self, name, keys, version, schedule, activate):
        s = self.schedules.get(name)
        wanted = ACTIVE if keys.get("active", True) else INACTIVE
        if s is None or s.state in (REMOVED, INACTIVE):
            # It is new, or was never active.
            self.schedules[name] = Schedule(
                wanted if schedule else INACTIVE, version)
        elif not schedule:
            # What fires or is paused stays with its version.
            pass
        elif s.state == PAUSED and not (activate and wanted == ACTIVE):
            # Deactivated by hand, it stays so; the new version takes over.
            self.schedules[name] = Schedule(PAUSED, version, s.note)
        else:
            # `active: false` deactivates nothing that is active.
            self.schedules[name] = Schedule(ACTIVE, version)

    def changes(self, tree, version, schedule=True, activate=False):
        """What `deploy --dry-run --exit-code` ends with."""
        known = self.versions.get(version)
        if known and known.contents() != tree.contents() and \
                not self.alien & set(tree.schedules):
            # It is another tree than what is there, which is the question.
            return ANSWER_NO
        after = self.copy()
        status = after.deploy(tree, version, schedule, activate)
        if status != DONE:
            return status
        same = version in self.versions and \
            after.listed() == self.listed()
        return DONE if same else ANSWER_NO

    def meant(self, names, version):
        """Those that are named, or all; None if one is not known."""
        if not names:
            return sorted(n for n, s in self.listed().items()
                          if version is None or s.version == version)
        for name in names:
            s = self.listed().get(name)
            if s is None or version is not None and s.version != version:
                return None
        return names

    def deactivate(self, names, note=None, version=None):
        meant = self.meant(names, version)
        if meant is None:
            return NO_SUCH
        for name in meant:
            s = self.schedules[name]
            if s.state != PAUSED:
                self.schedules[name] = Schedule(PAUSED, s.version, note,
                                                s.bare)
        return DONE

    def activate(self, names, version=None):
        if version is None:
            meant = self.meant(names, None)
            if meant is None:
                return NO_SUCH
            for name in meant:
                self.schedules[name].state = ACTIVE
                self.schedules[name].note = None
            return DONE
        if version not in self.versions:
            return NO_SUCH
        declared = self.versions[version].schedules
        for name in names:
            if name not in declared:
                return NO_SUCH
        for name in names or declared:
            self.schedules[name] = Schedule(ACTIVE, version)
        return DONE

    def drift(self, name, tree, version):
        """The column of `schedule list`: keys that the tree has otherwise."""
        if name not in tree.schedules:
            return "not declared"
        old = self.versions[version].schedules[name]
        new = tree.schedules[name]
        differ = [key for key in sorted(set(old) | set(new))
                  if old.get(key) != new.get(key)]
        return set(differ) or None
