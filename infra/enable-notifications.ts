import { parseArgs } from 'node:util';
import {
  GetBucketNotificationConfigurationCommand,
  type NotificationConfiguration,
  PutBucketNotificationConfigurationCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { AwsFailure, asking } from '../functions/alert/aws/aws-failure.ts';
import { clients } from '../functions/alert/cli/clients.ts';
import { confirm } from './deploy.ts';

const USAGE = `node infra/enable-notifications.ts BUCKET [--owner ACCOUNT] [--dry-run] [--yes]
  turns EventBridge on for a bucket, and leaves every notification that it has as it is. S3 knows no way to add one thing:
  the whole configuration is read, shown with the difference, and written back with it.
`;

export type Effects = {
  readonly s3: Pick<S3Client, 'send'>;
  readonly confirm: (question: string) => Promise<boolean>;
  readonly say: (text: string) => void;
};

/**
 * Returns the exit status: 0 it is on, 1 not confirmed, changed meanwhile or S3 unavailable, 2 something has to be
 * changed.
 */
export async function enableNotifications(args: readonly string[], effects: Effects): Promise<number> {
  const { say } = effects;
  let call: ReturnType<typeof readCall>;
  try {
    call = readCall(args);
  } catch (error) {
    say(`${(error as Error).message}\n${USAGE}`);
    return 2;
  }
  try {
    return await enable(call, effects);
  } catch (error) {
    if (!(error instanceof AwsFailure)) throw error;
    say(`${error.message}\n`);
    return error.status;
  }
}

async function enable(
  { bucket, owner, isDry, isSure }: ReturnType<typeof readCall>,
  { s3, confirm, say }: Effects,
): Promise<number> {
  const place = { Bucket: bucket, ...(owner === undefined ? {} : { ExpectedBucketOwner: owner }) };
  const read = async (): Promise<NotificationConfiguration> => {
    const { $metadata: _, ...present } = await asking(
      `notifications of ${bucket}`,
      's3:GetBucketNotification',
      () => s3.send(new GetBucketNotificationConfigurationCommand(place)),
    );
    return present;
  };
  const present = await read();
  if (present.EventBridgeConfiguration !== undefined) {
    say(`EventBridge is already on for ${bucket}; nothing to do\n`);
    return 0;
  }
  say(difference(bucket, present));
  if (isDry) return 0;
  if (!isSure && !(await confirm('Write it? [y/N] '))) {
    say('nothing was written: not confirmed (without a terminal, use --yes)\n');
    return 1;
  }
  if (JSON.stringify(await read()) !== JSON.stringify(present)) {
    say('the notifications were changed meanwhile; nothing was written, run this again\n');
    return 1;
  }
  const wanted: NotificationConfiguration = { ...present, EventBridgeConfiguration: {} };
  // The other targets do not change, so S3 need not validate them again.
  await asking(`notifications of ${bucket}`, 's3:PutBucketNotification', () =>
    s3.send(
      new PutBucketNotificationConfigurationCommand({
        ...place,
        NotificationConfiguration: wanted,
        SkipDestinationValidation: true,
      }),
    ),
  );
  say('written\n');
  return 0;
}

function difference(bucket: string, present: NotificationConfiguration): string {
  const kept = [
    ...(present.QueueConfigurations ?? []).map(one => ({ ...one, arn: one.QueueArn })),
    ...(present.TopicConfigurations ?? []).map(one => ({ ...one, arn: one.TopicArn })),
    ...(present.LambdaFunctionConfigurations ?? []).map(one => ({ ...one, arn: one.LambdaFunctionArn })),
  ].map(({ arn, Events, Filter }) => {
    const filter = (Filter?.Key?.FilterRules ?? []).map(
      ({ Name, Value }) => ` ${Name?.toLowerCase()} ${JSON.stringify(Value)}`,
    );
    return `    ${Events?.join(', ')}${filter.join('')} to ${arn}\n`;
  });
  return `notifications of ${bucket}\n${kept.join('')}  + every event to EventBridge\n`;
}

function readCall(args: readonly string[]) {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      owner: { type: 'string' },
      'dry-run': { type: 'boolean', default: false },
      yes: { type: 'boolean', default: false },
    },
  });
  const [bucket, ...more] = positionals;
  if (bucket === undefined || more.length > 0) throw new Error('one bucket is expected');
  return { bucket, owner: values.owner, isDry: values['dry-run'], isSure: values.yes };
}

if (import.meta.main) {
  process.exitCode = await enableNotifications(process.argv.slice(2), {
    s3: await clients.s3(),
    confirm,
    say: text => process.stdout.write(text),
  });
}
