"""What the tests of listing share: a shop's facts, and the calls by name."""

import os
import sys

from foreign import Client, multipart, png

sys.path.insert(0, os.path.join(os.environ.get("SOURCE_ROOT", "."), "tests", "e2e"))
import bodies  # noqa: E402

PRODUCTS = "/product/202309/products"


class Seller(Client):
    def data(self, method, path, query=None, body=None, **more):
        answer = self.call(method, path, query, body, **more)
        assert answer.code == 0, (method, path, answer)
        return answer.json["data"]

    def upload_file(self, name, data):
        content_type, body = multipart([("data", name, data), ("name", None, name.encode())])
        return self.call("POST", "/product/202309/files/upload", body=body, cipher=False,
                         content_type=content_type)

    def facts(self):
        return bodies.facts_of(
            lambda method, path, query, body: self.data(method, path, query, body),
            lambda data, use: self.upload(data, use).json["data"]["uri"],
            lambda name, data: self.upload_file(name, data).json["data"]["id"], png)

    def create(self, body, **more):
        return self.call("POST", PRODUCTS, body={**body, **more})

    def get(self, id, **query):
        return self.call("GET", f"{PRODUCTS}/{id}", query)

    def search(self, version="202502", size=20, token="", **body):
        query = {"page_size": str(size), **({"page_token": token} if token else {})}
        return self.call("POST", f"/product/{version}/products/search", query, body)

    def batch(self, verb, *ids, **more):
        body = {"product_ids": list(ids), **more}
        if verb == "delete":
            return self.call("DELETE", PRODUCTS, body=body)
        return self.call("POST", f"{PRODUCTS}/{verb}", body=body)

    def status(self, id):
        data = self.get(id).json["data"]
        return data["status"], data["audit"]["status"]
