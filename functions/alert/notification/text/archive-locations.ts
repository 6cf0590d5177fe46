import { data, type Link, type Text } from './text.ts';

/** Where the archive stores an alert as JSON. */
export const alertLocation = (bucket: string, id: string): string => `s3://${bucket}/${alertKey(id)}`;

/** Where the archive stores the report of an alert. */
export const reportLocation = (bucket: string, id: string): string => `s3://${bucket}/${reportKey(id)}`;

const alertKey = (id: string): string => `alerts/${id.slice(0, 2)}/${id}.json`;
const reportKey = (id: string): string => `reports/${id.slice(0, 2)}/${id}.html`;

/**
 * The page of an object in the AWS console, which requires a sign-in. Each partition has a console of its own
 * (AWS General Reference, "AWS Management Console" endpoints).
 */
function consoleLink(region: string, bucket: string, key: string): string {
  const domain = region.startsWith('cn-')
    ? 'console.amazonaws.cn'
    : region.startsWith('us-gov-')
      ? 'console.amazonaws-us-gov.com'
      : 'console.aws.amazon.com';
  const query = `region=${region}&prefix=${encodeURIComponent(key).replaceAll('%2F', '/')}`;
  return `https://${region}.${domain}/s3/object/${bucket}?${query}`;
}

/** The report: a link to the console if the region is known, else its location. */
export function reportLink(bucket: string, id: string, region: string | undefined): Link | string {
  return region === undefined
    ? reportLocation(bucket, id)
    : { link: consoleLink(region, bucket, reportKey(id)) };
}

/** An object's key has up to 1,024 bytes, and evidence is never truncated. */
const LONGEST_KEY = 16_384;

/** The object of a record; a bucket's name has only letters that need no encoding, or is not shown as ours. */
export function evidenceLocation(bucket: string | null, key: string): Text {
  if (bucket === null) return [data(key, LONGEST_KEY)];
  const isName = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(bucket);
  return isName
    ? [{ ...data(key, LONGEST_KEY), before: `s3://${bucket}/` }]
    : ['s3://', data(bucket, 128), '/', data(key, LONGEST_KEY)];
}
