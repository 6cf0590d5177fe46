import { readRule } from '../../functions/alert/ruleset/rule/rule.ts';
import { deps, filesOf, WMI_RULE } from './rule-folder.ts';

/** As EQL writes it. */
export const RUN = 'HKLM\\\\Software\\\\Microsoft\\\\Windows\\\\CurrentVersion\\\\Run';

/** A sound condition. */
export const GOOD = `host.id == "h-1" and registry.path == "${RUN}\\\\Agent" and registry.data.strings : "C:\\\\Program Files\\\\X\\\\*"`;

export const FILES = filesOf(WMI_RULE);
export const withExceptions = (text: string) => new Map(FILES).set('exceptions.toml', text);
export const ruleWith = (text: string) => readRule('wmi', withExceptions(text), deps);
