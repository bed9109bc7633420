"""chromium - where the browser is, and what its tests are told in PAGE"""
import json
import os
import shutil
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "api"))
sys.path.insert(0, os.path.join(HERE, "..", "e2e"))
import service  # noqa: E402  pylint: disable=wrong-import-position
import world  # noqa: E402  pylint: disable=wrong-import-position


def beside(name):
    return os.path.join(HERE, name)


def path():
    return os.environ.get("CHROMIUM") or shutil.which("chromium")


def found():
    return bool(path() and shutil.which("node"))


def env(scene, **more):
    said = {"port": scene.service.port, "password": service.PASSWORD, "target": service.TARGET, **more}
    return {**os.environ, "CHROMIUM": path(), "PAGE": json.dumps(said)}


class Empty:
    """A marketplace with two sellers and no shop of theirs connected; the service was given
    the secrets of its apps."""

    def __init__(self):
        self.w, self.service = world.World(), None

    def build(self, *words):
        sandbox = self.w.sandbox("--seed", "7", "--shops", "2")
        self.w.ok("init")
        self.w.secrets.add(self.w.read("aisle.key").strip())
        for name, role in (("ana", "admin"), ("budi", "mapper"), ("vera", "viewer")):
            self.w.ok("user", "add", name, "--role", role, stdin=service.PASSWORD + "\n")
        self.service = service.Service(self.w, "--api-url", sandbox.id["AISLE_SANDBOX_URL"], "--secrets",
                                       sandbox.env_file, *words)


def run(script, scene=None):
    """A script of cases over a mapped catalogue, or another scene: its service is started,
    and ended again. Skipped with a word where there is no browser."""
    if not found():
        print("1..0 # SKIP chromium and node are needed: script/bootstrap")
        return 0
    scene = scene or service.Scene()
    try:
        scene.build("--image-root", world.OWN_DATA, "--allow-private")
        image = os.path.join(world.OWN_DATA, "images", "kaos-hitam.png")
        return subprocess.run(["node", beside(script)], env=env(scene, image=image), check=False).returncode
    finally:
        scene.w.forget()
