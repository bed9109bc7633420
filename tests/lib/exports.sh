#!/bin/sh
# exports.sh - does libaisle.so show what include/aisle declares, all of it and nothing else?
# And does it keep its hands off what belongs to the program: its output, exit, environment,
# signals and locale?
#
#   exports.sh LIBRARY INCLUDE_FOLDER CC...
library=$1
include=$2
shift 2
folder=$(mktemp -d) || exit 2
trap 'rm -rf "$folder"' EXIT

# Functions only: a statement without its newlines that is no typedef and calls nothing.
cat "$include"/aisle/*.h | "$@" -std=c17 -E -P -I"$include" -x c - |
    tr '\n' ' ' | tr ';{}' '\n\n\n' | grep -v '^ *typedef' |
    grep -o '\<aisle_[a-z0-9_]* *(' | tr -d ' (' | sort -u >"$folder/declared"
nm -D --defined-only "$library" | awk '$2 != "A" { sub("@.*", "", $3); print $3 }' |
    sort -u >"$folder/shown"

# tell NUMBER WHAT NAMES...
wrong=0
tell() {
    if [ -s "$3" ]; then
        echo "not ok $1 - $2"
        sed 's/^/# /' "$3"
        wrong=1
    else
        echo "ok $1 - $2"
    fi
}

# log_to_stderr, which nobody in the library calls, is why fprintf is not named here.
nm -D --undefined-only "$library" | awk '{ sub("@.*", "", $2); print $2 }' |
    grep -xE '(__)?v?printf(_chk)?|puts|putchar|perror|stdout|_?exit|quick_exit|atexit|(secure_)?getenv|setenv|putenv|signal|sigaction|setlocale|chdir|umask|s?rand|strtok|localtime|gmtime' \
        >"$folder/taken"

echo 1..4
comm -23 "$folder/declared" "$folder/shown" >"$folder/missing"
comm -13 "$folder/declared" "$folder/shown" >"$folder/more"
[ "$(wc -l <"$folder/declared")" -gt 20 ] || echo "hardly anything declared" >"$folder/few"
touch "$folder/few"
tell 1 "what is declared is in the library" "$folder/missing"
tell 2 "nothing else can be seen of it" "$folder/more"
tell 3 "the headers were read" "$folder/few"
tell 4 "it leaves alone what is the program's" "$folder/taken"
exit $wrong
