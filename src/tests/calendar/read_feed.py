"""Reads a feed of Muster with other people's code and says as JSON what it found.

    read_feed.py FEED.ics RULE START ZONE

Each operation of the feed is placed on the time line three times: by the feed's own VTIMEZONE as
dateutil reads it, by the machine's zone of that name, and by the icalendar library. Beside them stands
what dateutil makes of the RULE (in local time without a zone, then placed in the ZONE), and what clocks
in New York and Sydney show.
"""

import io
import json
import sys

from dateutil import rrule, tz
from dateutil.parser import isoparse
from icalendar import Calendar

UTC = tz.UTC


def shown(instant):
    """An instant in UTC, and on the clocks of New York and Sydney."""
    clocks = {"utc": UTC, "new_york": tz.gettz("America/New_York"), "sydney": tz.gettz("Australia/Sydney")}
    return {name: instant.astimezone(zone).strftime("%Y-%m-%dT%H:%M") for name, zone in clocks.items()}


def blocks_of(calendar):
    """The zones that the feed itself describes."""
    return {
        str(block["TZID"]): tz.tzical(io.StringIO(block.to_ical().decode())).get(str(block["TZID"]))
        for block in calendar.walk("VTIMEZONE")
    }


def event(found, blocks):
    start = found.decoded("DTSTART")
    name = found["DTSTART"].params.get("TZID")
    local = start.replace(tzinfo=None)
    by_block = local.replace(tzinfo=blocks[name]) if name else start
    by_name = local.replace(tzinfo=tz.gettz(name)) if name else start
    length = found.decoded("DTEND") - start
    text = lambda field: str(found.get(field, ""))
    return {
        "by_block": shown(by_block),
        "by_name": shown(by_name),
        "by_library": shown(start),
        "offset": by_block.strftime("%z"),
        "minutes": int(length.total_seconds() // 60),
        "uid": text("UID"),
        "summary": text("SUMMARY"),
        "description": text("DESCRIPTION"),
        "location": text("LOCATION"),
        "status": text("STATUS"),
        "transparency": text("TRANSP"),
        "sequence": int(found["SEQUENCE"]),
        "url": text("URL"),
        "categories": [str(one) for one in found["CATEGORIES"].cats] if "CATEGORIES" in found else [],
    }


def expected(rule, start, zone):
    return [
        shown(tz.resolve_imaginary(local.replace(tzinfo=tz.gettz(zone))))
        for local in rrule.rrulestr(rule, dtstart=isoparse(start))
    ]


def main(path, rule, start, zone):
    with open(path, "rb") as file:
        calendar = Calendar.from_ical(file.read())
    blocks = blocks_of(calendar)
    json.dump(
        {
            "name": str(calendar.get("X-WR-CALNAME", "")),
            "zones": sorted(blocks),
            "events": [event(found, blocks) for found in calendar.walk("VEVENT")],
            "expected": expected(rule, start, zone) if rule else [],
        },
        sys.stdout,
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
