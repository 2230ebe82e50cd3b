"""Flyte's own messages (the flyteidl package) as judge of what is ours.

idl.py document <DOCUMENT: what `compile --for flyte` prints, each request read
as a gateway reads it: unknown fields, wrong kinds and bad enums are refused.
Prints how many of each there were.

idl.py table FILE: that the messages in the test cluster's table have in Flyte
the fields, types, oneofs and enum values which they have there. Prints how many
messages and fields were compared, and each difference.
"""

import json
import sys

from flyteidl.admin import (common_pb2, execution_pb2, launch_plan_pb2,
                            node_execution_pb2, project_pb2,
                            task_execution_pb2, task_pb2, workflow_pb2)
from flyteidl.service import dataproxy_pb2
from google.protobuf import json_format
from google.protobuf.descriptor import FieldDescriptor

REQUESTS = {
    "tasks": task_pb2.TaskCreateRequest,
    "workflows": workflow_pb2.WorkflowCreateRequest,
    "launch_plans": launch_plan_pb2.LaunchPlanCreateRequest,
}

ROOTS = (common_pb2, execution_pb2, launch_plan_pb2, node_execution_pb2,
         project_pb2, task_execution_pb2, task_pb2, workflow_pb2,
         dataproxy_pb2)

SCALARS = {
    "string": "STRING", "bytes": "BYTES", "bool": "BOOL", "double": "DOUBLE",
    "float": "FLOAT", "int32": "INT32", "int64": "INT64",
    "uint32": "UINT32", "uint64": "UINT64",
}


def check_document():
    document = json.load(sys.stdin)
    for name, bodies in document.items():
        for body in bodies:
            json_format.ParseDict(body, REQUESTS[name]())
        print(name, len(bodies))
    return 0


def read_table(path):
    messages, enums, fields = {}, {}, None
    for line in open(path, encoding="utf-8"):
        if line.startswith("#") or not line.strip():
            continue
        words = line.split()
        if line.startswith("enum "):
            enums[words[1]] = words[2:]
        elif not line[0].isspace():
            fields = messages.setdefault(words[0], {})
        else:
            oneof = words.pop(0)[:-1] if words[0].endswith(":") else None
            for name in words[:-1]:
                fields[name] = (oneof, words[-1])
    return messages, enums


def kind_of(field):
    return next(name[5:] for name in dir(FieldDescriptor)
                if name.startswith("TYPE_") and
                getattr(FieldDescriptor, name) == field.type)


class Comparison:
    def __init__(self, path):
        self.messages, self.enums = read_table(path)
        self.done = set()
        self.fields = 0
        self.differences = []

    def differ(self, where, what):
        self.differences.append(f"{where}: {what}")

    def value(self, where, ours, field):
        if ours in SCALARS:
            if kind_of(field) != SCALARS[ours]:
                self.differ(where, f"{ours}, in Flyte {kind_of(field)}")
        elif ours in self.enums:
            theirs = {v.name for v in field.enum_type.values} \
                if field.enum_type else set()
            for name in self.enums[ours]:
                if name not in theirs:
                    self.differ(where, f"no {name} in Flyte")
        elif field.message_type is None:
            self.differ(where, f"{ours}, in Flyte {kind_of(field)}")
        elif ours in self.messages and ours != "Void":
            self.message(ours, field.message_type)

    def field(self, where, oneof, ours, field):
        self.fields += 1
        theirs = field.containing_oneof
        # An `optional` of proto3 is a oneof of one.
        if oneof != (theirs.name if theirs and
                     not theirs.name.startswith("_") else None):
            self.differ(where, f"oneof {oneof}")
        entry = field.message_type and \
            field.message_type.GetOptions().map_entry
        repeated = field.is_repeated and not entry
        if ours.startswith("[]") != bool(repeated) or \
                ours.startswith("{}") != bool(entry):
            self.differ(where, f"{ours} is a list, a map or neither")
        elif entry:
            self.value(where, ours[2:],
                       field.message_type.fields_by_name["value"])
        else:
            self.value(where, ours.removeprefix("[]"), field)

    def message(self, name, theirs):
        if (name, theirs.full_name) in self.done:
            return
        self.done.add((name, theirs.full_name))
        for field, (oneof, ours) in self.messages[name].items():
            where = f"{theirs.full_name}.{field}"
            if field in theirs.fields_by_name:
                self.field(where, oneof, ours, theirs.fields_by_name[field])
            else:
                self.differ(where, "not in Flyte")


def check_table(path):
    comparison = Comparison(path)
    for module in ROOTS:
        for name, descriptor in module.DESCRIPTOR.message_types_by_name.items():
            if name in comparison.messages:
                comparison.message(name, descriptor)
    print(len(comparison.done), "messages,", comparison.fields, "fields")
    for difference in comparison.differences:
        print(difference)
    return 1 if comparison.differences else 0


if __name__ == "__main__":
    sys.exit(check_document() if sys.argv[1] == "document" else
             check_table(sys.argv[2]))
