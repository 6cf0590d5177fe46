import { describe, expect, it } from 'vitest';
import { fieldKnowledge } from '../../functions/alert/ruleset/fields.ts';
import { readElasticGuide } from '../../functions/alert/ruleset/guide/elastic-guide.ts';
import { type GuideStep, readGuide } from '../../functions/alert/ruleset/guide/guide.ts';
import type { Transforms } from '../../functions/alert/ruleset/guide/transforms.ts';
import { Problems } from '../../functions/alert/ruleset/problem.ts';

// G…, I…, F… and R… number the steps of the rule's guide (rules/persistence-via-wmi-stdregprov/guide.en.md).

const { isKnown } = fieldKnowledge([]);
const NO_TRANSFORMS: Transforms = { osquery: [], investigate: [] };

function read(text: string) {
  const problems = new Problems();
  const guide = readGuide({ file: 'guide.en.md', text }, problems, isKnown);
  return { guide, problems: problems.found };
}

describe('a guide of ours', () => {
  it('becomes sections and numbered steps with their queries', () => {
    const { guide, problems } = read(
      [
        '# Triage <!-- G01 -->',
        '',
        'A paragraph',
        'of two lines. <!-- G02 -->',
        '',
        '## Steps <!-- I -->',
        '',
        '- Look at `{{process.entity_id}}`. <!-- I01 -->',
        '  - Deeper: <!-- I01a -->',
        '    ```osquery Retrieve It',
        '    SELECT 1',
        '      FROM x;',
        '    ```',
        '- And on. <!-- I02 -->',
        '',
      ].join('\r\n'),
    );
    expect(problems).toEqual([]);
    expect(guide).toEqual({
      sections: [
        {
          number: 'G01',
          heading: 'Triage',
          level: 1,
          steps: [{ number: 'G02', depth: 0, text: 'A paragraph of two lines.' }],
        },
        {
          number: 'I',
          heading: 'Steps',
          level: 2,
          steps: [
            { number: 'I01', depth: 1, text: 'Look at `{{process.entity_id}}`.' },
            {
              number: 'I01a',
              depth: 2,
              text: 'Deeper:',
              query: { language: 'osquery', label: 'Retrieve It', text: 'SELECT 1\n  FROM x;' },
            },
            { number: 'I02', depth: 1, text: 'And on.' },
          ],
        },
      ],
    });
  });

  const rows: readonly (readonly [string, string, string])[] = [
    ['text before a heading', 'Hello. <!-- G01 -->', 'a guide begins with a heading'],
    ['a heading too deep', '### A <!-- G01 -->', 'a heading of a guide has one # or two'],
    ['a step without number', '# A <!-- G01 -->\n- b', 'no number at the end, such as <!-- I01a -->'],
    ['a heading without number', '# A', 'no number at the end, such as <!-- I01a -->'],
    ['an odd indent', '# A <!-- G01 -->\n   - b <!-- G02 -->', 'indent a step by two spaces for each level'],
    [
      'a query without step',
      '# A <!-- G01 -->\n```osquery L\nx\n```',
      'put a query below the step it belongs to',
    ],
    [
      'a query without label',
      '# A <!-- G01 -->\n- b <!-- G02 -->\n```osquery\nx\n```',
      'a query needs a label: ```osquery Label',
    ],
    ['an empty query', '# A <!-- G01 -->\n- b <!-- G02 -->\n```osquery L\n```', 'the query is empty'],
    [
      'an unclosed query',
      '# A <!-- G01 -->\n- b <!-- G02 -->\n```osquery L\nx',
      'the query is not closed by ```',
    ],
    ['an unclosed code span', '# A <!-- G01 -->\n- `b <!-- G02 -->', 'a code span is not closed'],
    ['a link', '# A <!-- G01 -->\n- [b](c) <!-- G02 -->', 'only code spans are allowed as markup: "[b]("'],
    ['HTML', '# A <!-- G01 -->\n- <b>c</b> <!-- G02 -->', 'only code spans are allowed as markup: "<b"'],
    [
      'an Elastic button',
      '# A <!-- G01 -->\n- !{osquery} <!-- G02 -->',
      'only code spans are allowed as markup: "!{"',
    ],
  ];
  it.each(rows)('refuses %s', (_, text, message) => {
    expect(read(text).problems.map(problem => problem.message)).toContain(message);
  });
});

function foreign(note: string, transforms = NO_TRANSFORMS) {
  const { guide, warnings } = readElasticGuide(note, transforms, isKnown);
  return { sections: guide.sections, steps: guide.sections.flatMap(section => section.steps), warnings };
}

