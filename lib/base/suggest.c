/* Optimal string alignment distance, and how much of it is still a slip. */
#include "lib/base/compat.h"

#include "lib/base/suggest.h"

/* Longer words are not typed by hand. */
enum { WORD_MAX = 100, PREFIX_MIN = 3 };

static int
min(int a, int b)
{
	return a < b ? a : b;
}

static int
distance(const char *a, int alen, const char *b, int blen)
{
	int rows[3][WORD_MAX + 1];
	int *before = rows[0], *last = rows[1], *row = rows[2], *next;
	int i, j, ca, cb;

	for (j = 0; j <= blen; j++)
		last[j] = j;
	for (i = 1; i <= alen; i++) {
		row[0] = i;
		ca = tolower((unsigned char)a[i - 1]);
		for (j = 1; j <= blen; j++) {
			cb = tolower((unsigned char)b[j - 1]);
			row[j] = min(last[j - 1] + (ca != cb),
			    min(last[j], row[j - 1]) + 1);
			if (i > 1 && j > 1 && ca != cb &&
			    ca == tolower((unsigned char)b[j - 2]) &&
			    cb == tolower((unsigned char)a[i - 2]))
				row[j] = min(row[j], before[j - 2] + 1);
		}
		next = before;
		before = last;
		last = row;
		row = next;
	}
	return last[blen];
}

/* Case alone comes before a name cut short, and that before a slip. */
static int
rank_of(const char *word, size_t wlen, const char *name, int d, int limit)
{
	if (d == 0)
		return 1;
	if (wlen >= PREFIX_MIN && strncasecmp(word, name, wlen) == 0)
		return 2;
	/* One that shares nothing with the word is no suggestion. */
	return d <= limit && d < (int)wlen ? 3 : 0;
}

const char *
suggest(const char *word, const char *const *names, size_t n)
{
	size_t i, wlen = strlen(word), nlen;
	int d, rank, limit, best_d = 0, best_rank = 0;
	const char *best = NULL;

	if (wlen > WORD_MAX)
		return NULL;
	limit = wlen >= 6 ? (int)wlen / 3 : wlen >= 4 ? 2 : 1;
	for (i = 0; n == SIZE_MAX ? names[i] != NULL : i < n; i++) {
		nlen = strlen(names[i]);
		if (nlen > WORD_MAX)
			continue;
		d = distance(word, (int)wlen, names[i], (int)nlen);
		rank = rank_of(word, wlen, names[i], d, limit);
		if (rank == 0)
			continue;
		if (best == NULL || rank < best_rank ||
		    (rank == best_rank && d < best_d)) {
			best = names[i];
			best_rank = rank;
			best_d = d;
		}
	}
	return best;
}
