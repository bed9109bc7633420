"""goods - a catalogue of any size and the truth about it, made from a seed

Titles are distinct. Every product's leaf is known: a seller category holds one kind of
goods, some hold all kinds. Some products have no image, a bad one, or a title nobody can
be asked about, so that every outcome a run knows takes part.
"""
import csv
import random

import world

WORDS = ("Polos Katun Premium Hitam Merah Biru Adem Tebal Ringan Murah Original Lokal Dewasa Anak "
         "Kekinian Korea Elegan Klasik Sporty Santai").split()
GOOD_IMAGES = ("kaos-hitam.png kaos-merah.png rok-plisket.png mug-biru.png novel-biru.jpg "
               "hijab-krem.webp toples.png tenda.png gitar.png ssd.png obeng.png serum.png").split()
BAD_IMAGES = "truncated.png zero-bytes.png html-page.jpg narrow-299.png not-there.png".split()


def open_leaves():
    """Leaves of v2 any shop may list in, in the order of the file."""
    with open(f"{world.OWN_DATA}/tree.tsv", encoding="utf-8") as file:
        rows = [line.rstrip("\n").split("\t") for line in file][1:]
    parents = {row[1] for row in rows if "v2" in row[2].split(",")}
    return [row[0] for row in rows if "v2" in row[2].split(",") and row[0] not in parents
            and row[4] == "AVAILABLE" and "TIKTOK_SHOP" in row[3]]


class Goods:
    """count products in so many seller categories, every fourth of them mixed; of the others that share strays elsewhere."""

    def __init__(self, count, categories=40, seed=1, plain=False, strays=0.05):
        chance = random.Random(seed)
        leaves = open_leaves()
        homes = [(f"Toko > Rak {n:02}", chance.choice(leaves)) for n in range(categories)]
        self.rows, self.truth, self.category = [], {}, {}
        for n in range(count):
            place = n % categories
            path, leaf = homes[place]
            if place % 4 == 3 or chance.random() < strays:
                leaf = chance.choice(leaves)
            title = f"Barang {n:05} " + " ".join(chance.sample(WORDS, 3))
            image = chance.choice(GOOD_IMAGES)
            kind = 99 if plain else chance.randrange(100)
            if kind < 2:
                title += " sangat panjang" * 20  # over what Recommend takes
            elif kind < 5:
                image = chance.choice(BAD_IMAGES)
            elif kind < 7:
                image = ""
            elif kind < 9 and self.rows:
                title = self.rows[-1][1]  # asked about twice
            elif kind < 11:
                path = ""
            sku = f"B-{n:05}"
            self.rows.append((sku, title, path, image and f"{world.OWN_DATA}/images/{image}"))
            self.truth.setdefault(title, leaf)
            self.category[sku] = path

    def write(self, w):
        """goods.csv for product import, truth.tsv for a sandbox."""
        with open(w.path("goods.csv"), "w", encoding="utf-8", newline="") as file:
            out = csv.writer(file)
            out.writerow(("sku", "title", "category", "image"))
            out.writerows(self.rows)
        with open(w.path("truth.tsv"), "w", encoding="utf-8") as file:
            file.write("title\tleaf_id\n")
            file.writelines(f"{title}\t{leaf}\n" for title, leaf in self.truth.items())