describe("the note of Elastic's rules", () => {
  it('keeps headings, lists and lines that run on', () => {
    const { sections, warnings } = foreign(
      '## Triage\n\n### Investigating X\n\nFirst line\nsecond line.\n\n> **Note**:\n> quoted.\n\n#### Steps\n\n- one\nruns on\n  - two\n1. three\n',
    );
    expect(warnings).toEqual([]);
    expect(sections.map(({ heading, level }) => [heading, level])).toEqual([
      ['Triage', 1],
      ['Investigating X', 2],
      ['Steps', 2],
    ]);
    expect(sections[1]!.steps.map(step => step.text)).toEqual(['First line second line.', 'Note: quoted.']);
    expect(sections[2]!.steps).toEqual([
      { number: '', depth: 1, text: 'one runs on' },
      { number: '', depth: 2, text: 'two' },
      { number: '', depth: 1, text: 'three' },
    ]);
  });

  it.each([
    ['- **bold** and __bold__', 'bold and bold'],
    ['- see [the page](https://example.com/a)', 'see the page (https://example.com/a)'],
    ['- <b>tags</b> go', 'tags go'],
    ['- `**code** stays`', '`**code** stays`'],
    ['- `{{host.name}}` is a field', '`{{host.name}}` is a field'],
    ['- {{nonsense}} is none', 'nonsense is none'],
    ['- {{ host.name }} is a field', '{{host.name}} is a field'],
    ['- HKU\\<SID>\\Run stays', 'HKU\\<SID>\\Run stays'],
  ])('%s', (note, text) => {
    expect(foreign(note).steps.map(step => step.text)).toEqual([text]);
  });

  const button = '!{osquery{"label":"Osquery - All } Services","query":"SELECT \\"a}\\"\\nFROM b"}}';
  const osquery = (label: string, text: string): GuideStep['query'] => ({ language: 'osquery', label, text });

  it('fills in a button of the text', () => {
    expect(foreign(`- ${button}`).steps).toEqual([
      {
        number: '',
        depth: 1,
        text: 'Osquery - All } Services',
        query: osquery('Osquery - All } Services', 'SELECT "a}"\nFROM b'),
      },
    ]);
  });

  it('fills in the buttons of the file, two in one step', () => {
    const transforms: Transforms = {
      osquery: [
        { label: 'A', query: { language: 'osquery', label: 'A', text: 'SELECT 1' }, reason: '' },
        { label: 'B', query: { language: 'osquery', label: 'B', text: 'SELECT 2' }, reason: '' },
      ],
      investigate: [],
    };
    expect(foreign('- try $osquery_0 then $osquery_1', transforms).steps).toEqual([
      { number: '', depth: 1, text: 'try A then', query: osquery('A', 'SELECT 1') },
      { number: '', depth: 1, text: 'B', query: osquery('B', 'SELECT 2') },
    ]);
  });

  const terms = (providers: unknown) =>
    `!{investigate{"label":"L","providers":${JSON.stringify(providers)},"relativeFrom":"now-48h","relativeTo":"now"}}`;
  const phrase = (field: string, value: string, more = {}) => ({
    field,
    value,
    queryType: 'phrase',
    valueType: 'string',
    excluded: false,
    ...more,
  });
  it.each([
    ['one row', [[phrase('a', 'x'), phrase('b', 'y')]], 'a : "x" and b : "y"'],
    ['two rows', [[phrase('a', 'x')], [phrase('b', 'y')]], '(a : "x") or (b : "y")'],
    ['an excluded term', [[phrase('a', 'x', { excluded: true })]], 'not a : "x"'],
    ['an existence test', [[phrase('a', '', { queryType: 'exists' })]], 'a : *'],
    ['quotes and backslashes', [[phrase('a', 'C:\\x"y')]], 'a : "C:\\\\x\\"y"'],
    ['a number', [[phrase('a', '42', { valueType: 'number' })]], 'a : 42'],
    [
      'text that calls itself a number',
      [[phrase('a', '1 or b:*', { valueType: 'number' })]],
      'a : "1 or b:*"',
    ],
    [
      'a field of the alert: one whole literal',
      [[phrase('host.id', '{{host.id}}')]],
      'host.id : {{host.id}}',
    ],
  ])('writes investigate providers as KQL: %s', (_, providers, text) => {
    expect(foreign(`- ${terms(providers)}`).steps[0]!.query).toEqual({
      language: 'kql',
      label: 'L',
      text,
      investigate: { groups: expect.any(Array), from: 'now-48h', to: 'now' },
    });
  });

  it.each([
    ['a range', terms([[phrase('a', 'x', { queryType: 'range' })]])],
    ['a field that is no name', terms([[phrase('a or b', 'x')]])],
    ['no providers', terms([])],
    ['broken JSON', '!{osquery{"label":}}'],
    ['a number that no transform has', '$osquery_7'],
    ['an unknown placeholder', '{{x}}'],
  ])('warns of %s and goes on', (_, note) => {
    const { steps, warnings } = foreign(`- ${note}`);
    expect(warnings).toHaveLength(1);
    expect(steps.map(step => step.query)).toEqual([undefined]);
  });

  const pieces = ['[', '![](', '`', '!{osquery{', '{{', '<a', '**', '$osquery_1', '#', '- ', '> ', '```\n'];
  it.each(pieces)('takes %j again and again', piece => {
    expect(foreign(piece.repeat(10_000)).sections).toBeDefined();
  });
});
