/** Whether the S3 endpoint is on this machine, where buckets have no host names and are addressed by path. */
export function isLoopback(environment: NodeJS.ProcessEnv): boolean {
  const endpoint = environment['AWS_ENDPOINT_URL_S3'] ?? environment['AWS_ENDPOINT_URL'] ?? '';
  return /^https?:\/\/(127\.\d+\.\d+\.\d+|localhost|\[::1\])(:\d+)?(\/|$)/.test(endpoint);
}
