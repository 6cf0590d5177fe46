import type { PayloadCommand } from './commands.ts';

/** Windows programs that run or load another file, which is the one that matters. */
const INTERPRETERS =
  /^(cmd|powershell|pwsh|conhost|mshta|wscript|cscript|rundll32|regsvr32|msiexec|explorer|forfiles|pcalua|certutil|bitsadmin|schtasks|reg|net|sc|wmic)\.exe$/i;

/**
 * If a Windows interpreter starts: the files that it is to run or load, each once. Empty: none is named,
 * such as for code on the command line. `null`: no interpreter starts, so the program itself is the file.
 */
export function interpretedFiles(commands: readonly PayloadCommand[]): readonly string[] | null {
  const processes = commands.filter(({ kind }) => kind === 'process');
  if (!processes.some(isInterpreter)) return null;
  const files = processes.flatMap(command => {
    const { script, library, path } = command;
    if (!isInterpreter(command)) return [script ?? path];
    const told = script ?? library;
    return told === null || /^(javascript|vbscript):|:\/\//i.test(told) ? [] : [told];
  });
  return [...new Set(files)];
}

const isInterpreter = ({ program, arguments: rest, path }: PayloadCommand): boolean =>
  rest !== '' && INTERPRETERS.test(program) && (!path.includes('\\') || /^[a-z]:\\windows\\/i.test(path));
