# What people would write: csv, requests and 32 threads. Prints rows sent per second.
import csv, sys, threading, time
from concurrent.futures import ThreadPoolExecutor
import requests

file, url = sys.argv[1:3]
local = threading.local()


def send(row):
    if not hasattr(local, "session"):
        local.session = requests.Session()
        local.session.headers.update({"X-API-KEY": "bench-key", "X-SECRET-KEY": "bench-secret"})
    body = {"app_id": "bench-app", "user_id": row["Member ID"], "first_name": row["First Name"],
            "last_name": row["Last Name"], "email": row["Email"], "phone": row["Mobile Phone"],
            "address": row["Street"], "city": row["City"], "state": row["State"], "zip": row["Zip"],
            "status": row["Status"], "location": row["Location"], "tags": row["Groups"]}
    return local.session.post(url + "/v2/ExternalApi/newContact", json=body).json()["_id"]


rows = list(csv.DictReader(open(file, newline="", encoding="utf-8")))
start = time.perf_counter()
with ThreadPoolExecutor(32) as pool:
    done = sum(1 for _ in pool.map(send, rows))
print(done / (time.perf_counter() - start))
