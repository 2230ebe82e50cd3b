/*
 * The step of the policy on scripts: what each wake-up decides. The words of a
 * script: NUMBER is a step at that instant; before the next step `e` ends the
 * oldest run, `p` pauses, `x` removes, `r` resumes, `t` is a trigger, `bN`
 * a backfill of N, `dN` takes N out of the queue, `lN` a run in the ledger, `h`
 * a state loaded as paused, and `none` `latest` `all` `allow` `skip` `queue`
 * `replace` `rate=N` a new definition.
 * What is expected: `+N` started, `?N` waits (`+N*` late), `!N` cancelled,
 * `-FROM[..TO xCOUNT]:REASON` skipped, `<N` the clock went back; `|` ends a
 * step.
 */
#include "lib/base/compat.h"

#include "lib/base/strbuf.h"
#include "lib/schedule/policy.h"
#include "t/unit/tap.h"

struct script {
	const char *name;
	const char *config;	/* `skip latest rate 100`: the words above, or
				   `rate` `offset` `window` `cap` `end` N */
	const char *words, *want;
};

struct stage {
	struct policy_state state;
	struct definition d;
	struct decisions out;
	int64_t runs[8];
	size_t n_runs;
	struct strbuf got;
};

static const char *const catchups[] = { "none", "latest", "all" };
static const char *const overlaps[] = { "allow", "skip", "queue", "replace" };

