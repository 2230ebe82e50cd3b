"""When schedules fire, and which version owns a slot: written from the words
of the specification, for the expressions that histories use."""

import calendar
import datetime
import zoneinfo

UTC = datetime.timezone.utc


def field(text, first, last):
    """The numbers that a field of a cron expression names."""
    found = set()
    for part in text.split(","):
        span, _, step = part.partition("/")
        low, _, high = span.partition("-")
        if span == "*":
            low, high = first, last
        elif not high:
            high = last if step else low
        found.update(range(int(low), int(high) + 1, int(step or 1)))
    return found


def cron_slots(text, zone, begin, end):
    """Slots in (begin, end]. No history comes near a change of clocks."""
    text = {"@hourly": "0 * * * *", "@daily": "0 0 * * *",
            "@weekly": "0 0 * * 0"}.get(text, text)
    minute, hour, day, month, weekday = text.split()
    minutes, hours = field(minute, 0, 59), field(hour, 0, 23)
    days, months = field(day, 1, 31), field(month, 1, 12)
    weekdays = {n % 7 for n in field(weekday, 0, 7)}
    zone = zoneinfo.ZoneInfo(zone or "UTC")
    date = datetime.datetime.fromtimestamp(begin, zone).date()
    while True:
        start = datetime.datetime(date.year, date.month, date.day,
                                  tzinfo=zone)
        if start.timestamp() > end:
            return
        if date.month in months and date.day in days and \
                (date.weekday() + 1) % 7 in weekdays:
            for h in sorted(hours):
                for m in sorted(minutes):
                    at = int(start.replace(hour=h, minute=m).timestamp())
                    if begin < at <= end:
                        yield at
        date += datetime.timedelta(days=1)


UNITS = {"m": 60, "h": 3600, "d": 86400}


def rate_slots(text, begin, end):
    """A rate counts from 1970-01-01T00:00Z."""
    every = int(text[:-1]) * UNITS[text[-1]]
    yield from range((begin // every + 1) * every, end + 1, every)


def slots(keys, begin, end):
    """Those of a schedule with these keys in (begin, end]."""
    if "fixed_rate" in keys:
        return rate_slots(keys["fixed_rate"], begin, end)
    return cron_slots(keys["expression"], keys.get("timezone"), begin, end)


def seconds(text):
    """Of a time as RFC 3339 has it, in UTC."""
    at = datetime.datetime.strptime(text[:19], "%Y-%m-%dT%H:%M:%S")
    return calendar.timegm(at.timetuple())


class Ledger:
    """Which slots ought to have fired under which version, by what was
    ACTIVE on the cluster from when on, and when its scheduler stood still.
    Slots that a version leaves behind while that stands still, nobody makes
    up."""

    def __init__(self):
        self.owners = {}        # name: (version, keys, since)
        self.due = {}           # (name, slot): version
        self.lost = set()       # (name, slot)
        self.down = None        # since when the scheduler stands still

    def change(self, name, version, keys, now):
        """From now on that version owns the slots; None: nobody does."""
        held = self.owners.pop(name, None)
        if held:
            for at in slots(held[1], held[2], now):
                if self.down is not None and at > self.down:
                    self.lost.add((name, at))
                else:
                    self.due[name, at] = held[0]
        if version is not None:
            self.owners[name] = (version, keys, now)

    def owner(self, name):
        return self.owners[name][0] if name in self.owners else None

    def stop(self, now):
        if self.down is None:
            self.down = now

    def start(self):
        """What was missed is made up at once, by who owns it then."""
        self.down = None

    def settle(self, now):
        """All slots until now."""
        for name, held in list(self.owners.items()):
            self.change(name, held[0], held[1], now)
