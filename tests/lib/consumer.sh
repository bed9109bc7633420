#!/bin/sh
# consumer.sh - can a stranger build against an installed libaisle with pkg-config alone?
#
#   consumer.sh BUILD_FOLDER EXAMPLES_FOLDER VERSION CC...
#
# Installs into a folder of its own, compiles the examples as their first lines say, and runs
# them without any key. CC... is the compiler, with the sanitizers the library was built with.
build=$1
examples=$2
version=$3
shift 3
folder=$(mktemp -d) || exit 2
trap 'rm -rf "$folder"' EXIT
number=0
wrong=0

# check WHAT COMMAND...
check() {
    what=$1
    shift
    number=$((number + 1))
    if said=$("$@" 2>&1); then
        echo "ok $number - $what"
    else
        echo "not ok $number - $what"
        echo "$said" | sed 's/^/# /'
        wrong=1
    fi
}

# compile NAME CC...
compile() {
    name=$1
    shift
    # shellcheck disable=SC2046 # words of a command line
    "$@" -std=c17 -Wall -Wextra -pedantic -Werror "$examples/$name.c" -o "$folder/$name" \
        $(pkg-config --cflags --libs aisle)
}

# says TEXT COMMAND...: its output is that one line
says() {
    text=$1
    shift
    said=$(env -i "LD_LIBRARY_PATH=$libraries" "$@" 2>&1)
    [ "$said" = "$text" ] || { echo "$said"; return 1; }
}

echo 1..6
check "it installs" meson install -C "$build" --no-rebuild --quiet --tags runtime,devel \
    --destdir "$folder/root"
pc=$(find "$folder/root" -name aisle.pc)
libraries=$(dirname "$(find "$folder/root" -name libaisle.so)")
export PKG_CONFIG_SYSROOT_DIR="$folder/root" PKG_CONFIG_LIBDIR="${pc%/*}"
check "pkg-config knows its version" pkg-config --exact-version="$version" aisle
check "get_categories compiles" compile get_categories "$@"
check "sync_and_map compiles" compile sync_and_map "$@"
check "get_categories runs" says "Unexpected error: the app key is missing" \
    "$folder/get_categories"
check "sync_and_map runs" says "usage: $folder/sync_and_map STORE PRODUCTS" \
    "$folder/sync_and_map"
exit $wrong
