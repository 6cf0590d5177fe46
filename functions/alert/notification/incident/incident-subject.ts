import type { Alert } from '../../detection/index.ts';
import { fittingSubject, levelWord, shownIn, subjectParts, subjectWithin } from '../alert/subject-line.ts';
import type { RenderOptions } from '../options.ts';

/**
 * `[high] 21 service writes by services.exe on WS6, 2 suspicious: "Updater" -> a.exe`: how many, by whom and where, how
 * many are as suspicious as the first, and that one if there is space. ASCII, at most 99 characters.
 */
export function incidentSubject(
  alerts: readonly [Alert, ...Alert[]],
  { sha256 }: Pick<RenderOptions, 'sha256'>,
): string {
  const [first] = alerts;
  const { level } = first.assessment;
  const { requester, writer } = first.facts;
  const process = requester.name ?? writer.name ?? writer.executable;
  const isOnePlace = alerts.every(({ location }) => location?.number === first.location?.number);
  const alike = alerts.filter(({ assessment }) => assessment.level === level).length;
  const opening = subjectWithin(widths => {
    const { where, host } = subjectParts(first, sha256, widths);
    const what = isOnePlace && first.location !== null ? `${where} writes` : 'writes';
    return [
      `[${first.rule.severity}] ${alerts.length} ${what}`,
      process === null ? '' : ` by ${shownIn(process, widths[2], sha256)}`,
      host === null ? '' : ` on ${host}`,
      `, ${alike} ${levelWord(level)}`,
    ].join('');
  });
  const whole = fittingSubject(widths => {
    const { name, program } = subjectParts(first, sha256, widths);
    const parts = [...(name === null ? [] : [`"${name}"`]), ...(program === null ? [] : [`-> ${program}`])];
    return parts.length === 0 ? opening : `${opening}: ${parts.join(' ')}`;
  });
  return whole ?? opening;
}
