"""The `basic` app as a plain scikit-learn script: what its metrics must be."""

import json

from sklearn.datasets import load_digits
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split

X, y = load_digits(return_X_y=True, as_frame=True)
X_train, X_test, y_train, y_test = train_test_split(
    X, y, test_size=0.2, random_state=12345
)
model = LogisticRegression(C=1.0, max_iter=1000).fit(X_train, y_train)
print(
    json.dumps(
        {
            "train": {"accuracy": model.score(X_train, y_train)},
            "test": {"accuracy": model.score(X_test, y_test)},
            "iterations": int(model.n_iter_.max()),
        }
    )
)
