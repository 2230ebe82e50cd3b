# Sessions at a shell, as a text that a test can repeat: lines that begin with
# `$ ` were typed, with the here-documents (<<\WORD) that belong to them, and
# what follows was seen. After lib-test.sh.
# shellcheck shell=sh

# session_typed FILE: what was typed, here-documents included.
session_typed() {
	awk '
	word != "" {
		print
		if ($0 == word)
			word = ""
		next
	}
	/^\$ / {
		print
		if (match($0, /<<\\[A-Z]+/))
			word = substr($0, RSTART + 3, RLENGTH - 3)
	}' "$1"
}

# session_script FILE: a script that shows each command before it is run, as
# a terminal does. What $? is stays as it was.
session_script() {
	session_typed "$1" | awk '
	function flush()
	{
		if (shown == "")
			return
		print "session_status=$?"
		print "cat <<\\SESSION_SHOWN"
		print shown
		print "SESSION_SHOWN"
		print "(exit $session_status)"
		print substr(shown, 3)
		shown = ""
	}
	word != "" {
		shown = shown "\n" $0
		if ($0 == word)
			word = ""
		next
	}
	{
		flush()
		shown = $0
		if (match($0, /<<\\[A-Z]+/))
			word = substr($0, RSTART + 3, RLENGTH - 3)
	}
	END {
		flush()
	}'
}

# session_run FILE: the session as it goes here and now.
session_run() {
	session_script "$1" >"$TMPDIR/session.sh" &&
	sh "$TMPDIR/session.sh" 2>&1 </dev/null
	true
}

# session_settle: a filter for what no two sessions have alike. The first run's
# id becomes r111..., the second's r222...: which is which is still told.
session_settle() {
	sed -E -e "s|$HOME|/home/ann|g" \
		-e 's/[0-9]+\.[0-9]s/0.1s/g' \
		-e 's/(ok|0\.1s) +[0-9.]+ [KMG]iB/\1   4.2 MiB/' \
		-e 's/(Sun|Mon|Tue|Wed|Thu|Fri|Sat) 20/Fri 20/g' \
		-e 's/20[0-9-]+ [0-9]+:[0-9]+ UTC/2026-11-20 09:00 UTC/g' \
		-e 's/20[0-9-]+T[0-9:]+Z/2026-11-20T09:00:00Z/g' |
	awk '
	function settled(id,	i, name)
	{
		for (i = 1; i <= n; i++)
			if (substr(known[i], 1, length(id)) == id)
				break
		if (i > n)
			known[++n] = id
		name = substr(id, 1, 1) == "r" ? "r" : i
		while (length(name) < length(id))
			name = name (i % 10)
		return name
	}
	{
		rest = $0
		line = ""
		while (match(rest, /[A-Za-z0-9_]+/)) {
			word = substr(rest, RSTART, RLENGTH)
			line = line substr(rest, 1, RSTART - 1)
			rest = substr(rest, RSTART + RLENGTH)
			if (word ~ /^r?[0-9a-f]+$/ && word ~ /[0-9]/ &&
			    (length(word) == 12 || length(word) == 20))
				word = settled(word)
			line = line word
		}
		line = line rest
		# Two that run at once may end in either order.
		if (held != "" && line ~ /^evaluator-train/) {
			print line
			line = held
			held = ""
		} else if (held != "") {
			print held
			held = ""
		}
		if (line ~ /^evaluator-test/ && last !~ /^evaluator-train/)
			held = line
		else
			print line
		last = line
	}
	END {
		if (held != "")
			print held
	}'
}
