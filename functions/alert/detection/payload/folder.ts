/**
 * What kind of folder a file is in, by its path alone. `remote`: UNC, WebDAV or a URL; `temporary`; `shared`: every
 * user can create files there; `profile`: users can, in their own profile; `application`: the same, where programs
 * install themselves for one user; `program-data`: a folder of a product below ProgramData; `windows`,
 * `program-files`: administrators only; `root`: the root of a drive; `other`; `none`: the path names no folder.
 */
export type Folder =
  | 'remote'
  | 'temporary'
  | 'shared'
  | 'profile'
  | 'application'
  | 'program-data'
  | 'windows'
  | 'program-files'
  | 'root'
  | 'other'
  | 'none';

/** Folders in which a program started by a user can create files. */
export const isUserWritable = (folder: Folder): boolean =>
  /^(temporary|shared|profile|application|program-data)$/.test(folder);

/**
 * In order: the first that fits counts. Sources: LOLBAS and MITRE ATT&CK T1036.005 on folders of Windows that users can
 * write; Microsoft Learn, "KNOWNFOLDERID", for the rest.
 */
const FOLDERS: readonly (readonly [RegExp, Folder])[] = [
  [/^(\\\\|[a-z]{2,10}:\/\/|\\device\\(mup|lanmanredirector|webdavredirector))/, 'remote'],
  [/^%(temp|tmp)%\\|\\appdata\\local(low)?\\temp\\|^[a-z]:\\(windows\\temp|temp|tmp)\\/, 'temporary'],
  [/^([a-z]:\\users\\public|%public%)\\/, 'shared'],
  [/^[a-z]:\\(perflogs|\$recycle\.bin|recycler|intel|programdata)\\[^\\]+$/, 'shared'],
  [/^[a-z]:\\(perflogs|\$recycle\.bin|recycler)\\/, 'shared'],
  [
    /^[a-z]:\\windows\\(tasks|tracing|debug\\wia|registration\\crmlog|servicing\\(packages|sessions))\\/,
    'shared',
  ],
  [
    /^[a-z]:\\windows\\(system32|syswow64)\\(spool\\(drivers\\color|printers|servers)|tasks|fxstmp|com\\dmp)\\/,
    'shared',
  ],
  [
    /\\appdata\\local\\(programs|microsoft)\\[^\\]+\\|^%localappdata%\\(programs|microsoft)\\[^\\]+\\/,
    'application',
  ],
  [
    /^[a-z]:\\(users|documents and settings)\\[^\\]+\\|^%(userprofile|appdata|localappdata|homepath)%/,
    'profile',
  ],
  [/^[a-z]:\\programdata\\/, 'program-data'],
  [/^[a-z]:\\windows\\/, 'windows'],
  [/^[a-z]:\\program files( \(x86\))?\\/, 'program-files'],
  [/^[a-z]:\\[^\\]+$/, 'root'],
  [/\\/, 'other'],
];

/** The kind of folder of a path; `.`, `..` and repeated slashes are resolved first, so that they hide nothing. */
export function folderOf(path: string): Folder {
  const plain = resolved(path.slice(0, MOST).toLowerCase());
  return FOLDERS.find(([shape]) => shape.test(plain))?.[1] ?? 'none';
}

/** Windows accepts no longer path; what comes after this does not change the folder. */
const MOST = 32_767;

function resolved(path: string): string {
  if (/^[a-z]{2,10}:\/\//.test(path)) return path;
  const plain = path.replaceAll('/', '\\').replace(/^\\\\[?.]\\(unc\\)?/, (_, unc) => (unc ? '\\\\' : ''));
  if (!/\\\.{1,2}(\\|$)/.test(plain)) return plain;
  const elements: string[] = [];
  for (const element of plain.split('\\')) {
    if (element === '..' && elements.length > 1) elements.pop();
    else if (element !== '.' && element !== '..') elements.push(element);
  }
  return elements.join('\\');
}
