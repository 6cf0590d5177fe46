import type { TableReader } from '../toml/table-reader.ts';

/** An entry of ATT&CK: `{ id: 'T1547.001', name: 'Registry Run Keys / Startup Folder', reference: 'https://…' }`. */
export type AttackEntry = { readonly id: string; readonly name: string; readonly reference: string };

/** One `[[rule.threat]]`: a tactic and its techniques, each with its sub-techniques. */
export type Threat = {
  readonly framework: string;
  readonly tactic: AttackEntry;
  readonly techniques: readonly (AttackEntry & { readonly subtechniques: readonly AttackEntry[] })[];
};

const TACTIC = /^TA\d{4}$/;
const TECHNIQUE = /^T\d{4}$/;
const SUBTECHNIQUE = /^T\d{4}\.\d{3}$/;
/** For another framework, such as ATLAS, with its own ids and pages. */
const ANY = /^\S+$/;
const ANY_TECHNIQUE = /^T\d{4}(\.\d{3})?$/;

/** Reads `[[rule.threat]]`. An id, its page's URL and its parent have to agree, which reveals a slip in one. */
export function readThreats(rule: TableReader): readonly Threat[] {
  return rule.subs('threat').map(threat => {
    threat.require('framework', 'tactic');
    const framework = threat.words('framework') ?? '';
    const isAttack = framework === 'MITRE ATT&CK';
    const tacticTable = threat.sub('tactic');
    const tactic = tacticTable && readEntry(tacticTable, isAttack ? TACTIC : ANY, 'such as TA0003');
    tacticTable?.refuseOthers();
    const techniques = threat.subs('technique').map(table => {
      const technique = readEntry(table, isAttack ? TECHNIQUE : ANY, 'such as T1547');
      const subtechniques = table.subs('subtechnique').map(sub => {
        const entry = readEntry(sub, isAttack ? SUBTECHNIQUE : ANY, 'such as T1547.001');
        if (entry.id && technique.id && !entry.id.startsWith(`${technique.id}.`)) {
          sub.wrong('id', `sub-technique ${entry.id} is listed below technique ${technique.id}`);
        }
        sub.refuseOthers();
        return entry;
      });
      table.refuseOthers();
      return { ...technique, subtechniques };
    });
    threat.refuseOthers();
    return { framework, tactic: tactic ?? { id: '', name: '', reference: '' }, techniques };
  });
}

/** Reads one `{ id, name, reference }` of a technique at any level. */
export function readTechnique(table: TableReader): AttackEntry {
  const entry = readEntry(table, ANY_TECHNIQUE, 'such as T1547 or T1547.001');
  table.refuseOthers();
  return entry;
}

function readEntry(table: TableReader, shape: RegExp, means: string): AttackEntry {
  table.require('id', 'name', 'reference');
  const id = table.shaped('id', shape, `an id ${means}`) ?? '';
  const name = table.words('name') ?? '';
  const reference = table.shaped('reference', /^https:\/\/\S+$/, 'an https URL') ?? '';
  const folder = id.startsWith('TA') ? 'tactics' : 'techniques';
  const page = `https://attack.mitre.org/${folder}/${id.replace('.', '/')}`;
  if (shape !== ANY && id && reference && reference.replace(/\/$/, '') !== page) {
    table.wrong('reference', `the page of ${id} is ${page}/`);
  }
  return { id, name, reference };
}
