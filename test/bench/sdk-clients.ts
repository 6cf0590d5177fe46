import { build } from 'esbuild';

const CLIENTS =
  "import { S3Client } from '@aws-sdk/client-s3'; import { SNSClient } from '@aws-sdk/client-sns'; export const clients = [new S3Client({}), new SNSClient({})];";

/**
 * A bundle of the two clients and nothing else, or of a module that uses them, made with the options of the Lambda's own
 * but not its plugins; gives its path.
 */
export async function bundleClients(outfile: string, entry?: string): Promise<string> {
  const { lambdaOptions } = await import('../../infra/bundle.ts');
  const from = entry ? { entryPoints: [entry] } : { stdin: { contents: CLIENTS, resolveDir: process.cwd() } };
  await build({ ...lambdaOptions, ...from, outfile });
  return outfile;
}
