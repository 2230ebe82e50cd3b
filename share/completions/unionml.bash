# shellcheck shell=bash
# Completion for bash. What there is to offer is asked of the program:
# `help --dump-commands`, `COMMAND --dump-options`, `help --dump WORDS`. The
# variables without `local` are those of _unionml, which calls all the others.

_unionml_ask()
{
	"$program" "${globals[@]}" "$@" 2>/dev/null
}

# _unionml_field N NAME: of the line that begins with NAME, field N from 0 up.
_unionml_field()
{
	local line n

	while IFS= read -r line; do
		if [[ $line == "$2"$'\t'* ]]; then
			for ((n = 0; n < $1; n++)); do
				line=${line#*$'\t'}
			done
			printf '%s\n' "${line%%$'\t'*}"
			return 0
		fi
	done
	return 1
}

# Offers the first fields that continue what was typed, if they are plain
# words, for they are put into the command line as they are. $1 comes before
# them, and is what a subcommand's name begins with.
_unionml_offer()
{
	local line

	while IFS= read -r line; do
		line=${line%%$'\t'*}
		if [[ $line == "$1$cur"* ]]; then
			line=${line#"$1"}
			if [[ $line != *[!A-Za-z0-9_.=@/+-]* ]]; then
				COMPREPLY+=("$line")
			fi
		fi
	done
}

_unionml_offer_files()
{
	local line

	compopt -o filenames 2>/dev/null
	while IFS= read -r line; do
		COMPREPLY+=("$line")
	done < <(compgen "$1" -- "$cur")
}

# $1 as the dumps have it: a choice, a kind, or what takes any text.
_unionml_offer_kind()
{
	case $1 in
	file)
		_unionml_offer_files -f ;;
	dir)
		_unionml_offer_files -d ;;
	@file)
		if [[ $cur != @* ]]; then
			_unionml_offer <<<@
		else
			cur=${cur#@}
			_unionml_offer_files -f
		fi ;;
	command)
		_unionml_offer <<<"$commands" ;;
	subcommand)
		_unionml_offer "${operand:-$command} " <<<"$commands" ;;
	input)
		_unionml_offer < <(_unionml_ask help --dump inputs "$command") ;;
	node)
		_unionml_offer < <(_unionml_ask help --dump nodes "$operand") ;;
	run | schedule | target | timezone | version)
		_unionml_offer < <(_unionml_ask help --dump "$1s") ;;
	[a-z]*'|'*)
		_unionml_offer <<<"${1//|/$'\n'}" ;;
	esac
}

# The words up to the cursor. Readline splits at = and : and @, too; what has
# no blank between it is one word.
_unionml_split()
{
	local line=$COMP_LINE i

	for ((i = 0; i <= COMP_CWORD; i++)); do
		if ((i > 0)) && [[ $line != [[:blank:]]* ]]; then
			words[-1]+=${COMP_WORDS[i]}
		else
			words+=("${COMP_WORDS[i]}")
		fi
		line=${line#"${line%%[![:blank:]]*}"}
		line=${line#"${COMP_WORDS[i]}"}
	done
	cur=${words[-1]}
	unset 'words[-1]'
}

# Takes one word that stands before the cursor.
_unionml_take()
{
	if [[ -n $awaited ]]; then
		awaited=
		if [[ -n $global ]]; then
			globals+=("$global" "$1")
		fi
	elif [[ -z $ended && $1 == -- ]]; then
		ended=t
	elif [[ -z $ended && $1 == -?* ]]; then
		awaited=$(_unionml_field 1 "${1%%=*}" <<<"$options")
		global=
		if [[ -z $command ]] ||
		    _unionml_field 0 "${1%%=*}" <<<"$before" >/dev/null; then
			global=$1
		fi
		if [[ $1 == *=* ]]; then
			awaited=
		fi
		if [[ -n $global && -z $awaited ]]; then
			globals+=("$global")
		fi
	elif [[ -z $command ]]; then
		command=$1
		ended=
		options=$(_unionml_ask "$command" --dump-options)
		operands=$(_unionml_field 2 "$command" <<<"$commands")
	elif [[ $operands == subcommand && -z $operand ]]; then
		operands=$(_unionml_field 2 "$command $1" <<<"$commands")
		options=$(_unionml_ask "$command" "$1" --dump-options)
	elif [[ -n $operand || $1 != *:* ]]; then
		operand=$1
		operands=${operands#"${operands%% *}"}
		operands=${operands# }
	fi
}

_unionml()
{
	local program=${1/#\~/$HOME} cur word kind glued=
	local commands before options operands=command
	local command='' operand='' awaited='' global='' ended=''
	local -a words=() globals=()

	COMPREPLY=()
	_unionml_split
	commands=$(_unionml_ask help --dump-commands) || return
	before=$(_unionml_ask help --dump options)
	options=$before
	for word in "${words[@]:1}"; do
		_unionml_take "$word"
	done
	if [[ -n $awaited ]]; then
		# A choice, or kinds with blanks between them.
		for kind in $awaited; do
			_unionml_offer_kind "$kind"
		done
	elif [[ -z $ended && $cur == --*=* ]]; then
		glued=${cur%%=*}
		cur=${cur#*=}
		for kind in $(_unionml_field 1 "$glued" <<<"$options"); do
			_unionml_offer_kind "$kind"
		done
		# Readline ends a word at = unless it is told otherwise.
		if [[ $COMP_WORDBREAKS != *=* ]]; then
			COMPREPLY=("${COMPREPLY[@]/#/$glued=}")
		fi
	elif [[ -z $ended && $cur == -* ]]; then
		_unionml_offer <<<"$options"$'\n--help'
	else
		_unionml_offer_kind "${operands%% *}"
	fi
	if [[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} == *[=@] ]]; then
		compopt -o nospace 2>/dev/null
	fi
}

complete -F _unionml unionml
