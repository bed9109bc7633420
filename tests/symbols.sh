#!/bin/sh
# symbols.sh LIBRARY...: no two rooms define one name. A static library's linker takes the
# first it finds and says nothing, so that one room would call into another.
echo 1..1
double=$(nm -A "$@" 2>/dev/null | awk 'NF > 2 && $(NF - 1) ~ /^[TDBR]$/ && $NF !~ /^(__|_GLOBAL|LLVM)/ { print $NF }' |
    sort | uniq -d)
if [ -z "$double" ]; then
    echo "ok 1 - no name is defined twice"
else
    echo "not ok 1 - defined twice: $double"
    exit 1
fi
