"""What a seller's columns mean, in Debian's Chromium: columns.mjs says what is seen."""
import sys

import chromium
import service


class Scene(service.Scene):
    """And a third seller with shirts in one leaf, whose demands nobody has fetched yet."""

    rows = (("L-1", "hujan deras", "Lengan Pendek"), ("L-2", "Hujan deras", "Lengan Panjang"),
            ("L-3", "Kemarau", "Lengan Pendek"), ("L-4", "salju", "Lengan Pendek"))

    def build(self, *words):
        super().build(*words)
        self.w.sandboxes[-1].fault()
        budi = self.service.client("budi")
        for sku, season, sleeve in self.rows:
            budi.want(201, "PUT", f"/api/v1/products/kain/{sku}", {
                "title": f"Kaos polos pria {sku}", "price_minor": 5000000, "currency": "IDR",
                "attributes": {"Bahan": "Katun", "Musim": season, "Tangan": sleeve}})
            budi.want(200, "PUT", f"/api/v1/mappings/{service.TARGET}/kain/product/{sku}",
                      {"state": "accepted", "category": "744161"})
        return self


sys.exit(chromium.run("columns.mjs", Scene()))
