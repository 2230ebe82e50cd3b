"""Handwritten digits: what each component of unionml.yaml does.

Every component is a plain function from files to files. unionml calls it as
`python3 app.py COMPONENT ...`; so can you.
"""

import argparse
import json

import joblib
import pandas as pd
from sklearn.datasets import load_digits
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score
from sklearn.model_selection import train_test_split

TARGET = "target"


def boolean(text):
    """Reads `true` and `false`, as unionml writes them."""
    return {"true": True, "false": False}[text]


def write_json(value, path):
    with open(path, "w") as f:
        print(json.dumps(value), file=f)


def reader(data, time="now", labeled=True):
    # These images never change. Of a database, ask for the rows up to `time`:
    # a scheduled run is given the time it stands for, however late it starts.
    print(f"reading the digits as of {time}")
    frame = load_digits(as_frame=True).frame
    if not labeled:
        frame = frame.drop(columns=TARGET)
    frame.to_csv(data, index=False)


def splitter(data, train, test, test_size=0.2, shuffle=True, random_state=12345):
    parts = train_test_split(
        pd.read_csv(data),
        test_size=test_size,
        shuffle=shuffle,
        random_state=random_state if shuffle else None,
    )
    for part, path in zip(parts, (train, test)):
        part.to_csv(path, index=False)


def trainer(data, model_object, C=1.0, max_iter=1000):
    frame = pd.read_csv(data)
    model = LogisticRegression(C=C, max_iter=max_iter)
    model.fit(frame.drop(columns=TARGET), frame[TARGET])
    joblib.dump(model, model_object)


def evaluator(model_object, data, metrics):
    frame = pd.read_csv(data)
    predicted = joblib.load(model_object).predict(frame.drop(columns=TARGET))
    write_json({"accuracy": accuracy_score(frame[TARGET], predicted)}, metrics)


def predictor(model_object, features, predictions, mmap_mode=""):
    frame = pd.read_csv(features).drop(columns=TARGET, errors="ignore")
    model = joblib.load(model_object, mmap_mode=mmap_mode or None)
    write_json([float(x) for x in model.predict(frame)], predictions)


def main():
    parser = argparse.ArgumentParser()
    commands = parser.add_subparsers(required=True)

    def component(function, *files, **options):
        command = commands.add_parser(
            function.__name__, argument_default=argparse.SUPPRESS
        )
        command.set_defaults(function=function)
        for name in files:
            command.add_argument(name)
        for name, kind in options.items():
            command.add_argument("--" + name.replace("_", "-"), type=kind)

    component(reader, "data", time=str, labeled=boolean)
    component(
        splitter,
        "data",
        "train",
        "test",
        test_size=float,
        shuffle=boolean,
        random_state=int,
    )
    component(trainer, "data", "model_object", C=float, max_iter=int)
    component(evaluator, "model_object", "data", "metrics")
    component(
        predictor, "model_object", "features", "predictions", mmap_mode=str
    )

    arguments = vars(parser.parse_args())
    arguments.pop("function")(**arguments)


if __name__ == "__main__":
    main()
