/*
 * What -i and -p offer for the variables of an interface, before it is typed:
 * names are known, nothing is given that may not be, and the last of several
 * -p for one name has won. For inputs.c alone.
 */
#ifndef MODEL_OFFER_H
#define MODEL_OFFER_H

#include "lib/base/compat.h"

struct arena;
struct inputs;
struct inputs_request;
struct json;
struct variable;

/* -p NAME.MEMBER=TEXT */
struct offer_member {
	const char *name, *text;
};

/* Of one variable. The text goes over the document, members over both. */
struct offer {
	const struct json *document;	/* its member of -i, or NULL */
	const char *text;		/* -p NAME=TEXT, or NULL */
	struct offer_member *member;
	size_t n;
};

/*
 * Fills `offers`, one for each variable of the interface, all zero before.
 * `held` are the inputs that are settled already. False after messages.
 */
bool offers_gather(struct arena *arena, const struct inputs_request *request,
    const struct inputs *held, struct offer *offers);

/* The text that -p gives for the member, or NULL. */
const char *offer_find(const struct offer *offer, const char *member);

/* Prints that `variable`, which declares its members, has not that one. */
void offer_unknown_member(struct arena *arena, const struct variable *variable,
    const char *member);

#endif
