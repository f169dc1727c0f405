import functools

import requests


def check(item, **options):
    requests.get(f"http://stock:8080/items/{item}", timeout=2)
    return requests.get(f"http://stock:8080/items/{item}", **options)


class Stock:
    def __init__(self):
        self.session = requests.Session()
        self.session.request = functools.partial(self.session.request, timeout=(1, 5))

    def reserve(self, item):
        return self.session.post("http://stock:8080/reservations", json={"item": item})


def cached(cache, item):
    return cache.get(item)
