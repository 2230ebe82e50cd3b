/*
 * The table of keys holds together, and unionml.yaml(5) has each key in it,
 * word and default. Runs in the top directory.
 */
#include "lib/base/compat.h"

#include "lib/appfile/keyrule.h"
#include "lib/appfile/keys.h"
#include "lib/base/io.h"
#include "lib/base/strbuf.h"
#include "lib/base/xalloc.h"
#include "t/unit/tap.h"

enum { MANUAL_MAX = 1 << 20, KEYS_MAX = 64 };

static struct strbuf manual = STRBUF_INIT;

/* Whether the word stands in a line of the manual that begins like this. */
static bool
manual_has(const char *begin, const char *word)
{
	size_t len = strlen(word);
	const char *line, *end, *at;

	for (line = manual.buf; *line != '\0'; line = end + 1) {
		end = line + strcspn(line, "\n");
		if (strncmp(line, begin, strlen(begin)) == 0) {
			for (at = line + strlen(begin); at < end; at++)
				if (strncmp(at, word, len) == 0 &&
				    strchr(" \"", at[-1]) != NULL &&
				    strchr(" \n\"", at[len]) != NULL)
					return true;
		}
		if (*end == '\0')
			break;
	}
	return false;
}

static bool
documented(const char *name)
{
	return manual_has(".It Cm ", name) || manual_has(".Cm ", name);
}

static bool
has_key(const struct keys *keys, const char *name)
{
	return name == NULL || keys_find(keys, name) != NULL;
}

static void
check_words(const struct key *key)
{
	const struct key_word *word;

	for (word = key->words; word != NULL && word->name != NULL; word++)
		ok(manual_has(".Ql ", word->name), "the manual has '%s' of %s",
		    word->name, key->name);
}

static void
check_preset(const struct key *key)
{
	char *bare;

	if (key->preset == NULL || strcmp(key->preset, "\".\"") == 0)
		return;
	bare = xstrdup(key->preset + (*key->preset == '"'));
	bare[strcspn(bare, "\"")] = '\0';
	ok(manual_has(".Ql ", bare) || manual_has(".Pa ", bare) ||
	    strcmp(bare, "0") == 0 || strcmp(bare, "PT0S") == 0,
	    "the manual has the default of %s", key->name);
	free(bare);
}

static void
check_key(const struct keys *keys, const struct key *key)
{
	bool holds = key->shape == KEY_OBJECT || key->shape == KEY_OBJECTS ||
	    key->shape == KEY_MODEL;

	ok(keys_find(keys, key->name) == key, "%s.%s is there once", keys->id,
	    key->name);
	ok(documented(key->name), "and in the manual");
	ok(key->about != NULL && strlen(key->about) < 120 &&
	    strchr(key->about, '\n') == NULL, "it is described in a line");
	ok(has_key(keys, key->needs), "what it needs is a key");
	ok((key->object != NULL) == holds, "it has keys if its shape does");
	ok((key->words != NULL) == (key->shape == KEY_WORD ||
	    key->shape == KEY_MODEL), "and words likewise");
	ok(key->shape != KEY_INTEGER || key->min < key->max, "a range");
	ok(key->only == 0 || keys->by != NULL, "it depends on some key");
	check_words(key);
	check_preset(key);
}

static const struct keys *seen[KEYS_MAX];
static size_t n_seen;

static void
check_keys(const struct keys *keys)
{
	size_t i;

	for (i = 0; i < n_seen; i++)
		if (seen[i] == keys)
			return;
	if (n_seen == KEYS_MAX)
		return;
	for (i = 0; i < n_seen; i++)
		ok(strcmp(seen[i]->id, keys->id) != 0, "%s has its own id",
		    keys->id);
	seen[n_seen++] = keys;
	ok(keys->n <= 64, "%s: few enough for a bit each", keys->id);
	ok(has_key(keys, keys->either[0]) && has_key(keys, keys->either[1]),
	    "alternatives are keys");
	ok(has_key(keys, keys->by) && (keys->by == NULL ||
	    keys_find(keys, keys->by)->shape == KEY_WORD),
	    "the deciding key has words");
	for (i = 0; i < keys->n; i++) {
		check_key(keys, &keys->key[i]);
		if (keys->key[i].object != NULL)
			check_keys(keys->key[i].object);
	}
}

static void
check_applies(void)
{
	struct key key = { .name = "x" };

	ok(key_applies(&key, 0) && key_applies(&key, -1), "one for all words");
	key.only = 2;
	ok(key_applies(&key, 1), "one for its word");
	ok(!key_applies(&key, 0), "not for another");
	ok(key_applies(&key, -1), "nor refused where the word is unknown");
	ok(keys_find(&keys_app, "Name") == NULL, "case matters");
	ok(keys_find(&keys_app, "") == NULL, "no empty key");
}

int
main(void)
{
	ok(read_file("man/unionml.yaml.5", &manual, MANUAL_MAX) == 0,
	    "the manual is there");
	check_keys(&keys_app);
	check_applies();
	strbuf_release(&manual);
	return tap_done();
}
