"""chromium - where the browser is, and what its tests are told in PAGE"""
import json
import os
import shutil
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "api"))
sys.path.insert(0, os.path.join(HERE, "..", "e2e"))
import service  # noqa: E402  pylint: disable=wrong-import-position


def beside(name):
    return os.path.join(HERE, name)


def path():
    return os.environ.get("CHROMIUM") or shutil.which("chromium")


def found():
    return bool(path() and shutil.which("node"))


def env(scene, **more):
    said = {"port": scene.service.port, "password": service.PASSWORD, "target": service.TARGET, **more}
    return {**os.environ, "CHROMIUM": path(), "PAGE": json.dumps(said)}
