import requests
from requests import Session

session = Session()


def check(item):
    return requests.get(f"http://stock:8080/items/{item}").json()


def reserve(item):
    return session.post("http://stock:8080/reservations", json={"item": item}, timeout=None)


def release(item):
    session.delete(f"http://stock:8080/reservations/{item}")
