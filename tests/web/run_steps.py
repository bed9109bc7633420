"""The guide's manual flow, all eighteen steps, by a person in a browser: steps.mjs does it,
and at each moment the rows of the store and the log of the sandbox are held against it."""
import json
import os
import re
import sys

import chromium  # noqa: F401  first: it says where the others are
import talk
import world
from world import eq, has, true

UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}"
TITLE = "Kaos polos pria hitam lengan pendek"
CLOSING, NEWER = "891629", "823069"  # by evolve.json
IMAGE = os.path.join(world.OWN_DATA, "images", "kaos-hitam.png")


class Flow(talk.Talk):
    def __init__(self, scene):
        self.calls = scene.w.sandboxes[-1].log()[-1]["seq"]
        super().__init__(scene, "steps.mjs", image=IMAGE, closing=CLOSING)

    def log(self):
        """What the marketplace was asked since the last question, but by the clock's own rounds."""
        calls = self.w.sandboxes[-1].log(self.calls + 1)
        self.calls = calls[-1]["seq"] if calls else self.calls
        return [c for c in calls if c["path"] in (world.UPLOAD, world.RECOMMEND) or
                c["path"].endswith("/categories")]

    def evolve(self, op):
        with open(os.path.join(world.OWN_DATA, "evolve.json"), encoding="utf-8") as file:
            edits = [e for e in json.load(file) if e["id"] == op["id"]]
        self.w.write("edits.json", json.dumps([{**e, **op} for e in edits]))
        self.w.ok("sandbox", "evolve", "edits.json", "--env-file", self.w.sandboxes[-1].env_file)


def image_chosen(flow):
    seen = flow.until("image")
    true(seen["shown"], "a preview")
    has(seen["facts"], "PNG", "600", "fit to list")
    kept = [name for _, _, files in os.walk(flow.w.path("objects")) for name in files]
    eq([bool(re.fullmatch(UUID, name)) for name in kept], [True], str(kept))
    eq(flow.log(), [], "nobody was asked")


def saved(flow):
    eq(flow.until("saved")["address"], "#/products/%3DMAN-1", "where one comes back to")
    name, image_id = flow.one("SELECT title, image_id FROM product WHERE id = 'MAN-1'")
    eq(name, TITLE)
    local_id, pushed = flow.one(
        "SELECT local_image_id, channel_image_id FROM product_image_mapping "
        f"WHERE image_id = '{image_id}' AND shop_id = 'toko'")
    eq(pushed, None, "TikTokShopImageId")
    (location,) = flow.one(f"SELECT location FROM local_image WHERE id = '{local_id}'")
    true(re.fullmatch("object:default/" + UUID, location), location)
    path = flow.w.path("objects", *location.removeprefix("object:").split("/"))
    with open(path, "rb") as kept, open(IMAGE, "rb") as given:
        eq(kept.read() == given.read(), True, "the object's bytes")
    eq(flow.log(), [], "nobody was asked")


def asked(flow):
    seen = flow.until("asked")
    calls = flow.log()
    eq([c["path"] for c in calls], [world.UPLOAD, world.RECOMMEND])
    uploaded, recommended = calls
    eq((recommended["title"], recommended["image"]), (TITLE, uploaded["uri"]), "the question")
    (image_id,) = flow.one("SELECT image_id FROM product WHERE id = 'MAN-1'")
    (pushed,) = flow.one("SELECT channel_image_id FROM product_image_mapping "
                         f"WHERE image_id = '{image_id}' AND shop_id = 'toko'")
    true(re.fullmatch(UUID, pushed), pushed)
    uri, url = flow.one(f"SELECT uri, url FROM channel_image WHERE id = '{pushed}'")
    eq(uri, uploaded["uri"])
    has(url, uri)
    (leaf,) = flow.one("SELECT category_id FROM suggestion WHERE product_id = 'MAN-1' "
                       "AND advisor = 'marketplace'")
    eq(leaf, recommended["leaf"])
    eq(flow.w.rows("SELECT * FROM provisional_category"), [], "the tree has it")
    true(seen["local"] > 0, "the local matcher stands beside it")
    eq(seen["chosen"], seen["marketplace"][0], "what is to be approved")
    eq(flow.w.rows("SELECT * FROM mapping WHERE key = 'MAN-1'"), [], "not approved yet")


def approved(flow):
    seen = flow.until("approved")
    has(seen["permission"], "Open to this shop")
    calls = flow.log()
    eq(len(calls), 1, str(calls))
    has(calls[0]["path"], "/categories")
    true(calls[0].get("keyword") or calls[0]["query"].get("keyword"), "asked by name")
    state, leaf, who = flow.one(
        "SELECT d.state, d.category_id, d.who FROM mapping m JOIN decision d "
        "ON d.seller_id = m.seller_id AND d.seq = m.seq WHERE m.key = 'MAN-1'")
    eq((state, who), ("accepted", "budi"))
    eq(flow.one("SELECT category_id FROM suggestion WHERE product_id = 'MAN-1' "
                "AND advisor = 'marketplace'"), (leaf,))


def closed(flow):
    flow.until("another")
    flow.evolve({"id": CLOSING})
    seen = flow.until("closed")
    has(seen["permission"], "INVITE_ONLY")
    eq(flow.w.rows(f"SELECT key FROM mapping WHERE key = 'MAN-1' AND category_id = '{CLOSING}'"), [])
    flow.log()


def newer(flow):
    flow.evolve({"id": NEWER, "permission": "AVAILABLE"})
    seen = flow.until("newer")
    eq([c["path"] for c in flow.log()][:1], [world.RECOMMEND], "equal bytes are uploaded once")
    eq(flow.one("SELECT id FROM provisional_category"), (NEWER,))
    eq(flow.one("SELECT d.category_id, d.provisional FROM mapping m JOIN decision d "
                "ON d.seller_id = m.seller_id AND d.seq = m.seq WHERE m.key = 'MAN-2'"), (NEWER, 1))
    true(seen["permission"], "what is said of it")


def ended(flow):
    eq(flow.until("end")["faults"], [], "faults")


STEPS = (
    ("1 to 6: title, image under an identifier of its own, looked at and shown", image_chosen),
    ("3, 7 and 8: the rows are there, and the marketplace's image is null", saved),
    ("9 to 16: uploaded, kept, linked, and asked with title and uri", asked),
    ("17 and 18: shown, approved after its permission was asked afresh, kept", approved),
    ("18: a leaf that was closed meanwhile is not kept", closed),
    ("17: a leaf the stored tree lacks is added and may be approved", newer),
    ("no error reached the console, and no other host was asked", ended),
)


sys.exit(talk.main(Flow, STEPS))
