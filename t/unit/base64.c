/* Base64: the vectors of RFC 4648 section 10, and what is no base64. */
#include "lib/base/compat.h"

#include "lib/base/base64.h"
#include "lib/base/strbuf.h"
#include "t/unit/tap.h"

static const struct {
	const char *plain, *standard, *url;
} vectors[] = {
	{ "", "", "" },
	{ "f", "Zg==", "Zg" },
	{ "fo", "Zm8=", "Zm8" },
	{ "foo", "Zm9v", "Zm9v" },
	{ "foob", "Zm9vYg==", "Zm9vYg" },
	{ "fooba", "Zm9vYmE=", "Zm9vYmE" },
	{ "foobar", "Zm9vYmFy", "Zm9vYmFy" },
	{ "\373\377\376", "+//+", "-__-" },
};

static const char *const bad[] = {
	"A", "Zm9vY", "Z+9v", "Z/9v", "Zm 9", "Zg=g", "====", "Zm9\n", "=",
};

int
main(void)
{
	struct strbuf sb = STRBUF_INIT;
	unsigned char all[256];
	size_t i, len;

	for (i = 0; i < ARRAY_SIZE(vectors); i++) {
		len = strlen(vectors[i].plain);
		strbuf_reset(&sb);
		base64_encode(&sb, vectors[i].plain, len);
		is_str(sb.buf, vectors[i].standard, "standard");
		strbuf_reset(&sb);
		base64_encode_url(&sb, vectors[i].plain, len);
		is_str(sb.buf, vectors[i].url, "for URLs");
		strbuf_reset(&sb);
		ok(base64_decode_url(&sb, vectors[i].url,
		    strlen(vectors[i].url)), "decodes");
		is_str(sb.buf, vectors[i].plain, "to the same");
		strbuf_reset(&sb);
		ok(base64_decode(&sb, vectors[i].standard,
		    strlen(vectors[i].standard)), "decodes the standard one");
		is_str(sb.buf, vectors[i].plain, "to the same");
	}
	strbuf_reset(&sb);
	ok(base64_decode_url(&sb, "Zm8=", 4) && strcmp(sb.buf, "fo") == 0,
	    "padding is fine");
	strbuf_reset(&sb);
	strbuf_addstr(&sb, "kept");
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		ok(!base64_decode_url(&sb, bad[i], strlen(bad[i])),
		    "no base64: %zu", i);
		is_str(sb.buf, "kept", "and nothing is appended");
	}
	for (i = 0; i < sizeof(all); i++)
		all[i] = (unsigned char)i;
	for (i = 0; i < sizeof(all); i++) {
		struct strbuf back = STRBUF_INIT;

		strbuf_reset(&sb);
		base64_encode_url(&sb, all, i);
		if (!base64_decode_url(&back, sb.buf, sb.len) ||
		    back.len != i || memcmp(back.buf, all, i) != 0)
			ok(false, "%zu bytes there and back", i);
		strbuf_release(&back);
	}
	strbuf_release(&sb);
	return tap_done();
}
