#!/bin/sh
# How a Flyte cluster is reached: what `config` shows, and each way to log in,
# against a server that has FlyteAdmin's doors and an authorization server.
. "$(dirname "$0")/lib-test.sh"

test_have python3 || test_skip_all 'needs python3'

CLIENT_SECRET='p%a+s/s w:ord'
tokens=$XDG_STATE_HOME/unionml/tokens

# state JSON: what the server is like from now on.
state() {
	printf '%s\n' "$1" >state.new && mv state.new state
}

# start_server COMMAND...: sets port and redirect; stop_server ends it.
start_server() {
	rm -f control address &&
	mkfifo control &&
	{
		"$@" <control >address 9>&- &
		server=$!
	} &&
	exec 9>control &&
	waitfor 10 test -s address &&
	read -r port redirect <address
}

stop_server() {
	exec 9>&- &&
	wait "$server"
}

# config KEY=VALUE...: the configuration, of admin's keys.
config() {
	mkdir -p "$HOME/.flyte" &&
	{
		echo "admin:"
		printf "  %s\n" "endpoint: dns:///localhost:$port" "$@"
	} >"$HOME/.flyte/config.yaml"
}

# probe: `config --test`; all that was ever said is kept in `said`.
probe() {
	probe_status=0
	unionml --verbose -t staging config --test >out 2>err ||
		probe_status=$?
	cat out err >>said
	return "$probe_status"
}

# asked PATTERN: how often the server was.
asked() {
	grep -c "$1" server.log || :
}

forget() {
	rm -rf "$tokens" && : >server.log
}

cat >unionml.yaml <<\EOT
name: digits
targets:
  staging: {type: flyte, project: digits, domain: staging}
  nowhere: {type: flyte, project: digits, domain: nowhere}
  other: {type: flyte, config: other.yaml, project: none, domain: staging}
  kept: {type: local, store: "${KEPT:-kept}"}
EOT

cat >browser <<\EOT
#!/bin/sh
exec python3 - "$1" <<\END
import sys
import urllib.request
for stray in ['/favicon.ico', '/callback?code=x&state=wrong', '/callback']:
    where = urllib.parse.unquote(sys.argv[1].split('redirect_uri=')[1])
    base = where.split('&')[0].removesuffix('/callback')
    try:
        urllib.request.urlopen(base + stray).read()
    except urllib.error.HTTPError as error:
        print(error.code, stray, file=open('strays', 'a'))
print(urllib.request.urlopen(sys.argv[1]).read().decode(),
      file=open('page', 'w'))
END
EOT
chmod +x browser

# A port that somebody else has.
cat >take.py <<\EOT
import signal
import socket
import sys
taken = socket.socket()
taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
taken.bind(('127.0.0.1', int(sys.argv[1])))
taken.listen()
print('taken', flush=True)
signal.pause()
EOT

# in_background COMMAND...: sets pid.
in_background() {
	"$@" 9>&- &
	pid=$!
}

