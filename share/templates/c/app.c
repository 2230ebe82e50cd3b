/*
 * The components of this app: `app COMPONENT ...`. Each reads the files it is
 * given and writes those it is asked for. The data are points of two clouds,
 * and the model says how probable it is that a point is of the second one.
 */
#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct point {
	double x, y;
	int cloud;	/* 0 or 1; -1 where the file does not say */
};

struct model {
	double x, y, bias;
};

static void
fail(const char *fmt, ...)
{
	va_list ap;

	fputs("app: ", stderr);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	exit(1);
}

static FILE *
open_file(const char *path, const char *mode)
{
	FILE *file = fopen(path, mode);

	if (file == NULL)
		fail("%s: %s", path, strerror(errno));
	return file;
}

static void
close_file(FILE *file, const char *path)
{
	if (ferror(file) || fclose(file) != 0)
		fail("%s: cannot read or write it", path);
}

/* Park and Miller's numbers between 0 and 1: the same on every machine. */
static unsigned long long state;

static double
uniform(void)
{
	state = state * 16807 % 2147483647;
	return (double)state / 2147483647;
}

static void
seed(const char *text)
{
	int i;

	state = strtoull(text, NULL, 10) % 2147483646 + 1;
	for (i = 0; i < 10; i++)	/* small seeds begin alike */
		uniform();
}

/* Nearly a normal distribution, of variance 1. */
static double
noise(void)
{
	double sum = -6;
	int i;

	for (i = 0; i < 12; i++)
		sum += uniform();
	return sum;
}

/* The points of a CSV file: `x,y`, and `cloud` where it is known. */
static struct point *
load_points(const char *path, size_t *n)
{
	struct point *points = NULL, *p;
	FILE *file = open_file(path, "r");
	char line[256];
	size_t room = 0;

	*n = 0;
	if (fgets(line, sizeof(line), file) == NULL)
		fail("%s: no header", path);
	while (fgets(line, sizeof(line), file) != NULL) {
		if (*n == room) {
			room = room > 0 ? 2 * room : 64;
			points = realloc(points, room * sizeof(*points));
			if (points == NULL)
				fail("out of memory");
		}
		p = &points[*n];
		p->cloud = -1;
		if (sscanf(line, "%lf,%lf,%d", &p->x, &p->y, &p->cloud) < 2)
			fail("%s: line %zu is no point", path, *n + 2);
		(*n)++;
	}
	close_file(file, path);
	return points;
}

static struct point *
load_labeled(const char *path, size_t *n)
{
	struct point *points = load_points(path, n);
	size_t i;

	if (*n == 0)
		fail("%s: no points", path);
	for (i = 0; i < *n; i++)
		if (points[i].cloud != 0 && points[i].cloud != 1)
			fail("%s: line %zu has no cloud", path, i + 2);
	return points;
}

static struct model
load_model(const char *path)
{
	FILE *file = open_file(path, "r");
	struct model m;

	if (fscanf(file, "x %lf y %lf bias %lf", &m.x, &m.y, &m.bias) != 3)
		fail("%s is no model", path);
	close_file(file, path);
	return m;
}

static double
probability(const struct model *m, const struct point *p)
{
	return 1 / (1 + exp(-(m->x * p->x + m->y * p->y + m->bias)));
}

/* reader TIME ROWS SEED LABELED DATA */
static void
reader(char **arg)
{
	long i, rows = strtol(arg[1], NULL, 10);
	int labeled = strcmp(arg[3], "true") == 0, cloud;
	FILE *data = open_file(arg[4], "w");

	printf("reading %ld rows as of %s\n", rows, arg[0]);
	seed(arg[2]);
	fputs(labeled ? "x,y,cloud\n" : "x,y\n", data);
	for (i = 0; i < rows; i++) {
		cloud = uniform() < 0.5;
		fprintf(data, "%.6f,", 2 * cloud + noise());
		fprintf(data, "%.6f", 2 * cloud + noise());
		if (labeled)
			fprintf(data, ",%d", cloud);
		fputc('\n', data);
	}
	close_file(data, arg[4]);
}

