/*
 * The functions of libcurl, opened at run time. A program that sends nothing
 * does not pay for loading it and its forty libraries, and runs without it.
 */
#ifndef NET_CURLTABLE_H
#define NET_CURLTABLE_H

#include "lib/base/compat.h"

/* Its checks are macros around names that are not linked here. */
#define CURL_DISABLE_TYPECHECK
#include <curl/curl.h>

/* Each member is the function curl_NAME of <curl/curl.h>. */
struct curltable {
	CURLcode (*global_init)(long);
	curl_version_info_data *(*version_info)(CURLversion);
	CURL *(*easy_init)(void);
	void (*easy_cleanup)(CURL *);
	void (*easy_reset)(CURL *);
	CURLcode (*easy_setopt)(CURL *, CURLoption, ...);
	CURLcode (*easy_getinfo)(CURL *, CURLINFO, ...);
	const char *(*easy_strerror)(CURLcode);
	CURLM *(*multi_init)(void);
	CURLMcode (*multi_cleanup)(CURLM *);
	CURLMcode (*multi_setopt)(CURLM *, CURLMoption, ...);
	CURLMcode (*multi_add_handle)(CURLM *, CURL *);
	CURLMcode (*multi_remove_handle)(CURLM *, CURL *);
	CURLMcode (*multi_perform)(CURLM *, int *);
	CURLMcode (*multi_poll)(CURLM *, struct curl_waitfd *, unsigned int,
	    int, int *);
	CURLMsg *(*multi_info_read)(CURLM *, int *);
	struct curl_slist *(*slist_append)(struct curl_slist *, const char *);
	void (*slist_free_all)(struct curl_slist *);
};

/*
 * Opens the first of the libraries that is there and initialises it. NULL, and
 * *why (the caller frees), if there is none or it is too old.
 */
const struct curltable *curltable_open(const char *const *sonames, char **why);

/* The same, once, of the libcurl of this machine. */
const struct curltable *curltable_get(char **why);

#endif
