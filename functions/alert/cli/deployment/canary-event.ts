/** A log with one event that the shipped rule matches: WMI writes a Run key on a host that cannot exist. */
export function canaryLog(atMs: number): string {
  const at = new Date(atMs).toISOString();
  const event = {
    '@timestamp': at,
    ecs: { version: '8.10.0' },
    event: {
      category: ['registry'],
      type: ['change'],
      action: 'modification',
      kind: 'event',
      id: `canary-${at}`,
    },
    host: { id: 'registry-alert-canary', name: 'registry-alert-canary', os: { type: 'windows' } },
    process: { name: 'WmiPrvSE.exe', executable: 'C:\\Windows\\System32\\wbem\\WmiPrvSE.exe', pid: 4 },
    registry: {
      hive: 'HKLM',
      key: 'SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Run',
      path: 'HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Run\\registry-alert-canary',
      value: 'registry-alert-canary',
      data: { type: 'REG_SZ', strings: ['registry-alert canary: a test, nothing runs'] },
    },
    user: { id: 'S-1-5-18', name: 'SYSTEM', domain: 'NT AUTHORITY' },
  };
  return `${JSON.stringify(event)}\n`;
}
