"""The page in Debian's Chromium: page.mjs says what is seen; here the service is started
over a mapped catalogue and ended again. Skipped with a word where there is no browser."""
import os
import subprocess
import sys

import chromium  # first: it says where the others are
import service
import world


def main():
    if not chromium.found():
        print("1..0 # SKIP chromium and node are needed: script/bootstrap")
        return 0
    scene = service.Scene()
    try:
        scene.build("--image-root", world.OWN_DATA, "--allow-private")
        image = os.path.join(world.OWN_DATA, "images", "kaos-hitam.png")
        return subprocess.run(["node", chromium.beside("page.mjs")],
                              env=chromium.env(scene, image=image), check=False).returncode
    finally:
        scene.w.forget()


sys.exit(main())
