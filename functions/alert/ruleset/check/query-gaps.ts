import { fieldKnowledge } from '../fields.ts';
import { nearestOf } from '../nearest.ts';
import type { Rule } from '../rule/rule.ts';

/** The values that ECS allows in `event.category`. https://www.elastic.co/docs/reference/ecs/ecs-allowed-values-event-category */
const CATEGORIES = (
  'api authentication configuration database driver email file host iam intrusion_detection library malware network ' +
  'package process registry session threat vulnerability web'
).split(' ');

/** What Elasticsearch accepts in a query and no event is likely to satisfy; a sentence each. */
export function queryGaps({ query }: Rule): string[] {
  const category = query.category?.field === 'event.category' ? query.category.value : null;
  const meant =
    category === null || CATEGORIES.includes(category) ? undefined : nearestOf(category, CATEGORIES);
  const fields = fieldKnowledge([]);
  return [
    ...(meant === undefined ? [] : [`ECS has no category ${category}; did you mean ${meant}?`]),
    ...query.fields.flatMap(field => {
      // Any other unknown field was refused, unless it is optional or the rule's own.
      const near = fields.isKnown(field) ? undefined : fields.suggest(field);
      return near === undefined || !query.source.includes(`?${field}`)
        ? []
        : [`?${field} is no known field, so it may always be missing; did you mean ${near}?`];
    }),
  ];
}
