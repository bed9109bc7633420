#!/bin/sh
# consumer.sh - can a stranger build against an installed libaisle with pkg-config alone?
#
#   consumer.sh BUILD_FOLDER EXAMPLES_FOLDER VERSION CC...
#
# Installs into a folder of its own, compiles the examples as their first lines say, and runs
# them without any key. CC... is the compiler, with the sanitizers the library was built with.
tests=$(dirname "$0")
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

# needs FILE: it asks for the library by the name that every 0.x goes by
needs() {
    readelf -d "$1" | grep NEEDED | grep -q '\[libaisle\.so\.0\]' || { readelf -d "$1"; return 1; }
}

# told PREFIX FOLDER: what is said after an installation to PREFIX/lib, where the linker
# knows the library in FOLDER.
mkdir "$folder/bin"
printf '#!/bin/sh\n[ "$1" != -p ] || cat "%s/known"\n' "$folder" >"$folder/bin/ldconfig"
chmod +x "$folder/bin/ldconfig"
told() {
    echo "	libaisle.so.0 (libc6,x86-64) => $2/libaisle.so.0" >"$folder/known"
    PATH="$folder/bin:$PATH" MESON_INSTALL_PREFIX=$1 \
        "$tests/../../packaging/after-install" lib
}
tells_nothing() { [ -z "$(told /opt/aisle /opt/aisle/lib; told /usr /lib)" ]; }
tells_what_to_set() { told /opt/aisle /lib | grep -q "^LD_LIBRARY_PATH=/opt/aisle/lib "; }

comes_along() { [ -s "$(find "$folder/root" -path "*/share/doc/aisle/$1")" ]; }

# The versions of headers and library are one, and the package's: version_program FILE CC...
version_program() {
    source=$folder/$1
    shift
    cat >"$source" <<'END'
#include <aisle/aisle.h>
#include <aisle/model.h>
#include <stdio.h>
#include <string.h>

int main(void)
{
    char said[64];

    snprintf(said, sizeof said, "%d.%d.%d", AISLE_VERSION_MAJOR, AISLE_VERSION_MINOR,
             AISLE_VERSION_PATCH);
    if (strcmp(said, AISLE_VERSION) || aisle_version_number() != AISLE_VERSION_NUMBER)
        return 1;
    puts(aisle_version());
    aisle_close(NULL);
    aisle_model_close(NULL);
    return 0;
}
END
    # shellcheck disable=SC2046 # words of a command line
    "$@" -Wall -Wextra -pedantic -Werror "$source" -o "$folder/version" \
        $(pkg-config --cflags --libs aisle) && says "$version" "$folder/version"
}

echo 1..13
check "it installs" meson install -C "$build" --no-rebuild --quiet --tags runtime,devel \
    --destdir "$folder/root"
pc=$(find "$folder/root" -name aisle.pc)
libraries=$(dirname "$(find "$folder/root" -name libaisle.so)")
export PKG_CONFIG_SYSROOT_DIR="$folder/root" PKG_CONFIG_LIBDIR="${pc%/*}"
check "its license comes along" comes_along LICENSE
check "so does what it stands on" comes_along NOTICE
check "pkg-config knows its version" pkg-config --exact-version="$version" aisle
check "get_categories compiles" compile get_categories "$@"
check "sync_and_map compiles" compile sync_and_map "$@"
check "it asks for libaisle.so.0" needs "$folder/get_categories"
check "get_categories runs" says "Unexpected error: the app key is missing" \
    "$folder/get_categories"
check "sync_and_map runs" says "usage: $folder/sync_and_map STORE PRODUCTS" \
    "$folder/sync_and_map"
check "headers and library are of the package's version" version_program version.c "$@" -std=c17
# shellcheck disable=SC2086 # a command and its flags
check "so they are in C++" version_program version.cc ${CXX:-"$@"} ${CXX:+-std=c++11}
check "where the linker knows it, nothing is told" tells_nothing
check "where it does not, it is told what to set" tells_what_to_set
exit $wrong
