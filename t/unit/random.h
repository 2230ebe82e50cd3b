/*
 * Random numbers for properties: splitmix64, the same everywhere. The seed is
 * UNIONML_TEST_SEED, else always one; a failure prints it.
 */
#ifndef UNIT_RANDOM_H
#define UNIT_RANDOM_H

#include "lib/base/compat.h"

struct rng {
	uint64_t state;
};

static inline uint64_t
rng_next(struct rng *rng)
{
	uint64_t z = rng->state += 0x9e3779b97f4a7c15;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return z ^ z >> 31;
}

/* From 0 to n - 1. */
static inline int64_t
below(struct rng *rng, int64_t n)
{
	return (int64_t)(rng_next(rng) >> 33) % n;
}

static inline uint64_t
test_seed(void)
{
	const char *text = getenv("UNIONML_TEST_SEED");

	return text != NULL ? strtoull(text, NULL, 10) : 5;
}

/* How many states a property is held against; few where each costs much. */
static inline long
test_states(void)
{
	return getenv("UNIONML_VALGRIND") != NULL ? 10000 : 1000000;
}

#endif
