"""As bench/cron.c, with croniter."""
import sys
import time
from datetime import datetime, timezone

from croniter import croniter

FIRST = datetime(2026, 1, 1, tzinfo=timezone.utc)
LAST = datetime(2090, 1, 1, tzinfo=timezone.utc)

t, best = FIRST, float("inf")
for _ in range(5):
    start = time.perf_counter_ns()
    for _ in range(100):
        t = croniter(sys.argv[1], t).get_next(datetime)
        if t > LAST:
            t = FIRST
    best = min(best, (time.perf_counter_ns() - start) / 100)
print(f"{best:.1f}")