static const struct script scripts[] = {
	{ "nothing before the first slot", "", "50 99", "||" },
	{ "on time", "", "100 e200 200", "+100|e+200||" },
	{ "sixty seconds are on time, one more is late", "none", "160 e261",
	    "+100|e-200:catchup|" },
	{ "none: what was late is told", "none", "450", "-100..300 x3:catchup"
	    " +400|" },
	{ "latest: the newest late slot", "latest", "370",
	    "-100..200 x2:catchup +300*|" },
	{ "latest: not beside one on time", "latest", "420",
	    "-100..300 x3:catchup +400|" },
	{ "all: one at a time", "all", "370 e370 e371 e372",
	    "+100* ?200* ?300*|e+200*|e+300*|e|" },
	{ "all: what is on time is skipped behind them", "all", "310 e400",
	    "+100* -300:overlap ?200*|e+200* -400:overlap|" },
	{ "all with queue: one on time waits", "all queue", "310 e400 e400",
	    "+100* ?200* ?300|e+200* -400:queue|e+300|" },
	{ "all with allow: at once", "all allow", "370",
	    "+100* +200* +300*|" },
	{ "too old to be made up", "all window 150", "370",
	    "-100..200 x2:window +300*|" },
	{ "what is too old does not count", "latest window 150", "370",
	    "-100..200 x2:window +300*|" },
	{ "too old is counted from due", "all window 150 offset 100", "370",
	    "-100:window +200*|" },
	{ "a short window takes nothing from those on time", "all window 1",
	    "370 400", "-100..300 x3:window|+400|" },
	{ "skip", "skip", "100 200 300 e400",
	    "+100|-200:overlap|-300:overlap|e+400|" },
	{ "skip: two in one step", "skip rate 20", "20 65",
	    "+20|-40..60 x2:overlap|" },
	{ "queue: the first one stays", "queue", "100 200 300 e300 e300",
	    "+100|?200|-300:queue|e+200|e|" },
	{ "replace", "replace", "100 200 201 e201",
	    "+100|!100 ?200||e+200|" },
	{ "replace: the newest wins", "replace", "100 200 300 e300",
	    "+100|!100 ?200|-200:superseded ?300|e+300|" },
	{ "replace: within a step", "replace rate 20", "65 e65",
	    "+20 !20 -40:superseded ?60|e+60|" },
	{ "allow", "allow", "100 200 300", "+100|+200|+300|" },
	{ "a trigger is in the way", "skip", "50 t100 e200",
	    "||-100:overlap|e+200|" },
	{ "and is not cancelled", "replace", "50 t100 e100",
	    "||?100|e+100|" },
	{ "a backfill is not in the way", "skip", "50 b10 100",
	    "||+100|" },
	{ "what waits may be started by hand", "queue", "100 200 d200 e200",
	    "+100|?200||e|" },
	{ "a run in the ledger", "all", "l200 370",
	    "|+100* ?300*|" },
	{ "such a run parts a range", "none", "l200 370",
	    "|-100:catchup -300:catchup|" },
	{ "paused", "", "100 p200 450 r500",
	    "+100||-200:paused|-300..400 x2:paused||-500:overlap|" },
	{ "what waited when it was paused", "queue", "100 200 p200",
	    "+100|?200|-200:paused||" },
	{ "what waited when it was removed", "queue", "100 200 x",
	    "+100|?200|-200:removed|" },
	{ "what was not due when it was paused", "offset 50", "100 p150",
	    "|-100:paused||" },
	{ "a pause is told whole", "cap 3", "p1000",
	    "|-100..1000 x10:paused|" },
	{ "an offset puts off", "offset 30", "100 129 130 e229 231",
	    "||+100|e|+200|" },
	{ "late is counted from due", "offset 500 none", "660 661",
	    "+100||" },
	{ "not before it ends", "end 300", "100 e200 e300 900",
	    "+100|e+200|e||" },
	{ "back by less than a slot", "", "150 e120 200",
	    "+100|e<120|+200|" },
	{ "back: a run is not repeated", "", "100 e50 100 200",
	    "+100|e<50||+200|" },
	{ "back: what waited is taken in again", "queue",
	    "100 200 150 200 e200", "+100|?200|<150|?200|e+200|" },
	{ "forward and back: nothing stands still", "none", "100 e5000 150 200",
	    "+100|e-200..4900 x48:catchup +5000|<150|-200:overlap|" },
	{ "the newest of too many", "all cap 3", "570 e570",
	    "-100..200 x2:too many +300* ?400* ?500*|e+400*|" },
	{ "many too many", "all cap 3", "9970",
	    "-100..9600 x96:too many +9700* ?9800* ?9900*|" },
	{ "a line that is full", "all cap 2", "270 600 600",
	    "+100* ?200*|-300..400 x2:too many -600:overlap ?500*||" },
	{ "a line full of late ones", "all queue cap 2", "270 500 670",
	    "+100* ?200*|-300:too many -500:queue ?400*|-600:queue|" },
	{ "a full line and an offset", "queue cap 2 offset 1000",
	    "1100 1200 1210 1300",
	    "-100..900 x9:too many|-1000:too many||-1100:too many|" },
	{ "a line is shorter by what is not due", "all queue cap 4 offset 250",
	    "350 520 640", "+100|?200*|-300:queue|" },
	{ "late ones stand behind one on time", "all queue", "100 200 570",
	    "+100|?200|?300* ?400* ?500*|" },
	{ "the new definition decides on what waits", "queue",
	    "100 200 skip 200", "+100|?200||-200:overlap|" },
	{ "and lets it run beside", "queue", "100 200 allow 200",
	    "+100|?200||+200|" },
	{ "a range ends with its definition", "none", "p200 none 400 r",
	    "|-100..200 x2:paused||-300..400 x2:paused||" },
	{ "and is of the present one", "offset 900", "400 rate=200 p",
	    "|" "|-100:paused -200:paused -300:paused -400:paused|" },
	{ "a pause without the queue's leave", "queue", "100 200 h200",
	    "+100|?200||-200:paused|" },
};

static bool
is_number(const char *word)
{
	return word[0] >= '0' && word[0] <= '9';
}

static void
set_word(struct stage *st, const char *word)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(catchups); i++)
		if (strcmp(word, catchups[i]) == 0)
			st->d.catchup = (enum policy_catchup)i;
	for (i = 0; i < ARRAY_SIZE(overlaps); i++)
		if (strcmp(word, overlaps[i]) == 0)
			st->d.overlap = (enum policy_overlap)i;
}

