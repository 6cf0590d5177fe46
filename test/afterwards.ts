import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, onTestFinished } from 'vitest';
import { type Deployment, type DeploymentOptions, deploy } from './deployment.ts';
import { type LocalAws, type LocalAwsOptions, startLocalAws } from './local-aws/index.ts';

/** Undoes something after the test that calls this; outside a test, after those of the file or the `describe`. */
export function afterwards(undo: () => unknown): void {
  const undone = async () => void (await undo());
  try {
    onTestFinished(undone);
  } catch {
    afterAll(undone);
  }
}

/** A new folder, removed afterwards. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'registry-alert-'));
  afterwards(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A local AWS, stopped afterwards. */
export async function localAws(options: Partial<LocalAwsOptions> = {}): Promise<LocalAws> {
  const aws = await startLocalAws({ directory: temporaryFolder(), ...options });
  afterwards(aws.stop.bind(aws));
  return aws;
}

/** The built bundle between its queue, buckets and topics, stopped afterwards. */
export async function deployed(options: Partial<DeploymentOptions> = {}): Promise<Deployment> {
  const deployment = await deploy({ directory: temporaryFolder(), ...options });
  afterwards(deployment.stop);
  return deployment;
}
