#!/bin/sh
# The components of this app, by sh and awk alone: `sh app.sh COMPONENT ...`.
# Each reads the files it is given and writes those it is asked for. The data
# lie on a noisy line, y = 3x + 2.
set -eu
export LC_ALL=C

# The same "random" numbers from every awk: Park and Miller's generator, which
# stays below 2^53. A few are thrown away, for small seeds begin alike.
random='
function start(n,	i) {
	state = (n < 0 ? -n : n) % 2147483646 + 1
	for (i = 0; i < 10; i++)
		uniform()
}
function uniform() {
	state = (state * 16807) % 2147483647
	return state / 2147483647
}'

# reader TIME ROWS NOISE SEED LABELED DATA
reader() {
	echo "reading $2 rows as of $1"
	awk -v rows="$2" -v noise="$3" -v seed="$4" -v labeled="$5" "$random"'
	BEGIN {
		start(seed)
		print labeled == "true" ? "x,y" : "x"
		for (i = 0; i < rows; i++) {
			x = 10 * uniform()
			y = 3 * x + 2 + noise * (2 * uniform() - 1)
			if (labeled == "true")
				printf "%.6f,%.6f\n", x, y
			else
				printf "%.6f\n", x
		}
	}' >"$6"
}

# splitter DATA TEST_SIZE SEED TRAIN TEST
splitter() {
	awk -v test_size="$2" -v seed="$3" -v train="$4" -v test="$5" "$random"'
	NR == 1 {
		start(seed)
		print >train
		print >test
		next
	}
	{
		print >(uniform() < test_size ? test : train)
	}' "$1"
}

# trainer TRAIN RIDGE MODEL: least squares, with a penalty on the slope
trainer() {
	awk -F , -v ridge="$2" '
	NR > 1 {
		n++
		sx += $1
		sy += $2
		sxx += $1 * $1
		sxy += $1 * $2
	}
	END {
		if (n < 2) {
			print "trainer: fewer than two rows" >"/dev/stderr"
			exit 1
		}
		slope = (sxy - sx * sy / n) / (sxx - sx * sx / n + ridge)
		printf "slope %.9f\n", slope
		printf "intercept %.9f\n", (sy - slope * sx) / n
	}' "$1" >"$3"
}

# evaluator MODEL DATA METRICS
evaluator() {
	awk '
	FNR == NR {
		split($0, word, " ")
		model[word[1]] = word[2]
		next
	}
	FNR > 1 {
		split($0, field, ",")
		n++
		error = field[2] - model["slope"] * field[1] - \
			model["intercept"]
		squares += error * error
		sy += field[2]
		syy += field[2] * field[2]
	}
	END {
		spread = syy - sy * sy / n
		printf "{\"mse\": %.6f, \"r2\": %.6f}\n", squares / n,
			1 - squares / spread
	}' "$1" "$2" >"$3"
}

# predictor MODEL FEATURES DIGITS PREDICTIONS: a JSON list, rounded to DIGITS
predictor() {
	awk -v digits="$3" '
	FNR == NR {
		split($0, word, " ")
		model[word[1]] = word[2]
		next
	}
	FNR > 1 {
		split($0, field, ",")
		printf "%s%." digits "f", n++ ? ", " : "[",
			model["slope"] * field[1] + model["intercept"]
	}
	END {
		print n ? "]" : "[]"
	}' "$1" "$2" >"$4"
}

"$@"
