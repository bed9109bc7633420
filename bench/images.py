#!/usr/bin/env python3
"""Images mended per second beside vipsthumbnail alone, which does the same decoding, shrinking and writing and nothing else:
no judging, no digests, no keeping, no limited process of its own for each image.

Photographs (real ones, AISLE_DATA) as TIFFs, which have to become JPEGs; both write quality 92 without metadata, one
thread an image. We mend as many images at once as there are processors; vipsthumbnail is run for each image, in one run
for all, and in as many runs at once as we have images under way.
"""
import glob
import os
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from common import AISLE, ROOT, has_peer, line

DATA = os.environ.get("AISLE_DATA", os.path.join(ROOT, "..", "shared", "data"))
COUNT = int(os.environ.get("BENCH_IMAGES", "20"))


def timed(folder, commands, **more):
    env = dict(os.environ, VIPS_CONCURRENCY="1", HOME=folder, XDG_CACHE_HOME=folder + "/cache", **more)
    began = time.monotonic()
    for words in commands:
        subprocess.run(words, check=True, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.monotonic() - began


def main():
    photos = sorted(glob.glob(os.path.join(DATA, "product_images", "photos", "*.jpg")))[:COUNT]
    if not photos:
        print("  left out: no photographs (AISLE_DATA)")
        return
    if not has_peer("vipsthumbnail", "images mended beside vipsthumbnail"):
        return
    with tempfile.TemporaryDirectory() as folder:
        for name in ("in", "ours", "theirs"):
            os.mkdir(os.path.join(folder, name))
        files = []
        for photo in photos:
            files.append(os.path.join(folder, "in", os.path.basename(photo)[:-4] + ".tif"))
            subprocess.run(["vips", "tiffsave", photo, files[-1]], check=True)
        peer = ["vipsthumbnail", "--size", "4000x4000>", "-o",
                os.path.join(folder, "theirs", "%s.jpg[Q=92,strip,optimize_coding]")]
        ours = timed(folder, [[AISLE, "image", "fix", *files, "-o", os.path.join(folder, "ours")]])
        each = timed(folder, [[*peer, file] for file in files])
        once = timed(folder, [[*peer, *files]])
        hands = os.cpu_count()
        many = timed(folder, [["sh", "-c", 'printf "%s\\n" "$@" | xargs -P "$0" -n "$(( ($# + $0 - 1) / $0 ))" "$PEER" '
                               '--size "4000x4000>" -o "$TO"', str(hands), *files]],
                     PEER=peer[0], TO=peer[-1])
        again = timed(folder, [[AISLE, "image", "fix", *files, "-o", os.path.join(folder, "ours"), "--replace"]])
    n = len(files)
    line("images mended", f"{n / ours:.1f}/s", f"vipsthumbnail each {n / each:.1f}/s", f"{each / ours:.2f}x")
    line("  the same", f"{n / ours:.1f}/s", f"one for all {n / once:.1f}/s", f"{once / ours:.2f}x")
    line("  the same", f"{n / ours:.1f}/s", f"{hands} at once {n / many:.1f}/s", f"{many / ours:.2f}x")
    line("  mended before", f"{n / again:.1f}/s", f"first {n / ours:.1f}/s", f"{ours / again:.1f}x")


main()
