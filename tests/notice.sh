#!/bin/sh
# notice.sh ROOT: NOTICE names what the programs are linked with (the dependencies of
# meson.build) and what the page is bundled from (those of package-lock.json that are not for
# building alone)?
cd "$1" || exit 2
linked=$(grep -o "dependency('[a-z0-9-]*'" meson.build | cut -d"'" -f2 | grep -vx threads)
bundled=$(python3 -c '
import json
for name, what in json.load(open("src/web/ui/package-lock.json"))["packages"].items():
    if name and not what.get("dev"):
        print(name.removeprefix("node_modules/"))')
echo 1..2
# has NUMBER WHAT NAMES
wrong=0
has() {
    missing=
    for name in $3; do
        grep -qE "^ +${name}[, ]" NOTICE || missing="$missing $name"
    done
    if [ -n "$3" ] && [ -z "$missing" ]; then
        echo "ok $1 - $2"
    else
        echo "not ok $1 - $2: missing$missing"
        wrong=1
    fi
}
has 1 "it names what is linked" "$linked"
has 2 "it names what is bundled" "$bundled"
exit $wrong
