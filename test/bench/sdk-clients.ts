import { build } from 'esbuild';

/** A bundle of the two clients and nothing else, made with the options of the Lambda's own; gives its path. */
export async function bundleClients(outfile: string): Promise<string> {
  const { lambdaOptions } = await import('../../infra/bundle.ts');
  await build({
    ...lambdaOptions,
    outfile,
    stdin: {
      contents:
        "import { S3Client } from '@aws-sdk/client-s3'; import { SNSClient } from '@aws-sdk/client-sns'; export const clients = [new S3Client({}), new SNSClient({})];",
      resolveDir: process.cwd(),
    },
  });
  return outfile;
}
