import type { PayloadForm } from '../../ruleset/index.ts';

type Row = readonly [keyEnd: RegExp, value: RegExp, form: PayloadForm];

/**
 * Locations where the form follows from the path alone, for rules without locations and where one location has more
 * than one form. Compared in lower case. Sources: `rules/*` `locations.toml`; Microsoft Learn, "Winlogon and
 * Credential Providers", "Image File Execution Options", "SilentProcessExit", "AppInit DLLs and Secure Boot",
 * "Registering COM Servers", "LSA Authentication", "Print Monitors"; MITRE ATT&CK T1546, T1547 and T1556.
 */
const ROWS: readonly Row[] = [
  [/\\command processor$/, /^autorun$/, 'cmd-line'],
  [/\\windows nt\\currentversion\\windows$/, /^(load|run)$/, 'list'],
  [/\\windows nt\\currentversion\\windows$/, /^appinit_dlls$/, 'dll-list'],
  [/\\windows nt\\currentversion\\windows$/, /^iconservicelib$/, 'dll'],
  [
    /\\windows nt\\currentversion\\winlogon$/,
    /^(shell|userinit|taskman|system|vmapplet|appsetup|mpnotify)$/,
    'shell',
  ],
  [/\\windows nt\\currentversion\\winlogon(\\(notify|gpextensions)\\[^\\]+)?$/, /^(ginadll|dllname)$/, 'dll'],
  [/\\policies\\system$/, /^shell$/, 'shell'],
  [/\\runonceex\\[^\\]*\\depend$/, /^/, 'dll'],
  [/\\runonceex(\\|$)/, /^/, 'runonceex'],
  [/\\(run|runonce|runservices|runservicesonce)$/, /^/, 'command'],
  [/controlset[^\\]*\\services\\[^\\]+$/, /^imagepath$/, 'service-program'],
  [/controlset[^\\]*\\services\\[^\\]+$/, /^failurecommand$/, 'command'],
  [/controlset[^\\]*\\services\\[^\\]+(\\parameters)?$/, /^servicedll$/, 'dll'],
  [
    /controlset[^\\]*\\services\\[^\\]+\\/,
    /^(autodialdll|serverlevelplugindll|providerpath|dllpath|dllname|library|directoryserviceextpt|lsadbextpt)$/,
    'dll',
  ],
  [/controlset[^\\]*\\services\\[^\\]+\\/, /^calloutdlls$/, 'dll-list'],
  [/controlset[^\\]*\\services\\ntds$/, /^(directoryserviceextpt|lsadbextpt)$/, 'dll'],
  [
    /controlset[^\\]*\\control\\lsa(\\osconfig)?$/,
    /^(authentication|security|notification) packages$/,
    'dll',
  ],
  [/controlset[^\\]*\\control\\lsaextensionconfig\\/, /^(extensions|.*extension.*)$/, 'dll'],
  [/controlset[^\\]*\\control\\securityproviders$/, /^securityproviders$/, 'dll-list'],
  [
    /controlset[^\\]*\\control\\print\\(monitors|environments\\[^\\]+\\print processors|providers)\\/,
    /^(driver|name)$/,
    'dll',
  ],
  [/controlset[^\\]*\\control$/, /^servicecontrolmanagerextension$/, 'dll'],
  [/controlset[^\\]*\\control\\bootverificationprogram$/, /^imagepath$/, 'command'],
  [/controlset[^\\]*\\control\\safeboot$/, /^alternateshell$/, 'command'],
  [/^system\\setup$/, /^cmdline$/, 'command'],
  [/controlset[^\\]*\\control\\session manager\\appcertdlls$/, /^/, 'dll'],
  [
    /controlset[^\\]*\\control\\session manager$/,
    /^(bootexecute|bootexecutenopnprelease|setupexecute|execute|platformexecute|s0initialcommand)$/,
    'command',
  ],
  [/\\terminal server\\winstations\\[^\\]+$|\\terminal services$/, /^initialprogram$/, 'command'],
  [/\\terminal server\\wds\\rdpwd$/, /^startupprograms$/, 'list'],
  [/\\terminal server client\\default\\addins\\[^\\]+$/, /^name$/, 'dll'],
  [/\\image file execution options\\[^\\]+$/, /^debugger$/, 'command'],
  [/\\image file execution options\\[^\\]+$/, /^verifierdlls$/, 'dll-list'],
  [/\\silentprocessexit\\[^\\]+$/, /^monitorprocess$/, 'command'],
  [/\\aedebug$|\\windows error reporting\\hangs$/, /^(debugger|reflectdebugger)$/, 'command'],
  [/\\microsoft\\netsh$/, /^/, 'dll'],
  [/\\environment$/, /^userinitmprlogonscript$/, 'command'],
  [/\\environment$/, /^(cor|coreclr)_profiler_path(_32|_64)?$/, 'dll'],
  [/\\active setup\\installed components\\[^\\]+$/, /^stubpath$/, 'command'],
  [/\\control panel\\desktop$/, /^scrnsave\.exe$/, 'command'],
  [/\\shell\\[^\\]+\\command$|\\app paths\\[^\\]+$/, /^(\(default\)|)$/, 'command'],
  [/\\office test\\special\\perf$|\\htmlhelp author$/, /^/, 'dll'],
  [/\\inprocserver(32)?$/, /^(\(default\)|)$/, 'dll'],
  [/\\localserver(32)?$/, /^(\(default\)|serverexecutable|)$/, 'command'],
  [/\\(cryptsipdll[^\\]*|finalpolicy)\\[^\\]+$/, /^(dll|\$dll)$/, 'dll'],
  [
    /\\natural language\\|\\contentindex\\language\\[^\\]+$/,
    /^(dlloverridepath|stemmerdllpathoverride|wbdllpathoverride)/,
    'dll',
  ],
  [/\\control panel\\cpls$/, /^/, 'dll'],
  [/\\telemetrycontroller\\[^\\]+$/, /^command$/, 'command'],
  [/\\accessibility\\ats\\[^\\]+$/, /^startexe$/, 'command'],
];

/** The form of the data at a location: the location's own, unless the path determines it more exactly. */
export function formAt(key: string, value: string, given: PayloadForm | null): PayloadForm {
  const foldedKey = key.slice(-512).toLowerCase();
  const foldedValue = value.slice(0, 512).toLowerCase();
  const row = ROWS.find(([keyEnd, name]) => keyEnd.test(foldedKey) && name.test(foldedValue));
  const found = row?.[2];
  // One location of the rules has both forms of RunOnceEx; AutoRun and Userinit are command lines of their own kind.
  if (given === 'runonceex') return found === 'dll' ? found : given;
  return given === null || given === 'command' ? (found ?? given ?? 'unknown') : given;
}