test_expect_success 'config of a local target' '
	unionml config >out &&
	printf "%s\n" "SETTING  VALUE               FROM" \
		"store    $TRASH/.unionml  default" >want &&
	tr -s " " <out >got && tr -s " " <want >squeezed &&
	test_cmp squeezed got &&
	KEPT=elsewhere unionml -t kept config --json >json &&
	test_jq json ".target == \"kept\" and .type == \"local\" and
		.settings == [{name: \"store\", value: \"$TRASH/elsewhere\",
			from: \"unionml.yaml:6\"}]" &&
	unionml -t kept config --test >out &&
	test_grep "^store  *ok  *nothing was run yet" out &&
	test_grep "^writable  *ok  *$TRASH$" out &&
	test_path_missing kept
'

test_expect_success 'a store that is no store, a directory that is not ours' '
	mkdir -p kept && echo rubbish >kept/store.db &&
	test_must_fail 4 unionml -t kept config --test >out 2>err &&
	test_grep "^store  *FAILED" out &&
	test_grep "^unionml: error: " err &&
	rm -r kept
'

test_expect_success 'no configuration at all' '
	unionml -t staging config >out &&
	test_grep "^admin.endpoint  *-  *-$" out &&
	test_grep "^flow  *Pkce  *there is no client secret$" out &&
	test_must_fail 3 unionml -t staging config --test >out 2>err &&
	test_grep "^config  *FAILED" out &&
	test_grep "no endpoint for target .staging.: .~/.flyte/config.yaml. is not there" err &&
	test_grep "FLYTE_PLATFORM_URL" err
'

test_expect_success 'a file that was asked for and is not there' '
	test_must_fail 3 unionml -t other config >out 2>err &&
	test_grep "cannot read .$TRASH/other.yaml.: No such file" err &&
	test_grep "unionml.yaml:5 says to" err &&
	FLYTECTL_CONFIG=gone.yaml test_must_fail 3 unionml -t staging config \
		2>err &&
	test_grep "FLYTECTL_CONFIG says to" err &&
	mkdir dir.yaml &&
	FLYTECTL_CONFIG=dir.yaml test_must_fail 4 unionml -t staging config \
		2>err &&
	test_must_fail 3 unionml -t nobody config 2>err
'

test_expect_success 'each setting and where it was read' '
	mkdir -p "$HOME/.flyte" &&
	printf "%s\n" "admin:" "  endpoint: dns:///flyte.test" \
		"  clientId: ci" "  SCOPES: [all, x]" "  command: [get, TOP]" \
		"storage: {container: x}" "nobody: knows" \
		>"$HOME/.flyte/config.yaml" &&
	FLYTE_PLATFORM_INSECURE=true FLYTE_CREDENTIALS_CLIENT_SECRET=TOP \
		unionml -t staging config --json >json &&
	cat >want <<-\END &&
	admin.authType||
	admin.clientId|ci|~/.flyte/config.yaml:3
	admin.command|get and 1 word|~/.flyte/config.yaml:5
	admin.endpoint|dns:///flyte.test|~/.flyte/config.yaml:2
	admin.insecureSkipVerify|false|default
	admin.insecure|true|FLYTE_PLATFORM_INSECURE
	admin.scopes|all x|~/.flyte/config.yaml:4
	client secret|(set)|FLYTE_CREDENTIALS_CLIENT_SECRET
	config|~/.flyte/config.yaml|default
	flow|ClientSecret|there is a client secret
	project|digits|unionml.yaml:3
	url|http://flyte.test|admin.endpoint
	END
	jq -r ".settings[] | [.name, .value, .from] | join(\"|\")" json |
		grep -E "^($(cut -d "|" -f 1 want | tr "\n" "|")none)\|" |
		sort >got &&
	test_cmp want got &&
	test_grep ! TOP json &&
	cp "$HOME/.flyte/config.yaml" other.yaml &&
	FLYTECTL_CONFIG=gone.yaml unionml -t other config >out &&
	test_grep "^config  *$TRASH/other.yaml  *unionml.yaml:5$" out
'

test_expect_success 'what is wrong in it, all at once' '
	printf "%s\n" "admin:" "  endpoint: [x]" "  insecure: perhaps" \
		"  authType: Magic" "  command: get-token" \
		"  pkceConfig: {timeout: \"30\"}" \
		>"$HOME/.flyte/config.yaml" &&
	FLYTE_PLATFORM_INSECURE_SKIP_VERIFY=flase \
		test_must_fail 3 unionml -t staging config >out 2>err &&
	cat >want <<-\END &&
	~/.flyte/config.yaml:2:13: error: admin.endpoint: a text is wanted, not a list
	~/.flyte/config.yaml:3:13: error: admin.insecure: true or false is wanted, not '"'perhaps'"'
	~/.flyte/config.yaml:4:13: error: admin.authType: '"'Magic'"' is none of ClientSecret, Pkce, DeviceFlow, ExternalCommand
	~/.flyte/config.yaml:5:12: error: admin.command: a list of words is wanted, not a text
	~/.flyte/config.yaml:6:25: error: admin.pkceConfig.timeout: '"'30'"': no unit (ns, us, ms, s, m, h or d)
	unionml: error: FLYTE_PLATFORM_INSECURE_SKIP_VERIFY in the environment: true or false is wanted, not '"'flase'"'
	END
	test_cmp want err
'

test_expect_success 'an endpoint that is none' '
	FLYTECTL_CONFIG=other.yaml && export FLYTECTL_CONFIG &&
	test_when_finished "unset FLYTECTL_CONFIG" &&
	FLYTE_PLATFORM_URL=unix:///tmp/x test_must_fail 3 \
		unionml -t staging config --test 2>err &&
	test_grep "endpoint (FLYTE_PLATFORM_URL) cannot be used: a socket" err
'

test_expect_success 'a cluster without auth' '
	state "{\"auth\": false}" &&
	start_server authserver state server.log &&
	config "insecure: true" &&
	probe &&
	sed "s/  */ /g" out >got &&
	cat >want <<-END &&
	config ok ~/.flyte/config.yaml (default)
	dns ok 127.0.0.1
	tcp ok port $port is open
	tls ok none: the connection is not encrypted
	gateway ok http://localhost:$port
	auth ok off: the cluster asks for no token
	version ok v1.16.8
	project ok digits, domain staging
	clock ok within 1s of the server${apostrophe:='"'"'}s
	END
	sed -i "s/^dns ok .*127.0.0.1.*/dns ok 127.0.0.1/" got &&
	test_cmp want got &&
	test_path_missing "$tokens" &&
	unionml -t staging config --test --json >json &&
	test_jq json "[.checks[] | .ok] | all and length == 9"
'

test_expect_success 'no such project, domain; an archived one; a wrong clock' '
	test_must_fail 6 unionml -t nowhere config --test >out 2>err &&
	test_grep "^project  *FAILED  *has no such domain" out &&
	test_grep "no domain .nowhere., only development, staging" err &&
	cp "$HOME/.flyte/config.yaml" other.yaml &&
	test_must_fail 6 unionml -t other config --test >out 2>err &&
	test_grep "there is no project .none." err &&
	test_grep "unionml -t other deploy" err &&
	state "{\"auth\": false, \"state\": \"ARCHIVED\"}" &&
	test_must_fail 6 unionml -t staging config --test >out 2>err &&
	state "{\"auth\": false, \"skew\": 300}" &&
	test_must_fail 4 unionml -t staging config --test >out 2>err &&
	test_grep "^clock  *FAILED  *5m00s behind the server" out &&
	test_must_fail 4 unionml -t staging config --test --json >json 2>err &&
	test_jq json "[.checks[] | select(.ok | not) | .name] == [\"clock\"]"
'

test_expect_success 'ClientSecret, and the token is kept' '
	state "{}" && forget &&
	printf "%s\n" "$CLIENT_SECRET" >secret &&
	config "insecure: true" "authType: ClientSecret" \
		"clientId: \"ci:1\"" "clientSecretLocation: $TRASH/secret" &&
	probe &&
	test_grep "^auth  *ok  *ClientSecret, client .ci:1., expires .*, as Ada" \
		out &&
	test_grep "token=-1\|token=False" server.log &&
	test_grep "by=Authorization,flyte-authorization" server.log &&
	test "$(asked "client_credentials basic scope=all offline audience=none")" \
		-eq 1 &&
	test "$(stat -c %a "$tokens")" = 700 &&
	test "$(stat -c %a "$tokens"/*)" = "600
600" &&
	: >server.log &&
	probe &&
	test "$(asked POST)" -eq 0 &&
	test "$(asked well-known)" -eq 0
'

test_expect_success 'another client does not get that token' '
	: >server.log &&
	config "insecure: true" "authType: ClientSecret" "clientId: cj" \
		"clientSecretLocation: $TRASH/secret" &&
	test_must_fail 8 probe &&
	test_grep "^auth  *FAILED  *no token" out &&
	test_grep "cannot log in as client .cj.: POST .*/oauth2/token: 401" err &&
	test_grep "invalid_client: as the test wants" err &&
	test "$(asked POST)" -eq 2
'

test_expect_success 'a secret from the environment, form only, audience, scopes' '
	state "{\"form\": true, \"want_audience\": \"me\"}" && forget &&
	config "insecure: true" "authType: ClientSecret" \
		"clientId: \"ci:1\"" "clientSecretEnvVar: MINE" \
		"scopes: [a, b]" "audience: me" \
		"tokenUrl: http://127.0.0.1:$port/oauth2/token" &&
	MINE=$CLIENT_SECRET probe &&
	test "$(asked "POST .*audience=me")" -eq 2 &&
	test "$(asked "POST .* form scope=a b ")" -eq 1 &&
	test "$(asked well-known)" -eq 0 &&
	forget &&
	test_must_fail 3 probe &&
	test_grep ".MINE., which is to hold the client.s secret, is not set" err
'

test_expect_success 'wrong secret, no secret, no authType' '
	state "{}" && forget &&
	echo wrong >wrong &&
	config "insecure: true" "authType: ClientSecret" \
		"clientId: \"ci:1\"" "clientSecretLocation: $TRASH/wrong" &&
	test_must_fail 8 probe &&
	config "insecure: true" "authType: ClientSecret" \
		"clientSecretLocation: $TRASH/gone" &&
	test_must_fail 3 probe &&
	test_grep "cannot read the client.s secret from" err &&
	config "insecure: true" "clientId: \"ci:1\"" &&
	FLYTE_CREDENTIALS_CLIENT_SECRET=$CLIENT_SECRET probe
'

test_expect_success 'a token that is refused is replaced, once' '
	last=$(sed -n "s/.*TOKENSECRET\([0-9]*\).*/\1/p" "$tokens"/*) &&
	state "{\"revoked\": $last}" && : >server.log &&
	FLYTE_CREDENTIALS_CLIENT_SECRET=$CLIENT_SECRET probe &&
	test "$(asked POST)" -eq 1 &&
	state "{\"revoked\": 999}" && : >server.log &&
	FLYTE_CREDENTIALS_CLIENT_SECRET=$CLIENT_SECRET \
		test_must_fail 8 probe &&
	test "$(asked POST)" -eq 1 &&
	test_grep "^auth  *FAILED  *401" out &&
	test_grep "Token is expired" err &&
	test_grep "the token that was sent says: audience https://flyte.test, scopes all, expires 2100-01-01T00:00:00Z" err
'

test_expect_success 'no login for a scope that is not there, nor for a proxy' '
	state "{}" &&
	FLYTE_CREDENTIALS_CLIENT_SECRET=$CLIENT_SECRET probe &&
	state "{\"scope\": false}" && : >server.log &&
	FLYTE_CREDENTIALS_CLIENT_SECRET=$CLIENT_SECRET \
		test_must_fail 8 probe &&
	test "$(asked POST)" -eq 0 &&
	test_grep "has not the scope" err &&
	state "{\"html\": true}" &&
	FLYTE_CREDENTIALS_CLIENT_SECRET=$CLIENT_SECRET \
		test_must_fail 8 probe &&
	test "$(asked POST)" -eq 0 &&
	test_grep "a proxy in front" err
'

test_expect_success 'a short-lived token is renewed before it ends' '
	state "{\"expires_in\": 2}" && forget &&
	FLYTE_CREDENTIALS_CLIENT_SECRET=$CLIENT_SECRET probe &&
	sleep 2 &&
	state "{}" && : >server.log &&
	FLYTE_CREDENTIALS_CLIENT_SECRET=$CLIENT_SECRET probe &&
	test "$(asked POST)" -eq 1 &&
	test_grep ! "token=False" server.log
'

test_expect_success 'Pkce with a browser, stray requests and all' '
	state "{}" && forget &&
	config "insecure: true" "authType: Pkce" &&
	BROWSER="$TRASH/browser" probe &&
	test_grep "^auth  *ok  *Pkce, expires" out &&
	test_grep "authorize client_id code_challenge code_challenge_method redirect_uri response_type scope state x" server.log &&
	waitfor 10 test -s page &&
	test_grep "You are logged in" page &&
	printf "%s\n" "404 /favicon.ico" "400 /callback?code=x&state=wrong" \
		"400 /callback" >want &&
	test_cmp want strays &&
	test_grep "log in by the browser" err
'

test_expect_success 'and from then on without one' '
	: >server.log &&
	probe &&
	test "$(asked POST)" -eq 0
'

test_expect_success 'an ended token is refreshed' '
	sed -i "s/\"expires_at\": .*,/\"expires_at\": 1000,/" "$tokens"/*[0-9a-f] &&
	: >server.log &&
	probe &&
	test "$(asked "POST .* refresh_token form")" -eq 1 &&
	test "$(asked POST)" -eq 1
'

test_expect_success 'a refresh that is refused leads to a login' '
	sed -i "s/\"expires_at\": .*,/\"expires_at\": 1000,/" "$tokens"/*[0-9a-f] &&
	state "{\"refresh_status\": 500}" && : >server.log &&
	BROWSER="$TRASH/browser %s" probe &&
	test "$(asked "POST .* refresh_token form")" -eq 1 &&
	test "$(asked "POST .* authorization_code form")" -eq 1
'

test_expect_success 'Pkce without a browser: the address is printed' '
	state "{\"camel\": true}" && forget &&
	in_background unionml -q -t staging config --test >out 2>err &&
	waitfor 10 grep -q "http://localhost:$port/oauth2" err &&
	url=$(sed -n "s/^ *\(http:.*\)/\1/p" err) &&
	./browser "$url" &&
	wait "$pid" &&
	test_grep "^auth  *ok" out
'

test_expect_success 'a login that is refused, or that nobody makes' '
	state "{\"deny\": \"access_denied\"}" && forget &&
	BROWSER="$TRASH/browser" test_must_fail 8 probe &&
	test_grep "the login was refused: access_denied: as the test?\[31m wants" \
		err &&
	config "insecure: true" "pkceConfig: {timeout: 100ms}" &&
	BROWSER=true test_must_fail 8 probe &&
	test_grep "nobody logged in within" err
'

test_expect_success 'the port of the login is taken' '
	state "{}" &&
	config "insecure: true" &&
	in_background python3 take.py "$redirect" >taken &&
	waitfor 10 test -s taken &&
	test_must_fail 4 probe &&
	test_grep "cannot listen at port $redirect" err &&
	test_grep "DeviceFlow" err &&
	kill "$pid" &&
	test_expect_code 143 wait "$pid"
'

test_expect_success 'DeviceFlow' '
	forget &&
	config "insecure: true" "authType: DeviceFlow" &&
	UNIONML_TEST_HASTE=20 probe &&
	test_grep "http://localhost:$port/activate" err &&
	test_grep "ABCD-EFGH" err &&
	test "$(asked "POST /oauth2/token urn:ietf")" -eq 3 &&
	test_grep "^auth  *ok  *DeviceFlow" out &&
	: >server.log &&
	probe &&
	test "$(asked POST)" -eq 0 &&
	state "{\"deny\": \"expired_token\"}" && forget &&
	UNIONML_TEST_HASTE=20 test_must_fail 8 probe &&
	test_grep "the login was refused: .*expired_token" err &&
	state "{\"device\": false}" &&
	test_must_fail 8 probe &&
	test_grep "offers no login by a device code" err
'

test_expect_success 'ExternalCommand, once more after a refusal' '
	state "{}" && forget &&
	printf "#!/bin/sh\necho run >>runs\necho said aside >&2\n%s\n" \
		"printf \"\\r\\n \$(cat command)\\r\\n\"" >get-token &&
	chmod +x get-token &&
	echo x.y.COMMANDTOKEN >command &&
	config "insecure: true" "authType: ExternalCommand" \
		"command: [$TRASH/get-token]" &&
	probe &&
	test_line_count 1 runs &&
	test_grep "said aside" err &&
	test_path_missing "$tokens" &&
	echo x.y.COMMANDTOKEN-old >command &&
	test_must_fail 8 probe &&
	test_line_count 3 runs
'

test_expect_success 'a command that fails, is not there, prints rubbish' '
	for i in "exit 3" "kill -9 \$\$" "true" "echo a b" "printf \\\\303\\\\244" \
		"printf \"a\\\\nb\""
	do
		printf "#!/bin/sh\n%s\n" "$i" >get-token &&
		test_must_fail 8 probe &&
		test_grep "^unionml: error: admin.command: " err || return 1
	done &&
	config "insecure: true" "authType: ExternalCommand" \
		"command: [$TRASH/gone]" &&
	test_must_fail 3 probe &&
	config "insecure: true" "authType: ExternalCommand" &&
	test_must_fail 3 probe &&
	test_grep "admin.command is not set" err
'

test_expect_success 'proxyCommand, to the API and to the token endpoint' '
	state "{\"proxy\": \"Bearer PROXYSECRET\"}" && forget &&
	config "insecure: true" "clientId: \"ci:1\"" \
		"clientSecretLocation: $TRASH/secret" \
		"proxyCommand: [echo, PROXYSECRET]" &&
	probe &&
	test_grep ! refused server.log
'

test_expect_success 'httpProxyURL is for the login alone' '
	state "{}" && forget &&
	config "insecure: true" "clientId: \"ci:1\"" \
		"clientSecretLocation: $TRASH/secret" \
		"httpProxyURL: http://u:PROXYSECRET@127.0.0.1:1" &&
	test_must_fail 5 probe &&
	test_grep "^gateway  *ok" out &&
	test_grep "^auth  *FAILED" out &&
	test_grep "find out how to log in: cannot reach the proxy" err
'

test_expect_success 'a header of ones own, and no other' '
	state "{}" && forget &&
	config "insecure: true" "clientId: \"ci:1\"" \
		"clientSecretLocation: $TRASH/secret" \
		"authorizationHeader: x-mine" &&
	probe &&
	test_grep "by=x-mine$" server.log &&
	test_grep ! "by=Authorization" server.log
'

test_expect_success 'two at once log in once' '
	state "{\"delay\": 1}" && forget &&
	config "insecure: true" "clientId: \"ci:1\"" \
		"clientSecretLocation: $TRASH/secret" &&
	in_background unionml -t staging config --test >one 2>&1 &&
	unionml -t staging config --test >two 2>&1 &&
	wait "$pid" &&
	test "$(asked POST)" -eq 1
'

# Of ours and of what it started; the names are not in this script as a word.
watch_argv() {
	while kill -0 "$1" 2>/dev/null; do
		cat /proc/[0-9]*/cmdline 2>/dev/null | tr '\0' '\n' >>argv
	done
}

test_expect_success 'no secret is in any argument' '
	forget && : >argv &&
	in_background unionml -t staging config --test >one 2>&1 &&
	watch_argv "$pid" &&
	wait "$pid" &&
	test_grep "^unionml$" argv &&
	test_grep ! -F -e TOKENSECRET -e "$CLIENT_SECRET" argv
'

test_expect_success 'a cache that others could read is not used' '
	state "{}" && : >server.log &&
	chmod 644 "$tokens"/* &&
	probe &&
	test_grep "can be read by others" err &&
	test "$(asked POST)" -eq 1 &&
	chmod 755 "$tokens" &&
	probe &&
	test_grep "can be read by others" err &&
	chmod 700 "$tokens"
'

test_expect_success 'a cache that is damaged, or cannot be, does not hinder' '
	for i in "$tokens"/*[0-9a-f]
	do
		echo "{\"access_token\": " >"$i" || return 1
	done &&
	probe &&
	rm -rf "$tokens" && : >"$tokens" &&
	probe &&
	test_grep "the login is not kept" err &&
	rm "$tokens"
'

test_expect_success 'the wrong server, the wrong port, nobody' '
	state "{}" &&
	stop_server &&
	test_must_fail 5 probe &&
	test_grep "^tcp  *FAILED" out &&
	test_grep "cannot reach localhost:$port" err &&
	FLYTE_PLATFORM_URL=nobody.invalid test_must_fail 5 probe &&
	test_grep "^dns  *FAILED" out
'

test_expect_success 'the port of gRPC' '
	start_server faultserver --grpc &&
	FLYTE_PLATFORM_URL=localhost:$port test_must_fail 5 probe &&
	test_grep "^gateway  *FAILED" out &&
	test_grep -i "grpc" err &&
	stop_server
'

test_expect_success openssl 'TLS: a CA of ones own, skipped, not trusted' '
	openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out ca.pem \
		-days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost \
		2>/dev/null &&
	start_server authserver --tls ca.pem key.pem state server.log &&
	forget &&
	config "clientId: \"ci:1\"" "clientSecretLocation: $TRASH/secret" &&
	test_must_fail 5 probe &&
	test_grep "^tls  *FAILED" out &&
	config "clientId: \"ci:1\"" "clientSecretLocation: $TRASH/secret" \
		"caCertFilePath: $TRASH/ca.pem" &&
	probe &&
	test_grep "^tls  *ok  *the certificate is trusted" out &&
	forget &&
	config "clientId: \"ci:1\"" "clientSecretLocation: $TRASH/secret" \
		"insecureSkipVerify: true" &&
	probe &&
	test_grep "^tls  *ok  *the certificate is not verified" out &&
	test "$(grep -c "^unionml: warning: .*verif" err)" -eq 1
'

test_expect_success openssl 'no secret goes to a token endpoint without TLS' '
	state "{\"token_url\": \"http://flyte.test/token\"}" && forget &&
	test_must_fail 8 probe &&
	test_grep "http://flyte.test/token. is not https" err &&
	state "{}" &&
	config "insecure: true" &&
	test_must_fail 5 probe &&
	test_grep "^gateway  *FAILED" out &&
	test_grep "a server that wants TLS does that" err &&
	stop_server
'

test_expect_success 'no secret was ever said' '
	test -s said &&
	test_grep ! -F -e TOKENSECRET -e REFRESHSECRET -e CODESECRET \
		-e DEVICESECRET -e COMMANDTOKEN -e PROXYSECRET \
		-e "$CLIENT_SECRET" said
'

test_done
