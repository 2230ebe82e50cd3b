# Checks the bodies of test_expect_success: each command but the last ends in
# `&&`, else a failure in the middle would pass unseen; and the body, which the
# shell meets only as a string, is sound syntax.

function fault(line, text)
{
	printf "%s:%d: %s\n", file, line, text
}

# The line without what is quoted; `quote` goes on to the next one.
function strip(line,	i, c, out)
{
	out = ""
	for (i = 1; i <= length(line); i++) {
		c = substr(line, i, 1)
		if (quote == "'") {
			if (c == "'")
				quote = ""
			continue
		}
		if (c == "\\") {
			i++
			if (i > length(line))
				out = out "\\"
			else
				out = out "Q"
			continue
		}
		if (quote == "\"") {
			if (c == "\"")
				quote = ""
			continue
		}
		if (c == "'" || c == "\"") {
			quote = c
			out = out "Q"
			continue
		}
		if (c == "#" && (i == 1 || substr(line, i - 1, 1) ~ /[ \t;]/))
			break
		out = out c
	}
	sub(/[ \t]+$/, "", out)
	return out
}

function check_syntax(body, first,	command)
{
	command = "dash -n >/dev/null 2>&1"
	printf "%s", body | command
	if (close(command) != 0)
		fault(first, "syntax error in the commands of this test")
}

# One line of a body: is the line before it, `pending`, well chained?
function body_line(line,	code)
{
	body = body line "\n"
	if (here != "") {
		sub(/^\t+/, "", line)
		if (line == here)
			here = ""
		return
	}
	code = strip(line)
	if (quote != "") {
		open_code = open_code code
		return
	}
	code = open_code code
	open_code = ""
	if (match(code, /<<-?[ ]*[A-Za-z_Q]/)) {
		here = line
		sub(/.*<<-?[ ]*/, "", here)
		gsub(/[\\'"]/, "", here)
		match(here, /^[A-Za-z_0-9]+/)
		here = substr(here, RSTART, RLENGTH)
	}
	if (code ~ /^[ \t]*$/)
		return
	if (pending && code !~ /^[ \t]*(then|do|done|fi|esac|else|elif|return|exit|false|\}|\)|;;|&&|\|)/)
		fault(pending, "missing `&&`")
	pending = 0
	if (code ~ /\|\| (return|continue|break|exit)( [0-9])?$/)
		return
	if (code !~ /(&&|\|\||\||\\|\{|\(|;;|\)|(^|[ \t;])(then|do|else|in))$/ ||
	    code ~ /\$\([^()]*\)$/ || code ~ /^[ \t]*\)$/)
		pending = FNR
}

function begin_body(style)
{
	in_body = style
	first = FNR
	body = here = quote = open_code = ""
	pending = 0
}

function end_body()
{
	check_syntax(body, first)
	in_body = ""
}

FNR == 1 {
	file = FILENAME
	in_body = ""
}

in_body == "quoted" && /^'/ {
	end_body()
	next
}

in_body == "document" && $0 == terminator {
	end_body()
	next
}

in_body != "" {
	line = $0
	if (in_body == "quoted")
		gsub(/'\\''/, "'", line)
	body_line(line)
	next
}

/^test_expect_success .*'$/ {
	if (gsub(/'/, "'") % 2 == 1)
		begin_body("quoted")
	next
}

/^test_expect_success .*- <</ {
	terminator = $0
	sub(/.*<<-?/, "", terminator)
	gsub(/[\\'"]/, "", terminator)
	begin_body("document")
	next
}
