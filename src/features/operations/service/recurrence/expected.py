#!/usr/bin/env python3
"""Writes expected.txt: on which instants rules fall according to Python's dateutil.

    pip install python-dateutil==2.9.0.post0
    python3 expected.py > expected.txt

Each rule is reckoned by dateutil.rrule in local time without a zone. dateutil.tz then places each
result in the zone: a time that exists twice is the first (fold=0), one that does not exist is moved
past the gap (tz.resolve_imaginary), as RFC 5545 section 3.3.5 has it. UNTIL with Z is compared with
the instant, as section 3.3.10 has it. Zones come from the machine's tz database; the years are past
ones, whose clock changes no government can alter any more.
"""

import datetime as dt
from itertools import islice

from dateutil import rrule, tz

MOST = 60
ZONES = ["Europe/Berlin", "America/New_York", "Australia/Sydney", "Australia/Lord_Howe"]

# Start in local time (it has to be a time of the rule), and the rule.
CASES = [
    ("2023-01-06T20:00", "FREQ=WEEKLY;BYDAY=FR"),
    ("2023-01-01T20:00", "FREQ=WEEKLY;INTERVAL=2;BYDAY=SU,WE;COUNT=50"),
    ("2023-01-01T20:00", "FREQ=WEEKLY;INTERVAL=2;BYDAY=SU,WE;WKST=SU;COUNT=50"),
    ("2023-03-20T02:30", "FREQ=DAILY;COUNT=20"),
    ("2023-10-20T02:30", "FREQ=DAILY;COUNT=20"),
    ("2023-03-05T02:15", "FREQ=DAILY;UNTIL=20230415"),
    ("2023-09-20T01:45", "FREQ=DAILY;INTERVAL=1;COUNT=55"),
    ("2023-10-25T01:30", "FREQ=DAILY;COUNT=15"),
    ("2022-01-31T19:30", "FREQ=MONTHLY;BYMONTHDAY=31;COUNT=20"),
    ("2022-01-31T19:30", "FREQ=MONTHLY;BYMONTHDAY=-1;COUNT=30"),
    ("2022-01-02T02:30", "FREQ=MONTHLY;BYDAY=1SU;COUNT=36"),
    ("2022-01-30T02:30", "FREQ=MONTHLY;BYDAY=-1SU;COUNT=36"),
    ("2022-01-11T21:00", "FREQ=MONTHLY;INTERVAL=2;BYDAY=2TU;UNTIL=20240331"),
    ("2022-01-31T20:00", "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1;COUNT=24"),
    ("2020-02-29T20:00", "FREQ=YEARLY;COUNT=3"),
    ("2018-06-06T06:30", "FREQ=YEARLY;BYMONTH=6;BYMONTHDAY=6;COUNT=7"),
    ("2018-03-25T02:00", "FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU;COUNT=7"),
    ("2023-03-01T20:00", "FREQ=DAILY;INTERVAL=3;UNTIL=20230501T200000"),
    ("2023-03-01T20:00", "FREQ=DAILY;INTERVAL=3;UNTIL=20230430T100000Z"),
    ("2023-01-03T00:00", "FREQ=WEEKLY;BYDAY=TU,TH;UNTIL=20230606"),
    ("2023-03-05T23:59", "FREQ=WEEKLY;BYDAY=SU;COUNT=40"),
    ("2023-01-13T13:13", "FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13;COUNT=6"),
]

# Zones without midnight or without a day: the change comes at 00:00, or a date is left out.
ODD = [
    ("America/Sao_Paulo", "2017-10-10T00:00", "FREQ=DAILY;COUNT=12"),
    ("America/Sao_Paulo", "2018-02-14T23:30", "FREQ=DAILY;COUNT=8"),
    ("America/Havana", "2023-03-10T00:30", "FREQ=DAILY;COUNT=5"),
    ("America/Havana", "2023-11-03T00:30", "FREQ=DAILY;COUNT=5"),
    ("Pacific/Apia", "2011-12-27T20:00", "FREQ=DAILY;COUNT=7"),
    ("Asia/Kathmandu", "2023-01-06T20:00", "FREQ=WEEKLY;BYDAY=FR;COUNT=5"),
    ("Africa/Casablanca", "2023-03-15T02:30", "FREQ=DAILY;COUNT=50"),
]


def instant(local, zone):
    return tz.resolve_imaginary(local.replace(tzinfo=zone)).astimezone(tz.UTC)


def comings(start, text, zone):
    parts = dict(part.split("=") for part in text.split(";"))
    until = parts.pop("UNTIL", "")
    rule = rrule.rrulestr(";".join(f"{k}={v}" for k, v in parts.items()), dtstart=start)
    for slot in rule:
        at = instant(slot, zone)
        if len(until) == 8 and slot.date() > dt.datetime.strptime(until, "%Y%m%d").date():
            return
        if len(until) == 15 and slot > dt.datetime.strptime(until, "%Y%m%dT%H%M%S"):
            return
        if len(until) == 16:
            last = dt.datetime.strptime(until, "%Y%m%dT%H%M%SZ").replace(tzinfo=tz.UTC)
            if at > last:
                return
        yield slot, at


def write(zone_name, start, text):
    print(f"{zone_name} {start} {text}")
    start = dt.datetime.fromisoformat(start)
    for slot, at in islice(comings(start, text, tz.gettz(zone_name)), MOST):
        print(f"  {slot:%Y-%m-%dT%H:%M} {at:%Y-%m-%dT%H:%MZ}")


for name in ZONES:
    for case in CASES:
        write(name, *case)
for case in ODD:
    write(*case)
