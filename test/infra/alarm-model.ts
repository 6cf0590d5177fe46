import type { Template } from '../../infra/deployment/template.ts';
import type { Properties } from './checklist/reading.ts';
import { at } from './checklist/reading.ts';

/** A value of a metric: at which minute, of which rule. */
export type Datum = {
  readonly namespace: string;
  readonly metric: string;
  readonly dimension: string;
  readonly minute: number;
  readonly value: number;
};

/** The values in lines of CloudWatch's embedded format. */
export function readEmbedded(lines: readonly string[]): Datum[] {
  return lines.flatMap(line => {
    const parsed = JSON.parse(line) as Record<string, unknown> & {
      readonly _aws?: {
        readonly Timestamp: number;
        readonly CloudWatchMetrics: readonly {
          readonly Namespace: string;
          readonly Dimensions: readonly (readonly string[])[];
          readonly Metrics: readonly { readonly Name: string }[];
        }[];
      };
    };
    return (parsed._aws?.CloudWatchMetrics ?? []).flatMap(({ Namespace, Dimensions, Metrics }) =>
      Metrics.map(({ Name }) => ({
        namespace: Namespace,
        metric: Name,
        dimension: (Dimensions[0] ?? []).map(name => String(parsed[name])).join(),
        minute: Math.floor(parsed._aws!.Timestamp / 60_000),
        value: Number(parsed[Name]),
      })),
    );
  });
}

/** Names of the alarms of a template that are in alarm at a minute. */
export function inAlarm(template: Template, data: readonly Datum[], minute: number): string[] {
  return Object.values(template.Resources)
    .filter(({ Type }) => Type === 'AWS::CloudWatch::Alarm')
    .filter(({ Properties = {} }) => fires(Properties, data, minute))
    .map(({ Properties }) => String(Properties?.['AlarmName']).replace(/^registry-alert-/, ''))
    .toSorted();
}

/** How many periods CloudWatch looks at beyond those that it needs. It gives one example, of two; more may be. */
const BEYOND = 2;

/**
 * As CloudWatch documents it: of the periods looked at, the newest that have data count, and one without data counts by
 * the alarm's setting only where those are too few.
 */
function fires(of: Properties, data: readonly Datum[], minute: number): boolean {
  const periods = Number(of['EvaluationPeriods']);
  const needed = Number(of['DatapointsToAlarm'] ?? periods);
  const length = Number(of['Period'] ?? at(of, 'Metrics.1.MetricStat.Period')) / 60;
  const seen = filled(
    of,
    Array.from({ length: periods + BEYOND }, (_, back) =>
      measured(of, data, minute - (back + 1) * length, minute - back * length),
    ),
  );
  const values = seen.filter(value => value !== null).slice(0, periods);
  const absent = of['TreatMissingData'] === 'breaching' ? periods - values.length : 0;
  return values.filter(value => isBeyond(of, value)).length + absent >= needed;
}

/** `FILL` puts a value where none is, unless there is none at all. */
function filled(of: Properties, values: readonly (number | null)[]): readonly (number | null)[] {
  const isFilled = at(of, 'Metrics.0.Expression') === 'FILL(counted, 0)';
  return isFilled && values.some(value => value !== null) ? values.map(value => value ?? 0) : values;
}

function isBeyond(of: Properties, value: number): boolean {
  const threshold = Number(of['Threshold']);
  return of['ComparisonOperator'] === 'LessThanThreshold' ? value < threshold : value > threshold;
}

/** The two expressions that are used: a sum that is filled, and a share of two sums. */
function measured(of: Properties, data: readonly Datum[], from: number, to: number): number | null {
  const metrics = of['Metrics'] as readonly Properties[] | undefined;
  if (metrics === undefined) return statistic(of, String(of['Statistic'] ?? 'Maximum'), data, from, to);
  const sum = (id: string): number | null => {
    const stat = at(
      metrics.find(one => one['Id'] === id),
      'MetricStat',
    );
    return statistic(at(stat, 'Metric') as Properties, String(at(stat, 'Stat')), data, from, to);
  };
  const expression = metrics[0]?.['Expression'];
  if (expression === 'FILL(counted, 0)') return sum('counted');
  if (expression !== 'IF(candidates > 0, absent / candidates, 0)') throw new Error(`unknown: ${expression}`);
  const [absent, candidates] = [sum('absent'), sum('candidates')];
  if (absent === null || candidates === null) return null;
  return candidates > 0 ? absent / candidates : 0;
}

function statistic(
  metric: Properties,
  stat: string,
  data: readonly Datum[],
  from: number,
  to: number,
): number | null {
  const dimension = String(at(metric, 'Dimensions.0.Value') ?? '');
  const values = data
    .filter(
      one =>
        one.namespace === metric['Namespace'] &&
        one.metric === metric['MetricName'] &&
        one.dimension === dimension &&
        one.minute >= from &&
        one.minute < to,
    )
    .map(({ value }) => value);
  if (values.length === 0) return null;
  return stat === 'Sum' ? values.reduce((sum, value) => sum + value, 0) : Math.max(...values);
}
