import type { JsonObject, JsonValue, ReadField } from '../eql/index.ts';
import { TooManyCombinations } from '../eql/index.ts';
import type {
  Indicator,
  IndicatorEvidence,
  IndicatorLevels,
  Indicators,
  Location,
} from '../ruleset/index.ts';
import { type Actor, actorOf, relationOf } from './actor.ts';
import type { EventFacts } from './alert.ts';
import type { Assessment, AssessmentLevel, FiredIndicator } from './assessment.ts';
import { factReader } from './facts.ts';
import { type Inflate, type Payload, type PayloadCommand, readPayload } from './payload/index.ts';

/** The properties of a location that the indicators read. */
type Effect = Pick<Location, 'number' | 'certainty' | 'undo'>;

export type Assess = (facts: EventFacts, payload: Payload, location: Effect | null) => Assessment;

/** Compiles the indicators into the assessment of one alert. Each is evaluated on every command of the payload. */
export function assessmentBy(given: Indicators): Assess {
  return (facts, payload, location) => {
    const { list, levels } = given;
    const documents = documentsOf(facts, payload, location);
    const indicators = list
      .filter(indicator => firesOn(indicator, documents))
      .toSorted((one, other) => other.weight - one.weight)
      .map(({ id, weight, technique, text, source }) => ({ id, weight, technique, text, source }));
    const score = indicators.reduce((sum, { weight }) => sum + weight, 0);
    return { level: levelOf(score, indicators, levels), score, indicators };
  };
}

/** A single indicator that is suspicious by itself is not outweighed: an attacker can add lowering ones, too. */
function levelOf(
  score: number,
  fired: readonly FiredIndicator[],
  { suspicious, unusual, administration }: IndicatorLevels,
): AssessmentLevel {
  if (score >= suspicious || (fired[0]?.weight ?? 0) >= suspicious) return 'suspicious';
  if (score >= unusual) return 'unusual';
  return score <= administration ? 'administration' : 'unclear';
}

/** A function over fields with too many values gives no result; the other indicators continue. */
function firesOn({ query }: Indicator, documents: readonly JsonObject[]): boolean {
  try {
    return documents.some(document => query.matches(document));
  } catch (error) {
    if (error instanceof TooManyCombinations) return false;
    throw error;
  }
}

/** Tests an indicator on a write made for it; for `check`. */
export function firesAt(
  readField: ReadField,
  inflate: Inflate,
): (indicator: Indicator, evidence: IndicatorEvidence) => boolean {
  const readFacts = factReader(readField);
  return (indicator, evidence) => {
    const document = documentOf(evidence);
    const facts = readFacts(document, null);
    const { key, value, type, data } = facts.registry;
    const payload = readPayload({ type, data, key, value, form: null, inflate });
    const location: Effect = { number: 0, certainty: evidence.effect, undo: 'delete' };
    return firesOn(indicator, documentsOf(facts, payload, location));
  };
}

const RUN_KEY =
  'HKEY_USERS\\S-1-5-21-1004336348-1177238915-682003330-1107\\Software\\Microsoft\\Windows\\CurrentVersion\\Run\\Updater';

function documentOf(evidence: IndicatorEvidence): JsonObject {
  const { data, type, path, initiator, writer, user, line, signature, signer, parent } = evidence;
  const file = (text: string) => ({ executable: text, name: text.slice(text.lastIndexOf('\\') + 1) });
  return {
    registry: { path: path ?? RUN_KEY, data: { type: type ?? 'REG_SZ', strings: data } },
    process: {
      ...file(writer ?? 'C:\\Windows\\System32\\wbem\\WmiPrvSE.exe'),
      ...present({ command_line: line, parent: parent === null ? null : file(parent) }),
      ...(signature === null
        ? {}
        : {
            code_signature: present({
              exists: signature !== 'unsigned',
              trusted: signature === 'trusted',
              subject_name: signer,
            }),
          }),
    },
    ...(initiator === null ? {} : { Effective_process: file(initiator) }),
    ...(user === null ? {} : { user: { name: user } }),
  };
}

const MOST_STRINGS = 64;
/** The part of a payload that is parsed, in UTF-16 units; every expression of an indicator runs over each string. */
const MOST_LENGTH = 32_767;

/** The facts that an indicator may read (`INDICATOR_FACTS`), one document for each command, or one if there is none. */
function documentsOf(
  facts: EventFacts,
  { form, commands, decoded, addresses }: Payload,
  location: Effect | null,
): readonly JsonObject[] {
  const { registry, requester, owner, service, writer, user } = facts;
  const { key, path, value, type, data } = registry;
  const actor = actorOf(facts);
  const common = {
    initiator: present({ kind: requester.kind, name: requester.name, executable: requester.executable }),
    actor: present({
      name: actor.name,
      executable: actor.executable,
      folder: actor.folder,
      command_line: actor.commandLine,
      signature: actor.signature,
      signer: actor.signer,
      parent: actor.parent,
    }),
    owner: { kind: owner.kind },
    service: present({ name: service }),
    location:
      location === null ? {} : { number: location.number, effect: location.certainty, undo: location.undo },
    registry: {
      path,
      key,
      value,
      data: present({ type, strings: data.slice(0, MOST_STRINGS).map(text => text.slice(0, MOST_LENGTH)) }),
    },
    process: present({ name: writer.name, executable: writer.executable }),
    user: present(user),
  };
  const text = {
    form,
    decoded: decoded.map(layer => layer.text),
    address: addresses.filter(({ kind }) => kind !== 'unc').map(({ text }) => text),
  };
  if (commands.length === 0) return [{ ...common, payload: text }];
  return commands.map(command => ({
    ...common,
    payload: { ...text, ...commandFacts(command, commands, actor) },
  }));
}

function commandFacts(
  command: PayloadCommand,
  commands: readonly PayloadCommand[],
  actor: Actor,
): JsonObject {
  const { kind, program, path, candidates, library, script, url, file, folder, startedBy } = command;
  return present({
    kind,
    program,
    path,
    candidates,
    file,
    folder,
    arguments: command.arguments,
    library,
    export: command.export,
    script,
    url,
    text: command.expanded,
    relation: relationOf(file, actor),
    started_by: startedBy === null ? null : (commands[startedBy]?.program ?? null),
  });
}

const present = (members: { readonly [name: string]: JsonValue }): JsonObject =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== null));
