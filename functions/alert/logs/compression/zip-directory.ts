import { Damage } from '../damage.ts';
import type { ByteInput } from './byte-input.ts';
import type { NoteDamage } from './output.ts';

/** The records after the entries: length of the fixed part, and of the rest. */
type DirectoryRecord = { readonly fixed: number; readonly rest: (fixed: Buffer) => number };

const RECORDS: ReadonlyMap<number, DirectoryRecord> = new Map<number, DirectoryRecord>([
  [0x02014b50, { fixed: 46, rest: at => at.readUInt16LE(28) + at.readUInt16LE(30) + at.readUInt16LE(32) }],
  [0x08064b50, { fixed: 8, rest: at => at.readUInt32LE(4) }],
  [0x05054b50, { fixed: 6, rest: at => at.readUInt16LE(4) }],
  [0x06064b50, { fixed: 12, rest: at => Number(at.readBigUInt64LE(4)) }],
  [0x07064b50, { fixed: 20, rest: () => 0 }],
  [0x06054b50, { fixed: 22, rest: at => at.readUInt16LE(20) }],
]);

const LISTED = 0x02014b50;
const END = 0x06054b50;

/** Reads the directory at the end of a zip archive: only it shows that no entry is missing. */
export async function readDirectory(input: ByteInput, entries: number, note: NoteDamage): Promise<void> {
  let listed = 0;
  for (let signature = 0; signature !== END; ) {
    input.ask();
    const head = await input.peek(4);
    signature = head.length < 4 ? 0 : head.readUInt32LE(0);
    const record = RECORDS.get(signature);
    if (head.length >= 4 && record === undefined)
      throw new Damage(
        'ZipCorrupt',
        `zip: at byte ${input.position} there is neither an entry nor the directory`,
      );
    const fixed = record && (await input.take(record.fixed));
    if (!record || !fixed || !(await skip(input, record.rest(fixed))))
      throw new Damage(
        'ZipTruncated',
        `zip: the data ends at byte ${input.position}, before the directory does; upload it again`,
      );
    if (signature === LISTED) listed++;
  }
  if (listed !== entries)
    note(new Damage('ZipCorrupt', `zip: the directory lists ${listed} entries, ${entries} were read`));
  for (let chunk = await input.next(); chunk !== null; chunk = await input.next())
    if (chunk.some(byte => byte !== 0))
      throw new Damage(
        'TrailingGarbage',
        `zip: before byte ${input.position}, bytes follow the end of the archive`,
      );
}

async function skip(input: ByteInput, count: number): Promise<boolean> {
  for (let left = count; left > 0; ) {
    const chunk = await input.nextUpTo(left);
    if (chunk === null) return false;
    left -= chunk.length;
  }
  return true;
}
