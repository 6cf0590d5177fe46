import type { Rule } from '../../ruleset/index.ts';
import type { Plain } from './safe-json.ts';

/** All metadata of a rule, under the names that its own file has. */
export function ruleDocument(rule: Rule): Plain {
  return {
    id: rule.id,
    name: rule.name.en,
    names: rule.name,
    description: rule.description.en,
    descriptions: rule.description,
    version: rule.version,
    type: rule.type,
    severity: rule.severity,
    risk_score: rule.riskScore,
    index: rule.indices,
    interval: rule.interval,
    from: rule.from,
    max_signals: rule.maxSignals,
    references: rule.references,
    tags: rule.tags,
    author: rule.authors,
    license: rule.license,
    query: rule.queryText,
    threat: rule.threats.map(({ framework, tactic, techniques }) => ({
      framework,
      tactic: { id: tactic.id, name: tactic.name, reference: tactic.reference },
      technique: techniques.map(({ id, name, reference, subtechniques }) => ({
        id,
        name,
        reference,
        subtechnique: subtechniques.map(sub => ({ id: sub.id, name: sub.name, reference: sub.reference })),
      })),
    })),
    folder: rule.folder,
    digest: rule.digest,
  };
}
