"""A steady stream of requests at a fixed rate, whether or not the answers keep up."""

import asyncio
import time
from collections import Counter
from dataclasses import dataclass, field

import httpx
import numpy as np

from evals.bench_promise.child import KEY

UNKNOWN_SHARE, AGAIN_SHARE, BASKET_SHARE = 0.03, 0.10, 0.05


@dataclass
class Answers:
    """Milliseconds from the moment a request was due to its answer, and the statuses."""

    milliseconds: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter[int])
    etags: dict[str, str] = field(default_factory=dict[str, str])


async def ask_steadily(
    url: str, skus: list[str], rate: float, seconds: float, seed: int
) -> Answers:
    """Single items, some asked again with their ETag, some unknown, some baskets of ten."""
    random = np.random.default_rng(seed)
    count = int(rate * seconds)
    kinds, picks = random.random(count), random.integers(0, len(skus), (count, 10))
    units = random.integers(1, 40, count)
    answers = Answers()
    limits = httpx.Limits(max_connections=200, max_keepalive_connections=200)
    headers = {"authorization": f"Bearer {KEY}"}
    async with httpx.AsyncClient(
        base_url=url, headers=headers, limits=limits, timeout=30
    ) as client:
        began, tasks = time.perf_counter(), list[asyncio.Task[None]]()
        for number in range(count):
            due = began + number / rate
            await asyncio.sleep(max(due - time.perf_counter(), 0))
            wanted = [skus[pick] for pick in picks[number]]
            one = _ask(client, answers, wanted, float(kinds[number]), int(units[number]), due)
            tasks.append(asyncio.create_task(one))
        await asyncio.gather(*tasks)
    return answers


async def _ask(
    client: httpx.AsyncClient,
    answers: Answers,
    skus: list[str],
    kind: float,
    units: int,
    due: float,
) -> None:
    path = f"/v1/promises/{skus[0]}"
    if kind < UNKNOWN_SHARE:
        reply = await client.get(f"{path}-X")
    elif kind < UNKNOWN_SHARE + BASKET_SHARE:
        items = [{"sku": sku, "quantity": units} for sku in skus]
        reply = await client.post("/v1/promises", json={"items": items})
    elif kind < UNKNOWN_SHARE + BASKET_SHARE + AGAIN_SHARE and answers.etags:
        known = next(iter(answers.etags))
        etag = answers.etags[known]
        reply = await client.get(known, headers={"if-none-match": etag})
    else:
        asked = f"{path}?quantity={units}"
        reply = await client.get(asked)
        answers.etags[asked] = reply.headers.get("etag", "")
        if len(answers.etags) > 100:
            answers.etags.pop(next(iter(answers.etags)))
    answers.milliseconds.append(1_000 * (time.perf_counter() - due))
    answers.statuses[reply.status_code] += 1
