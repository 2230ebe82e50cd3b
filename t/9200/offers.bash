# offers.bash SCRIPT WORD...: what would be offered for the last word, as if
# readline had split the line.
# shellcheck shell=bash source=/dev/null
source "$1"
shift
COMP_LINE="unionml $*"
COMP_WORDS=(unionml)
for word; do
	while [[ $word == *[=:@]* ]]; do
		rest=${word#*[=:@]}
		word=${word%"$rest"}
		if [[ -n ${word%?} ]]; then
			COMP_WORDS+=("${word%?}")
		fi
		COMP_WORDS+=("${word: -1}")
		word=$rest
	done
	COMP_WORDS+=("$word")
done
COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
COMP_POINT=${#COMP_LINE}
_unionml unionml
if ((${#COMPREPLY[@]} > 0)); then
	printf '%s\n' "${COMPREPLY[@]}" | sort
fi
