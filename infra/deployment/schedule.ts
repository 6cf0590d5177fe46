const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const DAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

/** The fields of cron in EventBridge Scheduler; `special`: what a field allows besides numbers. */
const FIELDS: readonly {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  readonly words?: readonly string[];
  readonly special?: RegExp;
}[] = [
  { name: 'minutes', from: 0, to: 59 },
  { name: 'hours', from: 0, to: 23 },
  { name: 'day of month', from: 1, to: 31, special: /^(\?|L|LW|([1-9]|[12]\d|3[01])W)$/ },
  { name: 'month', from: 1, to: 12, words: MONTHS },
  { name: 'day of week', from: 1, to: 7, words: DAYS, special: /^(\?|L|([1-7]|[A-Z]{3})L|[1-7]#[1-5])$/ },
  { name: 'year', from: 1970, to: 2199 },
];

/** Why EventBridge Scheduler would refuse a `cron(…)` or `rate(…)`, or `null`. */
export function scheduleProblem(expression: string): string | null {
  const fields = /^cron\((.*)\)$/.exec(expression)?.[1]?.split(' ');
  if (fields === undefined) return null;
  if (fields.length !== FIELDS.length) return `cron has ${FIELDS.length} fields: ${names()}`;
  const wrong = FIELDS.findIndex((_, at) => fields[at]!.split(',').some(part => !fits(part, at)));
  if (wrong !== -1) {
    const { name, from, to } = FIELDS[wrong]!;
    return `${JSON.stringify(fields[wrong])} is no ${name}, which is ${from} to ${to}`;
  }
  const open = [fields[2], fields[4]].filter(field => field === '?').length;
  return open === 1 ? null : 'either the day of month or the day of week must be ?';
}

function fits(part: string, at: number): boolean {
  const { from, to, words = [], special } = FIELDS[at]!;
  if (special?.test(part)) return true;
  const [range = '', step, more] = part.split('/');
  if (more !== undefined || (step !== undefined && !/^[1-9]\d*$/.test(step))) return false;
  if (range === '*') return true;
  const ends = range.split('-').map(end => {
    const word = words.indexOf(end.toUpperCase());
    return word === -1 ? (/^\d+$/.test(end) ? Number(end) : Number.NaN) : word + from;
  });
  return ends.length <= 2 && ends.every(end => end >= from && end <= to);
}

function names(): string {
  return FIELDS.map(({ name }) => name).join(', ');
}
