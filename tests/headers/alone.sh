#!/bin/sh
# alone.sh - does each public header stand alone, for C17 and for C++, without a warning?
#
#   alone.sh INCLUDE_FOLDER CC [CXX]      one line of TAP a header and language
#
# Each is included twice, so that a missing guard shows too. Without a C++ compiler those are
# skipped.
include=$1
cc=$2
cxx=${3:-}
headers=$(cd "$include" && find . -name '*.h' | sed 's/^\.\///' | sort)
number=0
wrong=0

# alone HEADER LANGUAGE COMPILER FLAGS...
alone() {
    header=$1
    language=$2
    shift 2
    number=$((number + 1))
    if said=$(printf '#include <%s>\n#include <%s>\n' "$header" "$header" |
        "$@" -Wall -Wextra -pedantic -Werror -fsyntax-only -I"$include" - 2>&1); then
        echo "ok $number - $header is $language on its own"
    else
        echo "not ok $number - $header is $language on its own"
        echo "$said" | sed 's/^/# /'
        wrong=1
    fi
}

for header in $headers; do
    alone "$header" C17 "$cc" -std=c17 -x c
    if [ -n "$cxx" ]; then
        alone "$header" C++ "$cxx" -std=c++11 -x c++
    else
        number=$((number + 1))
        echo "ok $number - $header is C++ on its own # skip no C++ compiler here"
    fi
done
echo "1..$number"
[ "$number" -gt 0 ] || { echo "not ok 1 - there are no headers in $include"; exit 1; }
exit $wrong
