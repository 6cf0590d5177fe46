import type { PayloadForm } from '../../ruleset/index.ts';

type Row = readonly [keyEnd: RegExp, value: RegExp, form: PayloadForm];

/**
 * Places where the form follows from the path alone, for rules without locations and where one location holds more
 * than one form. Compared in lower case. Sources: `rules/*` `locations.toml`; Microsoft Learn, "Winlogon and
 * Credential Providers", "Image File Execution Options", "SilentProcessExit", "AppInit DLLs and Secure Boot".
 */
const ROWS: readonly Row[] = [
  [/\\command processor$/, /^autorun$/, 'cmd-line'],
  [/\\windows nt\\currentversion\\windows$/, /^(load|run)$/, 'list'],
  [/\\windows nt\\currentversion\\winlogon$/, /^(shell|userinit|taskman|system|vmapplet|appsetup)$/, 'shell'],
  [/\\policies\\system$/, /^shell$/, 'shell'],
  [/\\runonceex\\[^\\]*\\depend$/, /^/, 'dll'],
  [/\\runonceex(\\|$)/, /^/, 'runonceex'],
  [/\\(run|runonce|runservices|runservicesonce)$/, /^/, 'command'],
  [/controlset[^\\]*\\services\\[^\\]+$/, /^imagepath$/, 'service-program'],
  [/controlset[^\\]*\\services\\[^\\]+$/, /^failurecommand$/, 'command'],
  [/controlset[^\\]*\\services\\[^\\]+(\\parameters)?$/, /^servicedll$/, 'dll'],
  [/\\image file execution options\\[^\\]+$/, /^debugger$/, 'command'],
  [/\\silentprocessexit\\[^\\]+$/, /^monitorprocess$/, 'command'],
  [/\\(inprocserver32|appcertdlls)$/, /^/, 'dll'],
  [/\\localserver32$/, /^/, 'command'],
];

/** The form of the data at a place: the location's own, unless the path says it more exactly. */
export function formAt(key: string, value: string, given: PayloadForm | null): PayloadForm {
  const foldedKey = key.slice(-512).toLowerCase();
  const foldedValue = value.slice(0, 512).toLowerCase();
  const row = ROWS.find(([keyEnd, name]) => keyEnd.test(foldedKey) && name.test(foldedValue));
  const found = row?.[2];
  // One location of the rules has both forms of RunOnceEx; AutoRun and Userinit are command lines of their own kind.
  if (given === 'runonceex') return found === 'dll' ? found : given;
  return given === null || given === 'command' ? (found ?? given ?? 'unknown') : given;
}
