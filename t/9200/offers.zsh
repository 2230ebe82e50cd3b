# offers.zsh SCRIPT WORD...: what would be offered for the last word. The
# functions of zsh that the script calls are made here: outside of its editor
# there are none.
offered=()
_describe() {
	local word
	for word in "${(@P)2}"; do
		word=${word//\\:/$'\1'}
		offered+=("${${word%%:*}//$'\1'/:}")
	done
}
_files() {
	offered+=(*(N))
}
compset() {
	[[ $typed == ${~2}* ]] || return 1
	typed=${typed#${~2}}
}
autoload -Uz $1
words=(unionml "${@[2,-1]}")
CURRENT=$#words
typed=$words[CURRENT]
$1:t
offered=(${(Mo)offered:#${(b)typed}*})
if (( $#offered > 0 )); then
	print -rl -- $offered
fi
