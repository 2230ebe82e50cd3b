# offers.fish SCRIPT WORD...: what would be offered for the last word, without
# what comes before a file or a choice in it.
complete -c unionml -e
source $argv[1]
set -e argv[1]
complete -C"unionml $argv" | string replace -r '\t.*' '' |
    string replace -r '^(--[a-z-]+=|@(?=.))' '' | LC_ALL=C sort