/* splitter DATA TEST_SIZE SEED TRAIN TEST */
static void
splitter(char **arg)
{
	FILE *data = open_file(arg[0], "r");
	FILE *train = open_file(arg[3], "w"), *test = open_file(arg[4], "w");
	double test_size = strtod(arg[1], NULL);
	char line[256];
	int rows = 0;

	seed(arg[2]);
	while (fgets(line, sizeof(line), data) != NULL) {
		if (rows++ == 0) {
			fputs(line, train);
			fputs(line, test);
		} else {
			fputs(line, uniform() < test_size ? test : train);
		}
	}
	close_file(data, arg[0]);
	close_file(train, arg[3]);
	close_file(test, arg[4]);
}

/* trainer TRAIN RATE STEPS MODEL: logistic regression by gradient descent */
static void
trainer(char **arg)
{
	struct model m = { 0, 0, 0 }, slope;
	long step, steps = strtol(arg[2], NULL, 10);
	double rate = strtod(arg[1], NULL), error;
	struct point *p;
	size_t i, n;
	FILE *model;

	p = load_labeled(arg[0], &n);
	for (step = 0; step < steps; step++) {
		slope = (struct model){ 0, 0, 0 };
		for (i = 0; i < n; i++) {
			error = probability(&m, &p[i]) - p[i].cloud;
			slope.x += error * p[i].x;
			slope.y += error * p[i].y;
			slope.bias += error;
		}
		m.x -= rate * slope.x / (double)n;
		m.y -= rate * slope.y / (double)n;
		m.bias -= rate * slope.bias / (double)n;
	}
	free(p);
	model = open_file(arg[3], "w");
	fprintf(model, "x %.9f\ny %.9f\nbias %.9f\n", m.x, m.y, m.bias);
	close_file(model, arg[3]);
}

/* evaluator MODEL DATA METRICS */
static void
evaluator(char **arg)
{
	struct model m = load_model(arg[0]);
	double right = 0, loss = 0, miss;
	struct point *p;
	size_t i, n;
	FILE *metrics;

	p = load_labeled(arg[1], &n);
	for (i = 0; i < n; i++) {
		miss = fabs(p[i].cloud - probability(&m, &p[i]));
		right += miss < 0.5;
		loss -= log(fmax(1 - miss, 1e-15));
	}
	free(p);
	metrics = open_file(arg[2], "w");
	fprintf(metrics, "{\"accuracy\": %.6f, \"log_loss\": %.6f}\n",
	    right / (double)n, loss / (double)n);
	close_file(metrics, arg[2]);
}

/* predictor MODEL FEATURES DIGITS PREDICTIONS: a JSON list, so rounded */
static void
predictor(char **arg)
{
	struct model m = load_model(arg[0]);
	int digits = (int)strtol(arg[2], NULL, 10);
	struct point *p;
	size_t i, n;
	FILE *predictions;

	p = load_points(arg[1], &n);
	predictions = open_file(arg[3], "w");
	fputc('[', predictions);
	for (i = 0; i < n; i++)
		fprintf(predictions, "%s%.*f", i > 0 ? ", " : "", digits,
		    probability(&m, &p[i]));
	fputs("]\n", predictions);
	free(p);
	close_file(predictions, arg[3]);
}

static const struct {
	const char *name;
	int args;
	void (*run)(char **arg);
} components[] = {
	{ "reader", 5, reader },
	{ "splitter", 5, splitter },
	{ "trainer", 4, trainer },
	{ "evaluator", 3, evaluator },
	{ "predictor", 4, predictor },
};

int
main(int argc, char **argv)
{
	size_t i;

	for (i = 0; i < sizeof(components) / sizeof(components[0]); i++) {
		if (argc != components[i].args + 2 ||
		    strcmp(argv[1], components[i].name) != 0)
			continue;
		components[i].run(argv + 2);
		return 0;
	}
	fail("usage: app COMPONENT ARGUMENTS, as unionml.yaml has them");
}
