/** Whether the endpoint of S3 is on this machine, where no bucket has a host name: paths name buckets then. */
export function isLoopback(environment: NodeJS.ProcessEnv): boolean {
  const endpoint = environment['AWS_ENDPOINT_URL_S3'] ?? environment['AWS_ENDPOINT_URL'] ?? '';
  return /^https?:\/\/(127\.\d+\.\d+\.\d+|localhost|\[::1\])(:\d+)?(\/|$)/.test(endpoint);
}
