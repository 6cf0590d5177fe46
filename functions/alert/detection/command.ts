/** What the written data says about what would run. */
export type Command = {
  readonly program: string | null;
  readonly isCommand: boolean;
  readonly isRemote: boolean;
  readonly isUserWritable: boolean;
};

/** Folders in which every user of a default Windows can create files; compared in lower case, after the drive. */
const USER_WRITABLE = [
  '\\users\\public\\',
  '\\programdata\\',
  '\\windows\\temp\\',
  '\\windows\\tasks\\',
  '\\windows\\tracing\\',
  '\\windows\\system32\\spool\\drivers\\color\\',
  '\\temp\\',
];

/**
 * Reads the data of a value as a command. The program is given only where it is certain which part of the line it
 * is: one string that begins with a drive or UNC path, quoted or without a blank, and nothing that starts another.
 */
export function readCommand(type: string | null, data: readonly string[]): Command {
  const isCommand = !/^(REG|SZ)_[DQ]WORD/i.test(type ?? '');
  const program = isCommand && data.length === 1 ? programOf(data[0]!) : null;
  const folded = program?.toLowerCase().slice(2) ?? '';
  return {
    program,
    isCommand,
    isRemote: data.some(namesRemote),
    isUserWritable: USER_WRITABLE.some(folder => folded.startsWith(folder)) && !folded.includes('\\..\\'),
  };
}

function programOf(line: string): string | null {
  const quoted = /^"([^"]+)"(?: [^&|<>^%,]*)?$/.exec(line);
  const bare = /^([^\s"&|<>^%,;]+)(?: [^&|<>^%,]*)?$/.exec(line);
  const path = quoted?.[1] ?? bare?.[1];
  // Blanks make an unquoted line ambiguous, unless the first word already ends like a program.
  if (path === undefined || !/^([A-Za-z]:\\|\\\\)/.test(path)) return null;
  const isWhole =
    quoted !== null || line === path || /\.(exe|com|bat|cmd|scr|pif|dll|cpl|js|vbs|ps1|hta|msi)$/i.test(path);
  return isWhole && !/[*?<>|]/.test(path) ? path : null;
}

/** UNC, WebDAV and device paths, with either slash: opening one may authenticate to a server of the attacker's. */
function namesRemote(text: string): boolean {
  return (
    /(^|[\s"'=,;(])[\\/]{2}[^\\/\s]/.test(text) ||
    /[\\/]{2}[?.][\\/]/.test(text) ||
    /:\/\/|\\\?\?\\UNC|\\Device\\|@SSL/i.test(text)
  );
}
