"""The page in Debian's Chromium: page.mjs says what is seen; here the service is started
over a mapped catalogue and ended again. Skipped with a word where there is no browser."""
import json
import os
import shutil
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "api"))
import service  # noqa: E402  pylint: disable=wrong-import-position
import world  # noqa: E402  pylint: disable=wrong-import-position


def main():
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if not chromium or not shutil.which("node"):
        print("1..0 # SKIP chromium and node are needed: script/bootstrap")
        return 0
    scene = service.Scene()
    try:
        scene.build("--image-root", world.OWN_DATA, "--allow-private")
        env = {**os.environ, "CHROMIUM": chromium}
        env["PAGE"] = json.dumps({"port": scene.service.port, "password": service.PASSWORD,
                                  "target": service.TARGET})
        return subprocess.run(["node", os.path.join(HERE, "page.mjs")], env=env, check=False).returncode
    finally:
        scene.w.forget()


sys.exit(main())
