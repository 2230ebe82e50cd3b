#!/bin/sh
# Runs a component of unionml in a raw container, where flyte-copilot has laid
# the inputs and will take the outputs:
#	sh -c PRELUDE unionml IN OUT DECLARATION... -- WORD...
# in:KIND:NAME is text, a file, a directory (in a tar.gz), a path (list, map) or
# the source; out:KIND:NAME a file, a directory or json. A name has its format
# behind a dot. A word is =TEXT, <INPUT or >OUTPUT; + glues it to the last one.
set -u
in=$1 out=$2 part=$2/.part
shift 2
export UNIONML_RUN_ID="${FLYTE_INTERNAL_EXECUTION_ID-}"
export UNIONML_WORKFLOW="${FLYTE_INTERNAL_EXECUTION_WORKFLOW-}"
UNIONML_WORKFLOW=${UNIONML_WORKFLOW##*.}
export UNIONML_ATTEMPT=$((${FLYTE_ATTEMPT_NUMBER:-0} + 1))

# The last lines are what Flyte keeps. It counts `retries` for 137 alone; what
# ends with another status it takes for a fault of its own, and tries again.
fail() {
	echo "unionml: $UNIONML_COMPONENT: $1" >&2
	exit "${2-137}"
}
undelivered() {
	fail "flyte-copilot did not deliver $1; its own log says why" 1
}
pid='' stopped=''
trap 'stopped=1; [ -z "$pid" ] || kill -TERM "$pid"' TERM INT HUP

# The shell's own name of the input $1; that of a member has a dot.
slot() {
	case $1 in
	*.*) slot=member_${1#*.} ;;
	*) slot=in_$1 ;;
	esac
}
give() {
	slot "$1"
	eval "$slot=\$2"
	case $1 in
	*.*) export "UNIONML_IN_${1%%.*}_${1#*.}=$2" ;;
	*) export "UNIONML_IN_$1=$2" ;;
	esac
}

# Of the archive $1, or of each that lies below it, makes the directory $2.
unpack() {
	mkdir "$2" || return
	if [ -d "$1" ]; then
		for i in "$1"/* "$1"/.[!.]*; do
			[ ! -e "$i" ] || unpack "$i" "$2/${i##*/}" || return
		done
		return 0
	fi
	{ gzip -dc <"$1" || : >"$in/.broken"; } |
		{ tar -xof - -C "$2" && cat >/dev/null; } &&
		[ ! -e "$in/.broken" ]
}

take() {
	kind=${1%%:*} file=${1#*:} name=${1#*:}
	case $kind in
	text | source) ;;
	*) name=${name%%.*} ;;
	esac
	[ -e "$in/inputs.json" ] || [ -e "$in/inputs.pb" ] ||
		undelivered 'the inputs'
	[ -e "$in/$name" ] || undelivered "the input '$name'"
	case $kind in
	text)
		# Longer ones are in the file only.
		[ "$(wc -c <"$in/$name")" -le 65536 ] || return 0
		value=$(cat "$in/$name" && echo .) ||
			undelivered "the input '$name'"
		give "$name" "${value%.}"
		return ;;
	source)
		unpack "$in/$name" "$in/.source" && cd "$in/.source" ||
			fail "cannot unpack the source" 1
		return ;;
	directory)
		mv "$in/$name" "$in/.$name" &&
			unpack "$in/.$name" "$in/$file" ;;
	*)
		[ "$file" = "$name" ] || ln -s "$name" "$in/$file" ;;
	esac || fail "cannot make '$in/$file'" 1
	give "$name" "$in/$file"
}

outputs=
promise() {
	file=${1#*:} name=${1#*:}
	name=${name%%.*}
	mkdir -p "$part" || fail "cannot write to '$out'" 1
	case $1 in
	directory:*) mkdir "$part/$file" || fail "cannot write to '$out'" 1 ;;
	esac
	eval "out_$name=\$part/\$file"
	export "UNIONML_OUT_$name=$part/$file"
	outputs="$outputs $1"
}

while [ "$1" != -- ]; do
	case $1 in
	in:*) take "${1#in:}" ;;
	out:*) promise "${1#out:}" ;;
	esac
	shift
done
shift

# The words go round: read at the front, put back at the end.
n=$# last='' any=''
while [ "$n" -gt 0 ]; do
	word=${1#+}
	case $word in
	=*) value=${word#=} ;;
	'>'*) eval "value=\${out_${word#>}}" ;;
	*)
		slot "${word#<}"
		eval "[ \"\${$slot+set}\" ]" || fail "input '${word#<}' is too \
long for an argument (at most 65536 bytes): declare it as a file"
		eval "value=\${$slot}" ;;
	esac
	case $1 in
	+*) last=$last$value ;;
	*)
		[ -z "$any" ] || set -- "$@" "$last"
		last=$value any=1 ;;
	esac
	shift
	n=$((n - 1))
done
set -- "$@" "$last"

[ -z "$stopped" ] || exit 143
exec "$@" </dev/null &
pid=$!
[ -z "$stopped" ] || kill -TERM "$pid"
wait "$pid"
status=$?
# A signal ends the waiting first, and then the command.
while [ -n "$stopped" ] && kill -0 "$pid" 2>/dev/null; do
	wait "$pid"
	status=$?
done
pid=
[ -z "$stopped" ] || fail "stopped by a signal" 143
if [ "$status" -gt 128 ] && name=$(kill -l "$((status - 128))" 2>/dev/null)
then
	fail "killed by signal $((status - 128)) ($name)"
fi
[ "$status" -eq 0 ] || fail "exit status $status"

# The output $1, whose file may have any one extension, becomes $found.
find_output() {
	found=$part/$2 files=0
	if [ -e "$found" ] || [ -h "$found" ]; then
		return
	fi
	for i in "$part/$1" "$part/$1".*; do
		if [ -e "$i" ] || [ -h "$i" ]; then
			found=$i files=$((files + 1))
		fi
	done
	[ "$files" -ne 0 ] || fail "did not create its output '$1'"
	[ "$files" -eq 1 ] || fail "made $files files for its output '$1'"
}

for output in $outputs; do
	kind=${output%%:*} file=${output#*:} name=${output#*:}
	name=${name%%.*} what='regular file'
	[ "$kind" != directory ] || what=directory
	find_output "$name" "$file"
	is='a special file'
	if [ -h "$found" ]; then
		is='a symbolic link'
	elif [ -d "$found" ]; then
		is='a directory'
	elif [ -f "$found" ]; then
		is='a file'
	fi
	case $kind:$is in
	directory:'a directory' | [fj]*:'a file') ;;
	*) fail "its output '$name' is $is, not a $what" ;;
	esac
	# Copilot takes no more, and says why in its own log only.
	if [ "$kind" = json ]; then
		[ "$(wc -c <"$found")" -le 1024 ] ||
			fail "its output '$name' has more than 1024 bytes"
		case $(tr -d ' \t\r\n' <"$found") in
		'{'*'}') ;;
		*) fail "its output '$name' is not a JSON object" ;;
		esac
	fi
done
for output in $outputs; do
	file=${output#*:} name=${output#*:}
	name=${name%%.*}
	find_output "$name" "$file"
	if [ -d "$found" ]; then
		{ tar -cf - -C "$found" . || : >"$part/.broken"; } |
			gzip >"$out/$name" && [ ! -e "$part/.broken" ]
	else
		mv "$found" "$out/$name"
	fi || fail "cannot write its output '$name'" 1
done
