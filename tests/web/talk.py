"""talk - a browser's script that stops at moments, and what is held against each of them"""
import json
import subprocess

import chromium
import service
import world
from world import Failed, eq


class Talk:
    """The script in the browser: until(moment) lets it go on to there."""

    def __init__(self, scene, script, **told):
        self.w, self.seen = scene.w, {}
        self.page = subprocess.Popen(["node", chromium.beside(script)], env=chromium.env(scene, **told),
                                     stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def until(self, moment):
        """What the page shows then; it waits."""
        if self.seen:
            self.page.stdin.write("\n")
            self.page.stdin.flush()
        line = self.page.stdout.readline()
        if not line:
            raise Failed(f"the page ended before {moment}")
        self.seen = json.loads(line)
        eq(self.seen["moment"], moment)
        return self.seen

    def one(self, statement):
        rows = self.w.rows(statement)
        eq(len(rows), 1, statement)
        return rows[0]

    def end(self, failed):
        if failed:
            self.page.kill()
        self.page.stdin.close()
        self.page.wait(120)


def main(talk_of, steps):
    """Each step is (what it says, function of the talk), in TAP; one that fails ends it."""
    if not chromium.found():
        print("1..0 # SKIP chromium and node are needed: script/bootstrap")
        return 0
    scene = service.Scene()
    failed = False
    print(f"1..{len(steps)}")
    try:
        scene.build("--image-root", world.OWN_DATA, "--allow-private")
        scene.w.sandboxes[-1].fault()
        talk = talk_of(scene)
        for number, (says, step) in enumerate(steps, 1):
            if failed:
                print(f"not ok {number} - {says} # the step before failed")
                continue
            try:
                step(talk)
                print(f"ok {number} - {says}", flush=True)
            except (Failed, OSError) as why:
                failed = True
                print(f"not ok {number} - {says}\n# " + str(why).replace("\n", "\n# "))
        talk.end(failed)
    finally:
        scene.w.forget()
    return 1 if failed else 0
