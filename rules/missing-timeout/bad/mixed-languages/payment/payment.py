import requests


def pay(gateway):
    return requests.get(gateway)
