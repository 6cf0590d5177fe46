import type { QueryDraft } from './pivot.ts';
import { type Fragment, missing, shell, writer, written } from './query-literals.ts';
import type { Query, Subject } from './query-subject.ts';

const write = writer(shell);

/** A name given by S3: its dots do not make it a host. */
const name = (text: string): Fragment =>
  /^[A-Za-z0-9._-]+$/.test(text) ? written(`"${text}"`) : shell(text);

/** Fetches the object version that holds the record. Without a version, only if its bytes are still the same. */
export function evidence({ alert }: Subject): QueryDraft[] {
  const { bucket, key, versionId, etag } = alert.evidence;
  const pin: Query =
    versionId !== null && versionId !== 'null'
      ? write`--version-id=${name(versionId)}`
      : etag !== null
        ? write`--if-match=${name(etag.replaceAll('"', ''))}`
        : missing('no-version');
  const query: Query =
    bucket === null
      ? missing('no-bucket')
      : /^(fileb?|https?):\/\//.test(key)
        ? missing('cli-address')
        : write`aws s3api get-object --bucket=${name(bucket)} --key=${key} ${pin} ${written(`registry-alert-${nameOf(alert.id)}.object`)}`;
  const needs = /=\$'/.test(query.text ?? '') ? '-bash' : /='/.test(query.text ?? '') ? '-not-cmd' : '';
  return [
    {
      name: 'evidence',
      question: `evidence${needs}`,
      language: 'AWS CLI',
      index: null,
      when: 'this-version',
      query,
    },
  ];
}

/** An id is hex; anything else does not get into a file name. */
const nameOf = (id: string): string => id.replace(/[^0-9a-f]/g, '').slice(0, 12);
