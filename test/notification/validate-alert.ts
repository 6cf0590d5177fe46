import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';

const SCHEMA = JSON.parse(readFileSync('functions/alert/notification/alert.schema.json', 'utf8'));
const validate = new Ajv2020({ allErrors: true, strict: true, allowUnionTypes: true }).compile(SCHEMA);

/** What the schema has against a document. */
export function validateAlert(document: string): readonly object[] {
  validate(JSON.parse(document));
  return validate.errors ?? [];
}
