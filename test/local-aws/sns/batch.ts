import { AwsError } from '../error.ts';
import type { XmlValue } from '../xml.ts';
import { numbers, publicationOf } from './form.ts';
import { type Publication, sizeOf } from './validate.ts';

/** Publishes the entries of a form one by one; the answer says of each what came of it. */
export function publishBatch(
  form: URLSearchParams,
  maximumBytes: number,
  publish: (publication: Publication) => string,
): XmlValue {
  const prefix = 'PublishBatchRequestEntries.member';
  const batch = numbers(form, prefix).map(number => ({
    id: form.get(`${prefix}.${number}.Id`) ?? '',
    publication: publicationOf(form, `${prefix}.${number}.`),
  }));
  if (batch.length === 0)
    throw new AwsError(400, 'EmptyBatchRequest', "The batch request doesn't contain any entries.");
  if (batch.length > 10) {
    throw new AwsError(
      400,
      'TooManyEntriesInBatchRequest',
      'The batch request contains more entries than permissible.',
    );
  }
  if (batch.some(({ id }) => !/^[\w-]{1,80}$/.test(id))) {
    throw new AwsError(
      400,
      'InvalidBatchEntryId',
      "The Id of a batch entry doesn't abide by the specification.",
    );
  }
  if (new Set(batch.map(({ id }) => id)).size < batch.length) {
    throw new AwsError(
      400,
      'BatchEntryIdsNotDistinct',
      'Two or more batch entries in the request have the same Id.',
    );
  }
  const bytes = batch.reduce((sum, { publication }) => sum + sizeOf(publication), 0);
  if (bytes > maximumBytes) {
    throw new AwsError(
      400,
      'BatchRequestTooLong',
      'The length of all the batch messages put together is more than the limit.',
    );
  }
  const successful: XmlValue[] = [];
  const failed: XmlValue[] = [];
  for (const { id, publication } of batch) {
    try {
      successful.push({ Id: id, MessageId: publish(publication) });
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      failed.push({ Id: id, Code: error.code, Message: error.message, SenderFault: true });
    }
  }
  return { Successful: { member: successful }, Failed: { member: failed } };
}
