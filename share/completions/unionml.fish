# Completion for fish. What there is to offer is asked of the program:
# `help --dump-commands`, `COMMAND --dump-options`, `help --dump WORDS`. What
# answers has the form that fish wants: a word, a tab, what it is. Functions
# with -S use the variables of __unionml_complete.

# Field $argv[1] of the line that begins with $argv[2]; fails if there is none.
function __unionml_field
    for line in $argv[3..-1]
        set -l fields (string split \t -- $line)
        if test "$fields[1]" = "$argv[2]"
            printf '%s\n' "$fields[$argv[1]]"
            return 0
        end
    end
    return 1
end

# The lines on standard input with the first field and the one that $argv[1]
# names.
function __unionml_describe
    while read -l line
        set -l fields (string split \t -- $line)
        printf '%s\t%s\n' $fields[1] "$fields[$argv[1]]"
    end
end

function __unionml_ask -S
    $program $globals $argv 2>/dev/null
end

# $argv[1] as the dumps have it: a choice, a kind, or what takes any text.
# $word is what was typed of it.
function __unionml_offer -S
    switch "$argv[1]"
        case file
            __fish_complete_path $word
        case dir
            __fish_complete_directories $word ''
        case @file
            if string match -q '@*' -- $word
                string replace -r -- '^' @ \
                    (__fish_complete_path (string sub -s 2 -- $word))
            else
                printf '@\tfile\n'
            end
        case command
            string match -rv '^[^\t]* ' -- $commands | __unionml_describe 2
        case subcommand
            set -l of $command
            test -n "$operand"; and set of $operand
            string replace -rf "^$of " '' -- $commands | __unionml_describe 2
        case input
            __unionml_ask help --dump inputs $command
        case node
            __unionml_ask help --dump nodes $operand
        case run schedule target timezone version
            __unionml_ask help --dump $argv[1]s
        case '*|*'
            string match -qr '^[a-z]' -- $argv[1]
            and string split '|' -- $argv[1]
    end
end

# Takes one word that stands before the cursor.
function __unionml_take -S
    set -l name (string split -m 1 = -- $argv[1])[1]
    if test -n "$awaited"
        set awaited
        test -n "$global"; and set -a globals $global $argv[1]
    else if test -z "$ended"; and test "$argv[1]" = --
        set ended t
    else if test -z "$ended"; and string match -q -- '-?*' $argv[1]
        set global
        if test -z "$command"; or __unionml_field 1 $name $before >/dev/null
            set global $argv[1]
        end
        if test "$name" = "$argv[1]"
            set awaited (__unionml_field 2 $name $options)
        end
        test -n "$global"; and test -z "$awaited"; and set -a globals $global
    else if test -z "$command"
        set command $argv[1]
        set ended
        set options (__unionml_ask $command --dump-options)
        set operands (__unionml_field 3 $command $commands | string split ' ')
    else if test "$operands[1]" = subcommand; and test -z "$operand"
        set options (__unionml_ask $command $argv[1] --dump-options)
        set operands (__unionml_field 3 "$command $argv[1]" $commands |
            string split ' ')
    else if test -n "$operand"; or not string match -q '*:*' -- $argv[1]
        set operand $argv[1]
        set -e operands[1]
    end
end

function __unionml_complete
    set -l tokens (commandline -opc)
    set -l word (commandline -ct)
    set -l program (string replace -r '^~' $HOME -- $tokens[1])
    set -l globals
    set -l commands (__unionml_ask help --dump-commands)
    set -l before (__unionml_ask help --dump options)
    set -l options $before
    set -l operands command
    set -l command
    set -l operand
    set -l awaited
    set -l global
    set -l ended

    for token in $tokens[2..-1]
        __unionml_take $token
    end
    if test -n "$awaited"
        # A choice, or kinds with blanks between them.
        for kind in (string split ' ' -- $awaited)
            __unionml_offer $kind
        end
    else if test -z "$ended"; and string match -q -- '--*=*' $word
        set -l name (string split -m 1 = -- $word)[1]
        set word (string split -m 1 = -- $word)[2]
        for kind in (__unionml_field 2 $name $options | string split ' ')
            string replace -r -- '^' $name= (__unionml_offer $kind)
        end
    else if test -z "$ended"; and string match -q -- '-*' $word
        printf '%s\n' $options --help | __unionml_describe 3
    else
        __unionml_offer "$operands[1]"
    end
end

complete -c unionml -f -a '(__unionml_complete)'
