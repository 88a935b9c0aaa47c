# What people would write: csv, aiohttp and a semaphore. Prints rows sent per second.
import asyncio, csv, sys, time
import aiohttp

file, url = sys.argv[1:3]


async def main():
    rows = list(csv.DictReader(open(file, newline="", encoding="utf-8")))
    limit = asyncio.Semaphore(32)
    async with aiohttp.ClientSession(headers={"X-API-KEY": "bench-key", "X-SECRET-KEY": "bench-secret"}) as session:

        async def send(row):
            body = {"app_id": "bench-app", "user_id": row["Member ID"], "first_name": row["First Name"],
                    "last_name": row["Last Name"], "email": row["Email"], "phone": row["Mobile Phone"],
                    "address": row["Street"], "city": row["City"], "state": row["State"], "zip": row["Zip"],
                    "status": row["Status"], "location": row["Location"], "tags": row["Groups"]}
            async with limit, session.post(url + "/v2/ExternalApi/newContact", json=body) as answer:
                return await answer.json()

        start = time.perf_counter()
        await asyncio.gather(*(send(row) for row in rows))
        print(len(rows) / (time.perf_counter() - start))


asyncio.run(main())
