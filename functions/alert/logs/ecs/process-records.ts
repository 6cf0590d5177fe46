import type { JsonObject } from '../json.ts';
import { fileNameOf, member, textOf } from './ecs-document.ts';
import type { Inferred } from './extended.ts';

/** Most processes remembered; about 15 MB. The oldest are dropped first. */
const MOST = 32_768;
const LONGEST_PATH = 1024;

/**
 * The processes of one FDR object, whose registry events identify theirs only by number. A number is one process on
 * one agent, so agent and customer are part of the key; the end of a process removes its entry.
 */
export class ProcessRecords {
  readonly #images = new Map<string, string>();

  /** Adds a record, if it is about a process. */
  see(record: JsonObject): void {
    const name = member(record, 'event_simpleName');
    if (name === 'EndOfProcess' || name === 'TerminateProcess') {
      this.#images.delete(keyOf(record, textOf(member(record, 'TargetProcessId'))));
      return;
    }
    if (name !== 'ProcessRollup2' && name !== 'SyntheticProcessRollup2') return;
    const id = textOf(member(record, 'TargetProcessId'));
    const image = textOf(member(record, 'ImageFileName'));
    if (id === undefined || image === undefined || image.length > LONGEST_PATH) return;
    const key = keyOf(record, id);
    this.#images.delete(key);
    this.#images.set(key, image);
    if (this.#images.size > MOST) this.#images.delete(this.#images.keys().next().value!);
  }

  /**
   * Name and path of the process that a registry event refers to; empty: no record of it came earlier in the object.
   */
  of(record: JsonObject): readonly Inferred[] {
    if (!Object.hasOwn(record, 'RegObjectName')) return [];
    const id = textOf(member(record, 'ContextProcessId'));
    const image = id === undefined ? undefined : this.#images.get(keyOf(record, id));
    const name = fileNameOf(image);
    if (image === undefined || name === undefined) return [];
    return [
      { field: 'process.name', value: name, from: 'process-record' },
      { field: 'process.executable', value: image, from: 'process-record' },
    ];
  }
}

function keyOf(record: JsonObject, id: string | undefined): string {
  return [member(record, 'cid'), member(record, 'aid'), id].join('|');
}
