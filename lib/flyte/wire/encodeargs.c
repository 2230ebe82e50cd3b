/*
 * The arguments of the prelude (share/flyte/prelude.sh): what the component
 * takes and gives, and its command word by word. Placeholders are resolved
 * here, so that no value and no word is ever parsed by a shell. Two others
 * look at arguments on their way, and are given nothing to find: propeller
 * replaces {{...}}, and Kubernetes $(NAME) and $$ (and takes apart a character
 * of several bytes behind a $).
 */
#include "lib/base/compat.h"

#include <ctype.h>

#include "lib/base/strbuf.h"
#include "lib/flyte/wire/encodepart.h"
#include "lib/model/placeholder.h"
#include "lib/text/jsonio.h"

static const char *
kind_of(const struct type *type)
{
	switch (type->kind) {
	case TYPE_FILE:
	case TYPE_JSON:
		return "file";
	case TYPE_DIRECTORY:
		return "directory";
	case TYPE_LIST:
	case TYPE_MAP:
		while (type->kind == TYPE_LIST || type->kind == TYPE_MAP)
			type = type->element;
		return type->kind == TYPE_DIRECTORY ? "directory" : "path";
	default:
		return "text";
	}
}

static void
put_declaration(struct json_writer *w, const char *side, const char *kind,
    const struct variable *v)
{
	struct strbuf sb = STRBUF_INIT;

	strbuf_addf(&sb, "%s:%s:%s", side, kind, v->name);
	if (type_is_path(v->type) && v->type->format != NULL)
		strbuf_addf(&sb, ".%s", v->type->format);
	json_put_text(w, NULL, sb.buf);
	strbuf_release(&sb);
}

static void
put_declarations(struct json_writer *w, const struct task *task, bool source)
{
	const struct interface *members;
	const struct variable *v;
	struct strbuf sb = STRBUF_INIT;
	size_t i, j;

	if (source)
		json_put_text(w, NULL, "in:source:" ENCODE_SOURCE);
	for (i = 0; i < task->inputs.n; i++) {
		v = &task->inputs.v[i];
		put_declaration(w, "in", kind_of(v->type), v);
		members = v->members;
		for (j = 0; members != NULL && j < members->n; j++) {
			strbuf_reset(&sb);
			strbuf_addf(&sb, "in:text:%s.%s", v->name,
			    members->v[j].name);
			json_put_text(w, NULL, sb.buf);
		}
	}
	for (i = 0; i < task->outputs.n; i++) {
		v = &task->outputs.v[i];
		put_declaration(w, "out", v->type->kind == TYPE_JSON ?
		    "json" : kind_of(v->type), v);
	}
	strbuf_release(&sb);
}

/* The word that is being written, as arguments glued by `+`. */
struct word {
	struct json_writer *w;
	bool begun;
};

static void
put_piece(struct word *word, char tag, const char *text, size_t len)
{
	struct strbuf sb = STRBUF_INIT;

	if (word->begun)
		strbuf_addch(&sb, '+');
	strbuf_addch(&sb, tag);
	strbuf_add(&sb, text, len);
	json_put_text(word->w, NULL, sb.buf);
	strbuf_release(&sb);
	word->begun = true;
}

/* `$(NAME)`, as far as it could be the name of a variable. */
static bool
is_reference(const char *s, const char *end)
{
	if (end - s < 2 || s[0] != '$' || s[1] != '(')
		return false;
	for (s += 2; s < end && (isalnum((unsigned char)*s) ||
	    strchr("_.-", *s) != NULL); s++)
		;
	return s < end && *s == ')';
}

static bool
is_found(const char *s, const char *end)
{
	return (s[0] == '{' && s[1] == '{') || is_reference(s, end) ||
	    (s[0] == '$' && (s[1] == '$' || (unsigned char)s[1] >= 0x80));
}

/* Cuts where propeller or Kubernetes would find something to replace. */
static void
put_text(struct word *word, const char *text, size_t len)
{
	const char *end = text + len, *p;

	for (p = text; p + 1 < end; p++) {
		if (is_found(p, end)) {
			put_piece(word, '=', text, (size_t)(p + 1 - text));
			text = p + 1;
		}
	}
	if (text < end || !word->begun)
		put_piece(word, '=', text, (size_t)(end - text));
}

static bool
has_variable(const struct interface *interface, const char *name, size_t len)
{
	size_t i;

	for (i = 0; i < interface->n; i++)
		if (strlen(interface->v[i].name) == len &&
		    strncmp(interface->v[i].name, name, len) == 0)
			return true;
	return false;
}

static const struct variable *
find_object(const struct task *task, const struct piece *piece)
{
	const struct variable *v;
	size_t i;

	for (i = 0; i < task->inputs.n; i++) {
		v = &task->inputs.v[i];
		if (v->members != NULL && strlen(v->name) == piece->name_len &&
		    strncmp(v->name, piece->name, piece->name_len) == 0)
			return v;
	}
	return NULL;
}

/*
 * What the placeholder stands for, as tag and name, or false: it names nothing,
 * and is text. `{data}` is the input where an output has that name too;
 * `{in.data}` and `{out.data}` say which.
 */
static bool
resolve(const struct task *task, const struct piece *piece, char *tag,
    const char **name, size_t *len)
{
	bool in = piece->member != NULL && piece->name_len == 2 &&
	    strncmp(piece->name, "in", 2) == 0;
	bool out = piece->member != NULL && piece->name_len == 3 &&
	    strncmp(piece->name, "out", 3) == 0;
	const struct variable *object;

	*name = in || out ? piece->member : piece->name;
	*len = in || out ? piece->member_len : piece->name_len;
	*tag = '<';
	if (piece->member != NULL && !in && !out) {
		object = find_object(task, piece);
		*len += 1 + piece->member_len;
		return object != NULL && has_variable(object->members,
		    piece->member, piece->member_len);
	}
	if (!out && has_variable(&task->inputs, *name, *len))
		return true;
	*tag = '>';
	return !in && has_variable(&task->outputs, *name, *len);
}

static void
put_word(struct json_writer *w, const struct task *task, const char *argument)
{
	struct word word = { w, false };
	struct strbuf text = STRBUF_INIT;
	const char *cursor = argument, *name;
	struct piece piece;
	size_t len;
	char tag;

	/* Texts beside each other are one: `{{` may lie across them. */
	while (placeholder_next(&cursor, &piece)) {
		if (piece.kind == PIECE_TEXT ||
		    !resolve(task, &piece, &tag, &name, &len)) {
			strbuf_add(&text, piece.text, piece.len);
			continue;
		}
		if (text.len > 0)
			put_text(&word, text.buf, text.len);
		strbuf_reset(&text);
		put_piece(&word, tag, name, len);
	}
	if (text.len > 0 || !word.begun)
		put_text(&word, text.buf, text.len);
	strbuf_release(&text);
}

void
encode_arguments(struct json_writer *w, const struct task *task, bool source)
{
	const struct command *command = task->command;
	struct word word = { w, false };
	size_t i;

	put_declarations(w, task, source);
	json_put_text(w, NULL, "--");
	if (command->script != NULL) {
		json_put_text(w, NULL, "=sh");
		json_put_text(w, NULL, "=-euc");
		put_text(&word, command->script, strlen(command->script));
		return;
	}
	for (i = 0; i < command->n; i++)
		put_word(w, task, command->argv[i]);
}
