import os

import requests

GATEWAY = os.environ.get("GATEWAY", "http://gateway:9000")


def pay(order):
    requests.post("http://10.0.0.7:8080/pay/" + order, timeout=2)
    requests.get(GATEWAY, timeout=2)
    requests.get("http://{host}:8080/{id}".format(host=os.environ["USER_HOST"], id=order), timeout=2)
