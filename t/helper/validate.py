"""validate.py SCHEMA FILE...: what an independent validator says of YAML files.

Prints `FILE N good` or `FILE N bad PATH: why` for each document; exits 2 if the schema is
none. Dates stay texts, as JSON has no others.
"""
import json
import sys

import jsonschema
import yaml


class Loader(yaml.SafeLoader):
    pass


Loader.yaml_implicit_resolvers = {
    first: [(tag, regexp) for tag, regexp in resolvers
            if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}

with open(sys.argv[1], encoding="utf-8") as f:
    schema = json.load(f)
try:
    jsonschema.Draft202012Validator.check_schema(schema)
except jsonschema.SchemaError as e:
    print(e, file=sys.stderr)
    sys.exit(2)
validator = jsonschema.Draft202012Validator(schema)
for name in sys.argv[2:]:
    with open(name, encoding="utf-8") as f:
        documents = list(yaml.load_all(f, Loader))
    for number, document in enumerate(documents, 1):
        error = jsonschema.exceptions.best_match(
            validator.iter_errors(document))
        if error is None:
            print(name, number, "good")
        else:
            print(name, number, "bad", error.json_path + ":",
                  error.message[:100])
