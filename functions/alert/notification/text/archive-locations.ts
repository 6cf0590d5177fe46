import { data, type Text } from './text.ts';

/** Where the archive keeps an alert as JSON. */
export const alertLocation = (bucket: string, id: string): string =>
  `s3://${bucket}/alerts/${id.slice(0, 2)}/${id}.json`;

/** Where the archive keeps the report of an alert. */
export const reportLocation = (bucket: string, id: string): string =>
  `s3://${bucket}/reports/${id.slice(0, 2)}/${id}.html`;

/** An object's key has up to 1,024 bytes, and evidence is never cut. */
const LONGEST_KEY = 16_384;

/** The object of a record; a bucket's name has only letters that need no encoding, or is not shown as ours. */
export function evidenceLocation(bucket: string | null, key: string): Text {
  if (bucket === null) return [data(key, LONGEST_KEY)];
  const isName = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(bucket);
  return isName
    ? [{ ...data(key, LONGEST_KEY), before: `s3://${bucket}/` }]
    : ['s3://', data(bucket, 128), '/', data(key, LONGEST_KEY)];
}