static void
set_number(struct stage *st, const char *word, int64_t n)
{
	if (strcmp(word, "rate") == 0)
		st->d.slots.expression.every.sec = n;
	else if (strcmp(word, "offset") == 0)
		st->d.offset = n;
	else if (strcmp(word, "window") == 0)
		st->d.window = n;
	else if (strcmp(word, "cap") == 0)
		st->state.cap = (size_t)n;
	st->d.slots.has_end |= strcmp(word, "end") == 0;
	if (strcmp(word, "end") == 0)
		st->d.slots.end = n;
}

/* The next word of `*text`; false at the end. */
static bool
next_word(const char **text, char word[32])
{
	size_t n;

	*text += strspn(*text, " ");
	n = strcspn(*text, " ");
	if (n == 0)
		return false;
	snprintf(word, 32, "%.*s", (int)n, *text);
	*text += n;
	return true;
}

static void
configure(struct stage *st, const char *config)
{
	char word[32], before[32] = "";

	memset(st, 0, sizeof(*st));
	strbuf_init(&st->got);
	policy_init(&st->state, 0, true);
	st->d.slots.expression.dialect = DIALECT_EVERY;
	st->d.slots.expression.every.sec = 100;
	st->d.catchup = POLICY_CATCHUP_LATEST;
	st->d.overlap = POLICY_SKIP;
	while (next_word(&config, word)) {
		if (is_number(word))
			set_number(st, before, strtoll(word, NULL, 10));
		set_word(st, word);
		memcpy(before, word, sizeof(before));
	}
}

static void
print_skip(struct stage *st, const struct skipped *skipped)
{
	strbuf_addf(&st->got, "-%lld", (long long)skipped->from);
	if (skipped->count > 1)
		strbuf_addf(&st->got, "..%lld x%lld", (long long)skipped->to,
		    (long long)skipped->count);
	strbuf_addf(&st->got, ":%s", skip_reason_name(skipped->reason));
}

static void
print_decisions(struct stage *st)
{
	static const char marks[] = { [DECIDE_FORGET] = '<',
		[DECIDE_START] = '+', [DECIDE_CANCEL] = '!',
		[DECIDE_WAIT] = '?', [DECIDE_SKIP] = '-' };
	size_t i;

	for (i = 0; i < st->out.n; i++) {
		const struct decision *d = &st->out.v[i];

		if (i > 0)
			strbuf_addch(&st->got, ' ');
		if (d->what == DECIDE_SKIP)
			print_skip(st, &d->skipped);
		else
			strbuf_addf(&st->got, "%c%lld%s", marks[d->what],
			    (long long)d->t, d->late ? "*" : "");
		if (d->what == DECIDE_START)
			st->runs[st->n_runs++] = d->t;
	}
	strbuf_addch(&st->got, '|');
}

static bool
next_run(void *arg, int64_t after, int64_t *t)
{
	const struct stage *st = arg;
	bool any = false;
	size_t i;

	for (i = 0; i < st->n_runs; i++)
		if (st->runs[i] > after && (!any || st->runs[i] < *t)) {
			*t = st->runs[i];
			any = true;
		}
	return any;
}

static void
step(struct stage *st, int64_t now)
{
	struct ledger ledger = { next_run, st };

	policy_step(&st->state, &st->d, &ledger, now, &st->out);
	print_decisions(st);
}

