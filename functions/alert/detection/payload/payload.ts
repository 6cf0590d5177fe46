import type { PayloadForm } from '../../ruleset/index.ts';
import { type Address, addressesIn } from './addresses.ts';
import { commandsAt, type PayloadCommand } from './commands.ts';
import { type DecodedLayer, decodeLayers, type Inflate } from './decode.ts';
import { formAt } from './form.ts';

/** What Windows will run or load because of a value, read from its data. Every text is attacker-written. */
export type Payload = {
  readonly form: PayloadForm;
  /** Everything that runs, outermost first; empty where the data is a number, empty, or not a command. */
  readonly commands: readonly PayloadCommand[];
  /** Texts that were encoded in the data, in the order found; a second layer follows the one it was found in. */
  readonly decoded: readonly DecodedLayer[];
  /** Addresses in the data and the decoded text, each once, in the order found. */
  readonly addresses: readonly Address[];
  /** False for REG_DWORD and REG_QWORD: a setting, not a command. */
  readonly isCommand: boolean;
  /** The data exceeds what is read: longer strings, or more strings, commands or addresses than the limits. */
  readonly isPartial: boolean;
};

/** Windows accepts no longer command line (CreateProcessW, lpCommandLine); in UTF-16 units. */
const LONGEST_LINE = 32_767;
/** Strings of a REG_MULTI_SZ that are read. */
const MOST_STRINGS = 64;

export type PayloadSource = {
  /** `registry.data.type`. */
  readonly type: string | null;
  readonly data: readonly string[];
  /** Key without the hive, and the value's name. */
  readonly key: string;
  readonly value: string;
  /** The form of its data according to the rule's location; `null`: no location. */
  readonly form: PayloadForm | null;
  /** Default: compressed data stays as it is. */
  readonly inflate?: Inflate | undefined;
};

/**
 * Reads the data of a value as Windows reads it at that location. Linear in the data, and bounded: 64 strings of 32,767
 * UTF-16 units, 16 commands, 4 decoded layers of 64 KiB, 32 addresses.
 *
 * @example
 * const key = 'Software\\Microsoft\\Windows\\CurrentVersion\\Run';
 * const { commands } = readPayload({ type: 'REG_SZ', data: ['rundll32 a.dll,Go'], key, value: 'x', form: 'command' });
 * [commands[0].program, commands[0].library, commands[0].export]; // ['rundll32.exe', 'a.dll', 'Go']
 */
export function readPayload({ type, data, key, value, form: given, inflate }: PayloadSource): Payload {
  const form = formAt(key, value, given);
  const isCommand = !/^(REG|SZ)_[DQ]WORD/i.test(type ?? '');
  if (!isCommand) return { form, commands: [], decoded: [], addresses: [], isCommand, isPartial: false };
  const strings = data.slice(0, MOST_STRINGS).map(text => text.slice(0, LONGEST_LINE));
  const commands = commandsAt(form, strings, value);
  const decoded = decodeLayers(strings, inflate ?? (() => null));
  const addresses = addressesIn([...strings, ...decoded.layers.map(layer => layer.text)]);
  const isPartial =
    data.length > MOST_STRINGS ||
    data.some(text => text.length > LONGEST_LINE) ||
    commands.isPartial ||
    decoded.isPartial ||
    addresses.isPartial;
  return {
    form,
    commands: commands.found,
    decoded: decoded.layers,
    addresses: addresses.found,
    isCommand,
    isPartial,
  };
}
