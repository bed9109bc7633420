# complete.zsh - what zsh offers for each line: its own completion, in a terminal of its own
#
#   zsh -f complete.zsh FOLDER LINE...     FOLDER holds _aisle; a line of words a LINE
#
# What is offered is seen where all of it goes by: at compadd.
zmodload zsh/zpty
zpty shell zsh -f
heard() { # UNTIL
    local all= some
    until [[ $all == *$1* ]]; do
        zpty -r shell some || exit 1
        all+=$some
    done
    print -r -- "$all"
}
# A mark is typed in two pieces, so that its echo is not taken for it.
zpty -w shell 'PROMPT=; stty -echo; print -r be""gun'
heard begun >/dev/null
zpty -w shell "fpath=($1 \$fpath); autoload -Uz compinit; compinit -u -D"
zpty -w shell 'compadd() {
    local -a hits
    local hit
    if [[ ${@[1,(i)(-|--)]} == *-(O|A|D)\ * ]]; then
        builtin compadd "$@"
        return
    fi
    builtin compadd -O hits "$@"
    for hit in $hits; do print -r -- "hit <$IPREFIX$hit>"; done
    builtin compadd "$@"
}
offer() {
    _main_complete
    compstate[insert]= compstate[list]=
    print -r off""ered
}
zle -C offer complete-word offer
bindkey "^I" offer
print -r rea""dy'
heard ready >/dev/null
for line in "${(@)argv[2,-1]}"; do
    zpty -w -n shell "$line"$'\t'
    heard offered | tr -d '\r' | sed -n 's/.*hit <\(.*\)>.*/\1/p' | tr '\n' ' '
    echo
    zpty -w -n shell $'\C-u'
done
zpty -d shell
