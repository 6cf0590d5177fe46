import { expect, it } from 'vitest';
import { ruleFiles, ruleFolders } from '../../functions/alert/pipeline/load-rules.ts';
import { sha256 } from '../../functions/alert/pipeline/scan-log.ts';
import { Problems } from '../../functions/alert/ruleset/problem.ts';
import { freezeToml, tomlReader } from '../../functions/alert/ruleset/toml/frozen-toml.ts';
import { readToml } from '../../functions/alert/ruleset/toml/toml.ts';

it.each(ruleFolders('rules'))('the TOML of %s is the same when it was read at build time', folder => {
  const files = ruleFiles('rules', folder);
  const read = tomlReader(freezeToml(files, sha256), sha256);
  const problems = new Problems();
  for (const [file, text] of files) {
    if (file.endsWith('.toml'))
      expect(read({ file, text }, problems)).toEqual(readToml({ file, text }, problems));
  }
  expect(problems.found).toEqual([]);
});

it('a file that was changed afterwards is read anew', () => {
  const read = tomlReader(freezeToml(new Map([['a.toml', 'a = 1']]), sha256), sha256);
  const text = 'a = 2';
  expect(read({ file: 'a.toml', text }, new Problems())).toEqual(
    readToml({ file: 'a.toml', text }, new Problems()),
  );
});
