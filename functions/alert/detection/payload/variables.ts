/**
 * Variables whose value is the same on every default installation, by their name in lower case. Those of a user
 * (`%TEMP%`, `%APPDATA%`, …) are not included: the event does not say whose environment reads the value.
 * Source: Microsoft Learn, "Recognized environment variables" (USMT).
 */
const CERTAIN: ReadonlyMap<string, string> = new Map([
  ['systemroot', 'C:\\Windows'],
  ['windir', 'C:\\Windows'],
  ['systemdrive', 'C:'],
  ['programfiles', 'C:\\Program Files'],
  ['programw6432', 'C:\\Program Files'],
  ['programfiles(x86)', 'C:\\Program Files (x86)'],
  ['commonprogramfiles', 'C:\\Program Files\\Common Files'],
  ['commonprogramfiles(x86)', 'C:\\Program Files (x86)\\Common Files'],
  ['programdata', 'C:\\ProgramData'],
  ['allusersprofile', 'C:\\ProgramData'],
  ['public', 'C:\\Users\\Public'],
  ['comspec', 'C:\\Windows\\System32\\cmd.exe'],
]);

/** Replaces the variables whose value is certain; everything else stays as written. */
export function expandVariables(text: string): string {
  return text.replace(
    /%([^%\s\\]{1,32})%/g,
    (whole, name: string) => CERTAIN.get(name.toLowerCase()) ?? whole,
  );
}

/**
 * A path in ImagePath as the service manager and the kernel read it: `\SystemRoot\…`, `\??\C:\…`, and paths relative
 * to the Windows folder. Source: Microsoft Learn, "HKLM\SYSTEM\CurrentControlSet\Services Registry Tree", ImagePath.
 */
export function expandServicePath(text: string): string {
  const isQuoted = text.startsWith('"');
  const path = isQuoted ? text.slice(1) : text;
  const full = path
    .replace(/^\\SystemRoot\\/i, 'C:\\Windows\\')
    .replace(/^\\\?\?\\(?=[A-Za-z]:\\)/, '')
    .replace(/^(?=(System32|SysWOW64)\\)/i, 'C:\\Windows\\');
  return isQuoted ? `"${full}` : full;
}
