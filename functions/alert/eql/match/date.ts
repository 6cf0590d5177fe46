/** The milliseconds that a date covers: a whole day for `2026-11-24`, one for a time with milliseconds. */
export type Moment = { readonly first: number; readonly last: number };

const DATE =
  /^(\d{4})-(\d\d)-(\d\d)(?:T(\d\d)(?::(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?)?(Z|[+-]\d\d(?::?\d\d)?)?)?$/;

/** Reads an ISO 8601 date that names at least its day (`strict_date_optional_time`); `null`: the text is not one. */
export function readMoment(text: string): Moment | null {
  if (text.length < 10 || text.length > 40) return null;
  const found = DATE.exec(text);
  if (!found) return null;
  const [, year, month, day, hour, minute, second, fraction, zone] = found;
  const low = [hour, minute, second].map(part => Number(part ?? 0));
  const high = [hour ?? 23, minute ?? 59, second ?? 59].map(Number);
  const low3 = [low[0]!, low[1]!, low[2]!] as const;
  if (low3[0] > 23 || low3[1] > 59 || low3[2] > 59) return null;
  // `Date.UTC` takes the years 0 to 99 for 1900 to 1999.
  const date = new Date(0).setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  if (new Date(date).getUTCMonth() !== Number(month) - 1 || new Date(date).getUTCDate() !== Number(day))
    return null;
  const millis = fraction === undefined ? undefined : Number(fraction.padEnd(3, '0').slice(0, 3));
  const offset = offsetOf(zone);
  const at = ([hours = 0, minutes = 0, seconds = 0]: readonly number[], milliseconds: number) =>
    date + ((hours * 60 + minutes) * 60 + seconds) * 1000 + milliseconds - offset;
  return { first: at(low, millis ?? 0), last: at(high, millis ?? 999) };
}

/** The same for a field that is known to contain dates: a year or a month is a date as well. */
export function readDate(text: string): Moment | null {
  const [, year, month] = /^(\d{4})(?:-(\d\d))?$/.exec(text) ?? [];
  if (year === undefined) return readMoment(text);
  const first = readMoment(`${year}-${month ?? '01'}-01`)?.first;
  if (first === undefined) return null;
  const last = new Date(first);
  const months = month === undefined ? 12 : 1;
  return { first, last: last.setUTCMonth(last.getUTCMonth() + months) - 1 };
}

function offsetOf(zone: string | undefined): number {
  if (zone === undefined || zone === 'Z') return 0;
  const digits = zone.slice(1).replace(':', '').padEnd(4, '0');
  const minutes = Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2));
  return (zone.startsWith('-') ? -minutes : minutes) * 60_000;
}
