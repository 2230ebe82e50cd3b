/* What looks like a secret, and what only speaks of one. */
#include "lib/base/compat.h"

#include "lib/package/filelist.h"
#include "lib/package/secret.h"
#include "t/unit/packing.h"

/* In parts, so that this file holds none itself. */
#define BEGIN "-----BEGIN "
#define KEY "PRIVATE KEY-----\nMIIE\n"

static const char named[] = "has the name of a file of secrets";
static const char key[] = "holds a private key";

static const struct row {
	const char *path, *text, *why;	/* NULL: no secret */
} rows[] = {
	{ ".env", "A=1\n", named }, { "d/.env", "A=1\n", named },
	{ ".env.local", "A=1\n", named }, { ".env.d/f", "A=1\n", NULL },
	{ ".env.example", "A=\n", NULL }, { "d/.env.sample", "A=\n", NULL },
	{ ".env.template", "A=\n", NULL }, { ".env.production", "x", named },
	{ ".env.local.example", "x", NULL }, { "e/.env", "", NULL },
	{ "env", "A=1\n", NULL }, { ".envrc", "use nix\n", NULL },
	{ "a.env", "A=1\n", NULL }, { ".netrc", "machine x\n", named },
	{ ".pypirc", "[x]\n", named }, { "h/.pgpass", "x\n", named },
	{ ".git-credentials", "x\n", named }, { "id_rsa", "x\n", named },
	{ "k/id_ed25519", "x\n", named }, { "k/id_rsa.pub", "ssh\n", NULL },
	{ "id_ecdsa_sk", "x\n", named }, { "my_id_rsa", "x\n", NULL },
	{ ".aws/credentials", "x\n", named }, { "h/.aws/credentials", "x",
	    named },
	{ "x.aws/credentials", "x\n", NULL },
	{ "credentials", "[d]\naws_secret_access_key = x\n",
	    "holds AWS credentials" },
	{ "c/credentials", "what an app needs\n", NULL },
	{ "store.p12", "0\202", "is a store of keys" },
	{ "store.pfx", "0\202", "is a store of keys" },
	{ "a.pem", BEGIN "RSA " KEY, key }, { "b.pem", BEGIN KEY, key },
	{ "c.pem", BEGIN "EC " KEY, key },
	{ "d.pem", BEGIN "ENCRYPTED " KEY, key },
	{ "e.pem", BEGIN "CERTIFICATE-----\nMIIE\n", NULL },
	{ "f.pem", BEGIN "PUBLIC KEY-----\nMIIE\n", NULL },
	{ "g.pem", BEGIN "CERTIFICATE-----\nMIIE\n" BEGIN KEY, key },
	{ "h.pem", BEGIN "CERTIFICATE-----\n" KEY, NULL },
	{ "plain", BEGIN "OPENSSH " KEY, key },
	{ "pgp", BEGIN "PGP PRIVATE KEY BLOCK-----\n", key },
	{ "note", "send me a\n" BEGIN KEY, key },
	{ "a.py", "KEY = '" BEGIN KEY "'", NULL },
	{ "b.py", "    " BEGIN KEY, NULL }, { "c.py", "# " BEGIN KEY, NULL },
	{ "a.json", "{\"private_key\": \"" BEGIN KEY "\"}", key },
	{ "b.json", "{\"public_key\": \"" BEGIN "PUBLIC KEY\"}", NULL },
	{ "credentials.json", "{\"private_key\": \"\"}", key },
	{ "d/credentials.json", "{\"user\": \"x\"}", NULL },
	{ "c.json", "{\"private_key\": \"none\"}", NULL },
	{ "key.ppk", "PuTTY-User-Key-File-2: ssh-rsa\n", key },
	{ "b", "-----BEGIN ", NULL }, { "z", "-----BEGIN PRIVATE KE", NULL }
};

static const char *
find(const struct secrets *secrets, const char *path)
{
	size_t i;

	for (i = 0; i < secrets->n; i++)
		if (strcmp(secrets->v[i].path, path) == 0)
			return secrets->v[i].why;
	return NULL;
}

static void
test_rows(void)
{
	struct secrets secrets = SECRETS_INIT;
	struct filelist list;
	size_t i, want = 0;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		char *path = path_join("t", rows[i].path);

		put(path, rows[i].text);
		free(path);
		want += rows[i].why != NULL;
	}
	is_int(filelist_load(&list, "t"), EXIT_DONE, "listed");
	is_int((long long)list.n, ARRAY_SIZE(rows), "all of them");
	is_int(secrets_find(&secrets, &list), EXIT_DONE, "looked at");
	for (i = 0; i < ARRAY_SIZE(rows); i++)
		is_str(find(&secrets, rows[i].path), rows[i].why,
		    rows[i].path);
	is_int((long long)secrets.n, (long long)want, "no others");
	for (i = 1; i < secrets.n; i++)
		if (strcmp(secrets.v[i - 1].path, secrets.v[i].path) >= 0)
			ok(false, "'%s' is out of order", secrets.v[i].path);
	secrets_release(&secrets);
	filelist_release(&list);
}

/* Far into a bundle, not so far into any file; links are not followed. */
static void
test_depth(void)
{
	struct secrets secrets = SECRETS_INIT;
	struct strbuf sb = STRBUF_INIT;
	struct filelist list;
	int i;

	for (i = 0; i < 1000; i++)
		strbuf_addstr(&sb, "certificate\n");
	strbuf_addstr(&sb, BEGIN KEY);
	put("u/chain.pem", sb.buf);
	put("u/chain.txt", sb.buf);
	put("u/fine", "fine");
	link_to("fine", "u/id_rsa");
	filelist_load(&list, "u");
	is_int(secrets_find(&secrets, &list), EXIT_DONE, "looked at");
	is_int((long long)secrets.n, 1, "one secret");
	is_str(find(&secrets, "chain.pem"), key, "chain.pem");
	unlink("u/fine");
	is_int(secrets_find(&secrets, &list), EXIT_LOCAL, "one went away");
	has_said("cannot read 'u/fine': No such file or directory");
	secrets_release(&secrets);
	filelist_release(&list);
	strbuf_release(&sb);
}

int
main(void)
{
	char tmp[] = "/tmp/unit-secret-XXXXXX";

	packing_begin(tmp);
	test_rows();
	test_depth();
	return packing_end(tmp);
}