/* Everything but a step; some of the words have a step of their own. */
static void
act(struct stage *st, const char *word)
{
	int64_t n = word[1] == '\0' ? st->state.w : strtoll(word + 1, NULL,
	    10);

	if (strlen(word) > 2 && !is_number(word + 1)) {
		st->d.gen++;
		set_word(st, word);
		if (strncmp(word, "rate=", 5) == 0)
			set_number(st, "rate", strtoll(word + 5, NULL, 10));
		strbuf_addch(&st->got, '|');
		return;
	}
	switch (word[0]) {
	case 'e':
		policy_ended(&st->state, 0);
		strbuf_addch(&st->got, 'e');
		break;
	case 't':
		policy_began(&st->state, 7, st->state.w, ORIGIN_TRIGGER);
		strbuf_addch(&st->got, '|');
		break;
	case 'b':
		policy_began(&st->state, 8, n, ORIGIN_BACKFILL);
		strbuf_addch(&st->got, '|');
		return;
	case 'd':
		policy_dequeue(&st->state, n);
		strbuf_addch(&st->got, '|');
		return;
	case 'l':
		st->runs[st->n_runs++] = n;
		strbuf_addch(&st->got, '|');
		return;
	case 'p':
	case 'x':
		policy_pause(&st->state, &st->d,
		    word[0] == 'p' ? SKIP_PAUSED : SKIP_REMOVED, &st->out);
		print_decisions(st);
		break;
	case 'h':
	case 'r':
		st->state.active = word[0] == 'r';
		strbuf_addch(&st->got, '|');
		break;
	}
	if (word[1] != '\0')
		step(st, n);
}

static void
play(const struct script *script)
{
	const char *words = script->words;
	struct stage st;
	char word[32];

	configure(&st, script->config);
	while (next_word(&words, word)) {
		if (is_number(word))
			step(&st, strtoll(word, NULL, 10));
		else
			act(&st, word);
	}
	is_str(st.got.buf, script->want, script->name);
	strbuf_release(&st.got);
	policy_release(&st.state);
	decisions_release(&st.out);
}

static void
test_loading(void)
{
	static const int64_t order[] = { 30, 10, 20, 10, 40 };
	struct queue_entry entry = { .seen = true };
	struct policy_state state;
	size_t i;

	policy_init(&state, 100, true);
	for (i = 0; i < ARRAY_SIZE(order); i++) {
		entry.t = order[i];
		entry.gen = (int64_t)i;
		policy_enqueue(&state, &entry);
	}
	is_int((long long)state.n_queue, 4, "an instant is queued once");
	ok(state.queue[0].t == 10 && state.queue[1].t == 20 &&
	    state.queue[2].t == 30 && state.queue[3].t == 40, "by kickoff");
	is_int(state.queue[0].gen, 1, "the first stays");
	ok(policy_dequeue(&state, 20) && !policy_dequeue(&state, 20),
	    "taken out once");
	ok(state.n_queue == 3 && state.queue[1].t == 30, "the gap is closed");
	ok(policy_busy(&state) == NULL, "nothing runs");
	policy_began(&state, 1, 10, ORIGIN_BACKFILL);
	ok(policy_busy(&state) == NULL, "a backfill keeps nothing");
	policy_began(&state, 2, 10, ORIGIN_TRIGGER);
	is_int(policy_busy(&state)->id, 2, "the run that does");
	policy_ended(&state, 0);
	is_int(state.running[0].id, 2, "the others move up");
	policy_release(&state);
}

static void
test_next_event(void)
{
	struct queue_entry entry = { .t = 0, .due = 150 };
	struct stage st;
	int64_t t;

	configure(&st, "end 300");
	ok(policy_next_event(&st.state, &st.d, &t) && t == 100,
	    "the next slot");
	st.state.w = 100;
	policy_enqueue(&st.state, &entry);
	ok(policy_next_event(&st.state, &st.d, &t) && t == 150,
	    "what is due before it");
	st.state.w = 250;
	ok(policy_next_event(&st.state, &st.d, &t) && t == 150,
	    "what is due after the last slot");
	st.state.queue[0].seen = true;
	ok(!policy_next_event(&st.state, &st.d, &t), "what waits is no event");
	policy_release(&st.state);
}

int
main(void)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(scripts); i++)
		play(&scripts[i]);
	test_loading();
	test_next_event();
	return tap_done();
}
