#!/usr/bin/env python3
"""Writes the table of expected fires: see README.md. Needs Python 3.9 and the operating system's zones."""

import calendar
import sys
from datetime import date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

GMT = timezone.utc
MINUTE = timedelta(minutes=1)
DAYS = ["MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY"]


def step(zone):
    """How far to walk at a time: all offsets are whole minutes, but Liberia's was 44 minutes and a half."""
    return MINUTE / 2 if zone.key == "Africa/Monrovia" else MINUTE


def clock(instant, zone):
    """What the local clock shows at an instant: the only question that is asked of a zone."""
    return instant.astimezone(zone).replace(tzinfo=None)


class Walk:
    """The minutes of GMT around a local date, with what the local clock shows."""

    known = {}

    @classmethod
    def around(cls, day, zone):
        key = (day, zone.key)
        if key not in cls.known:
            start = datetime(day.year, day.month, day.day, tzinfo=GMT) - timedelta(hours=30)
            minutes = [start + step(zone) * i for i in range(timedelta(hours=84) // step(zone))]
            cls.known[key] = [(at, clock(at, zone)) for at in minutes]
        return cls.known[key]


def local_fire(day, wanted, zone):
    """The minute at which a local date and time comes, the first if it comes twice."""
    walk = Walk.around(day, zone)
    target = datetime.combine(day, wanted)
    if not any(shown.date() == day for _, shown in walk):
        return None  # the zone has left the date out
    for at, shown in walk:
        if shown == target:
            return at
    for i in range(1, len(walk)):
        if walk[i - 1][1] < target < walk[i][1]:
            return walk[i][0]  # the clock has jumped over it
    raise AssertionError((day, wanted, zone))


def month_day(rule, year, month):
    last = calendar.monthrange(year, month)[1]
    if rule == "LAST":
        return date(year, month, last)
    if rule.isdigit():
        return date(year, month, min(int(rule), last))
    nth, name = rule.split("-")
    matching = [d for d in range(1, last + 1) if calendar.weekday(year, month, d) == DAYS.index(name)]
    return date(year, month, matching[-1] if nth == "LAST" else matching[int(nth) - 1])


def field(text, least, most, names=()):
    """The numbers of a cron field."""
    numbers = set()
    for item in text.split(","):
        span, _, by = item.partition("/")
        for i, name in enumerate(names):
            span = span.replace(name, str(i + least))
        if span == "*":
            low, high = least, most
        elif "-" in span:
            low, high = map(int, span.split("-"))
        else:
            low = high = int(span)
        numbers |= set(range(low, high + 1, int(by or 1)))
    return numbers


class CronRule:
    def __init__(self, text):
        minute, hour, day, month, weekday = text.split()
        self.minutes = field(minute, 0, 59)
        self.hours = field(hour, 0, 23)
        self.last = "L" in day.split(",")
        plain = ",".join(d for d in day.split(",") if d != "L")
        self.days = field(plain, 1, 31) if plain else set()
        names = "JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC".split()
        self.months = field(month, 1, 12, names)
        self.weekdays = {n % 7 for n in field(weekday, 0, 6, "SUN MON TUE WED THU FRI SAT".split())}
        self.either = not day.startswith("*") and not weekday.startswith("*")

    def on(self, day):
        if day.month not in self.months:
            return False
        numbered = day.day in self.days or (self.last and day.day == calendar.monthrange(day.year, day.month)[1])
        named = (day.weekday() + 1) % 7 in self.weekdays
        return numbered or named if self.either else numbered and named

    def times(self):
        return [time(h, m) for h in sorted(self.hours) for m in sorted(self.minutes)]


def dates(kind, args):
    """Whether a date belongs to a schedule of local dates, and its times."""
    times = [time.fromisoformat(t) for t in args[-1].split(",")]
    if kind == "daily":
        return (lambda d: True), times
    if kind == "weekdays":
        return (lambda d: d.weekday() < 5), times
    if kind == "weekly":
        return (lambda d: DAYS[d.weekday()] in args[0].split(",")), times
    if kind == "monthly":
        return (lambda d: d == month_day(args[0], d.year, d.month)), times
    raise AssertionError(kind)


def expected(schedule, after, count):
    """The next fires after an instant."""
    text, _, limits = schedule.partition(" / ")
    excepted, first, last = set(), date.min, date.max
    for limit in filter(None, limits.split(" / ")):
        word, value = limit.split(" ")
        if word == "except":
            excepted = {date.fromisoformat(d) for d in value.split(",")}
        elif word == "startingOn":
            first = date.fromisoformat(value)
        elif word == "endingOn":
            last = date.fromisoformat(value)
    allowed = lambda d: first <= d <= last and d not in excepted

    if text.startswith("every"):
        _, seconds, anchor, *zone = text.split(" ")
        interval, at = timedelta(seconds=int(seconds[2:-1])), datetime.fromisoformat(anchor.replace("Z", "+00:00"))
        at += max(0, (after - at) // interval) * interval  # no zone, no calendar: plain arithmetic
        fires = []
        while len(fires) < count:
            if at > after and (not zone or allowed(clock(at, ZoneInfo(zone[0])).date())):
                fires.append(at)
            at += interval
        return fires

    if text.startswith("cron"):
        _, expression, key = text.split("'")
        zone, rule = ZoneInfo(key.strip()), CronRule(expression)
        if rule.hours == set(range(24)):  # whenever the clock shows it
            at = after.replace(second=0, microsecond=0) + step(zone)
            fires = []
            while len(fires) < count and at < after + timedelta(days=60):
                shown = clock(at, zone)
                if rule.on(shown.date()) and shown.time() in rule.times() and allowed(shown.date()):
                    fires.append(at)
                at += step(zone)
            return fires
        chosen, times = rule.on, rule.times()
    else:
        kind, *args, key = text.split(" ")
        zone = ZoneInfo(key)
        chosen, times = dates(kind, args)

    day = clock(after, zone).date() - timedelta(days=2)
    end = min(last, day + timedelta(days=3700)) if last != date.max else day + timedelta(days=3700)
    fires = []
    while len(fires) < count and day <= end:
        if chosen(day) and allowed(day):
            for wanted in sorted(times):
                at = local_fire(day, wanted, zone)
                if at is not None and at > after and at not in fires:
                    fires.append(at)
        day += timedelta(days=1)
    return sorted(fires)[:count]


def stamp(at):
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def line(schedule, after, comment, count=3):
    at = datetime.fromisoformat(after.replace("Z", "+00:00"))
    fires = expected(schedule, at, count)
    print(" | ".join([schedule, after, " ".join(map(stamp, fires)) or "-", comment]))


def changes(key, first, last):
    """The changes of a zone's clocks between two years: the minute, and what the clock showed and shows."""
    zone = ZoneInfo(key)
    at, end = datetime(first, 1, 1, tzinfo=GMT), datetime(last + 1, 1, 1, tzinfo=GMT)
    found, stride, short = [], timedelta(hours=6), step(zone)
    while at < end:
        if at.astimezone(zone).utcoffset() != (at + stride).astimezone(zone).utcoffset():
            exact = at
            while exact.astimezone(zone).utcoffset() == at.astimezone(zone).utcoffset():
                exact += short
            found.append((exact, clock(exact - short, zone) + short, clock(exact, zone)))
        at += stride
    return found


def around_change(key, at, before, shows):
    """A daily, a weekly, a monthly and two crons at a change of clocks."""
    noon = stamp((at - timedelta(hours=20)).replace(second=0))
    gap = shows > before
    low, high = min(before, shows), max(before, shows)
    inside = low + (high - low) / 2
    inside = inside.replace(minute=inside.minute // 5 * 5)
    if inside < low:
        inside = low
    word = "gap" if gap else "overlap"
    span = f"{word} {low.strftime('%H:%M')} to {high.strftime('%H:%M')}"
    t = inside.strftime("%H:%M")
    day = inside.date()
    line(f"daily {t} {key}", noon, f"inside the {span}")
    line(f"daily {low.strftime('%H:%M')} {key}", noon, f"the first minute of the {span}")
    line(f"daily {high.strftime('%H:%M')} {key}", noon, f"the first minute after the {span}")
    line(f"daily {(low - MINUTE).strftime('%H:%M')},{t},{(high + MINUTE).strftime('%H:%M')} {key}", noon,
         f"before, inside and after the {span}", 4)
    line(f"weekly {DAYS[day.weekday()]} {t} {key}", noon, f"a weekday with the {span}", 2)
    line(f"monthly {day.day} {t} {key}", noon, f"a day of the month with the {span}", 2)
    line(f"cron '{inside.minute} * * * *' {key}", stamp(at - timedelta(minutes=70)), f"each hour, {span}", 4)
    line(f"cron '{inside.minute} {inside.hour} * * *' {key}", noon, f"at an hour, {span}", 2)
    line(f"cron '*/20 {low.hour} * * *' {key}", noon, f"three times in an hour, {span}", 4)


ZONES = [
    ("America/New_York", 2024, 2024), ("Europe/London", 2025, 2025), ("Australia/Lord_Howe", 2024, 2024),
    ("Africa/Cairo", 2024, 2024), ("Asia/Amman", 2021, 2021), ("Pacific/Chatham", 2024, 2024),
    ("Africa/Casablanca", 2023, 2023), ("America/St_Johns", 2010, 2010), ("Asia/Tehran", 2021, 2021),
    ("America/Sao_Paulo", 2018, 2018), ("Antarctica/Troll", 2024, 2024), ("America/Havana", 2023, 2023),
    ("Asia/Beirut", 2022, 2022), ("America/Asuncion", 2022, 2022), ("Africa/Monrovia", 1972, 1972),
    ("Asia/Pyongyang", 2018, 2018), ("America/Caracas", 2016, 2016),
]


def main():
    print("# schedule | after | the next fires, or - for none | comment")
    print("#")
    print("# Written by src/test/scripts/fires.py, which walks through GMT with Python's zoneinfo and the zones of the")
    print("# operating system: nothing of java.time. Do not edit; change the script and run it again.")
    for key, first, last in ZONES:
        found = changes(key, first, last)
        print(f"\n# {key}: clocks changed " + ", ".join(
            f"{b:%Y-%m-%d %H:%M} to {s:%H:%M}" for _, b, s in found))
        for change in found:
            around_change(key, *change)

    print("\n# Apia has no 30 December 2011, Kwajalein no 21 August 1993, and Enderbury no 31 December 1994")
    for key, day in (("Pacific/Apia", date(2011, 12, 30)), ("Pacific/Kwajalein", date(1993, 8, 21)),
                     ("Pacific/Enderbury", date(1994, 12, 31))):
        after = f"{day - timedelta(days=3)}T00:00:00Z"
        for t in ("00:00", "07:00", "12:00", "23:59"):
            line(f"daily {t} {key}", after, "over the date that never was", 4)
        line(f"daily 06:00,18:00 {key}", after, "over the date that never was", 8)
        line(f"weekly {DAYS[day.weekday()]} 07:00 {key}", after, "its weekday", 2)
        line(f"weekdays 07:00 {key}", after, "weekdays", 4)
        line(f"monthly {day.day} 07:00 {key}", after, "its day of the month", 2)
        line(f"monthly LAST 07:00 {key}", after, "the last day of its month", 2)
        line(f"cron '0 7 * * *' {key}", after, "at an hour", 4)
        line(f"cron '0 7 {day.day} * *' {key}", after, "its day of the month", 2)
        line(f"cron '30 * * * *' {key}", f"{day - timedelta(days=1)}T06:00:00Z", "each hour", 8)
        line(f"daily 07:00 {key} / except {day + timedelta(days=1)}", after, "and the next one is excepted", 3)

    print("\n# Month ends, 29 February, year ends")
    for rule in ("1", "15", "28", "29", "30", "31", "LAST"):
        for after in ("2026-01-15T00:00:00Z", "2028-01-31T12:00:00Z", "2099-12-31T00:00:00Z", "2027-11-30T23:00:00Z"):
            line(f"monthly {rule} 07:00 UTC", after, "month ends", 4)
    for rule in ("1-MONDAY", "2-TUESDAY", "3-WEDNESDAY", "4-THURSDAY", "LAST-FRIDAY", "LAST-SUNDAY"):
        for key in ("America/New_York", "Asia/Kathmandu", "Pacific/Kiritimati"):
            line(f"monthly {rule} 02:30 {key}", "2024-01-20T00:00:00Z", "a weekday of the month", 4)
            line(f"monthly {rule} 00:00 {key}", "2027-12-25T00:00:00Z", "over the end of the year", 3)
    for t in ("00:00", "23:59", "12:00"):
        for key in ("Asia/Kathmandu", "Pacific/Kiritimati", "Pacific/Pago_Pago", "UTC"):
            line(f"daily {t} {key}", "2027-12-31T00:00:00Z", "over the end of the year")
            line(f"daily {t} {key}", "2028-02-28T00:00:00Z", "over 29 February", 4)

    print("\n# Weekdays, weeks, several times")
    for key in ("America/New_York", "Asia/Kathmandu", "Pacific/Chatham", "UTC"):
        line(f"weekdays 18:00 {key}", "2024-03-08T12:00:00Z", "over a week-end", 4)
        line(f"weekdays 00:00 {key}", "2023-12-28T12:00:00Z", "over the end of the year", 4)
        line(f"weekly SATURDAY,SUNDAY 09:00 {key}", "2024-02-26T00:00:00Z", "week-ends", 4)
        line(f"daily 06:00,12:00,18:00 {key}", "2024-02-28T23:00:00Z", "three times a day", 6)

    print("\n# Crons")
    for expression, comment in (
            ("0 7 * * MON-FRI", "weekdays"), ("*/15 * * * *", "each quarter of an hour"), ("0 0 29 2 *", "29 February only"),
            ("0 0 31 * *", "the 31st only"), ("0 12 L * *", "the last day"), ("0 12 1,L * *", "the first and the last day"),
            ("0 0 1 * MON", "each 1st and each Monday"), ("0 0 */2 * MON", "odd days that are Mondays"),
            ("0 0 13 * FRI", "each 13th and each Friday"), ("0 0 * FEB SUN", "Sundays of February"),
            ("30 4,16 * * SAT,SUN", "twice on week-ends"), ("5-59/20 8-10 * * *", "steps in a range"),
            ("0 0 1 1 *", "new year"), ("59 23 31 12 *", "the last minute of the year"), ("0 */6 * * *", "four times a day"),
            ("0 0 28-31 * *", "the end of the month"), ("15 10 15 JAN,JUL *", "two months")):
        for key in ("America/New_York", "UTC"):
            line(f"cron '{expression}' {key}", "2023-12-30T10:10:00Z", comment, 5)

    print("\n# Every")
    for seconds, anchor in ((3600, "2026-01-01T00:30:00Z"), (420, "2026-01-01T00:03:00Z"), (86400, "2024-03-01T07:00:00Z")):
        line(f"every PT{seconds}S {anchor}", "2027-03-14T05:06:07Z", "by the instant")
        line(f"every PT{seconds}S {anchor}", "2023-12-31T23:00:00Z", "before the anchor")

    print("\n# Dates that are left out, start and end")
    line("daily 07:00 America/New_York / except 2024-12-25,2024-12-26", "2024-12-23T13:00:00Z", "two holidays")
    line("weekdays 07:00 Europe/London / except 2025-12-25,2025-12-26", "2025-12-23T12:00:00Z", "and a week-end", 3)
    line("monthly 31 07:00 UTC / except 2026-02-28", "2026-01-31T08:00:00Z", "the date that counts is the last day")
    line("daily 00:15 Africa/Cairo / except 2024-04-26", "2024-04-24T12:00:00Z", "the date of a fire in a gap", 3)
    line("daily 00:15 Africa/Cairo / except 2024-04-25", "2024-04-24T12:00:00Z", "the date before it", 3)
    line("daily 23:30 Africa/Cairo / except 2024-10-31", "2024-10-30T12:00:00Z", "the date of an overlap", 3)
    line("daily 07:00 UTC / startingOn 2026-03-01 / endingOn 2026-03-03", "2026-02-01T00:00:00Z", "both inclusive", 9)
    line("daily 07:00 UTC / endingOn 2026-03-03", "2026-03-03T07:00:00Z", "over", 3)
    line("daily 00:00 Pacific/Kiritimati / startingOn 2026-03-01 / endingOn 2026-03-02", "2026-02-01T00:00:00Z", "by local dates", 9)
    line("daily 23:59 Pacific/Pago_Pago / startingOn 2026-03-01 / endingOn 2026-03-02", "2026-02-01T00:00:00Z", "by local dates", 9)
    line("cron '0 * * * *' America/New_York / except 2024-11-03", "2024-11-03T02:30:00Z", "a day of 25 hours left out", 3)
    line("cron '0 * * * *' Africa/Cairo / endingOn 2024-10-31", "2024-10-31T18:30:00Z", "a last day with an overlap", 9)
    line("every PT3600S 2024-01-01T00:00:00Z America/New_York / except 2024-11-03", "2024-11-03T02:30:00Z", "25 hours", 3)
    line("every PT3600S 2024-01-01T00:00:00Z Asia/Kathmandu / startingOn 2024-05-01", "2024-04-01T00:00:00Z", "local start", 3)


if __name__ == "__main__":
    sys.exit(main())
