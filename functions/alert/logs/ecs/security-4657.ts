import { type Fields, fileNameOf, isoOf } from './ecs-document.ts';
import type { WindowsEvent } from './windows-event.ts';

export const SECURITY_CHANNEL = 'Security';

const EVENTS: Readonly<
  Record<string, { readonly action: string; readonly category: readonly string[]; readonly type: string }>
> = {
  4657: { action: 'registry-value-modified', category: ['registry', 'configuration'], type: 'change' },
  4688: { action: 'created-process', category: ['process'], type: 'start' },
  4689: { action: 'exited-process', category: ['process'], type: 'end' },
};

/**
 * Maps events of the Security log as elastic/integrations `system.security` does: 4657, and 4688 and 4689 for
 * processes. For a write Elastic maps neither the path nor the data, so no rule that names them can match it.
 */
export function securityFields({ eventId, createdMs, data }: WindowsEvent): Fields {
  const event = EVENTS[eventId];
  const given = (name: string): string | undefined => (data(name) === '-' ? undefined : data(name));
  const isStart = eventId === '4688';
  const executable = given(isStart ? 'NewProcessName' : 'ProcessName');
  const parent = isStart ? given('ParentProcessName') : undefined;
  const line = isStart ? given('CommandLine') : undefined;
  return {
    '@timestamp': isoOf(createdMs),
    'event.action': event?.action,
    'event.category': event?.category,
    'event.type': event && [event.type],
    'process.executable': executable,
    'process.name': fileNameOf(executable),
    'process.pid': pidOf(given(isStart ? 'NewProcessId' : 'ProcessId')),
    'process.command_line': line,
    'process.args': line?.split(/\s+/).filter(argument => argument !== ''),
    'process.parent.executable': parent,
    'process.parent.name': fileNameOf(parent),
    'process.parent.pid': isStart ? pidOf(given('ProcessId')) : undefined,
    'user.id': given('SubjectUserSid'),
    'user.domain': given('SubjectDomainName'),
    'user.name': given('SubjectUserName'),
    'user.effective.id': isStart ? given('TargetUserSid') : undefined,
    'user.effective.name': isStart ? given('TargetUserName') : undefined,
  };
}

/** Process ids are hexadecimal here; evtx_dump writes them as numbers. */
function pidOf(text: string | undefined): number | undefined {
  return text !== undefined && /^(?:0x[0-9A-Fa-f]{1,8}|\d{1,10})$/.test(text) ? Number(text) : undefined;
}
