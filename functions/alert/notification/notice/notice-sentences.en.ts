/** Everything a notice says in English. */
export const noticeEn = {
  'digest.subject': 'More alerts in one log than are sent one by one',
  'digest.headline': '{total} alerts in one log; {told} of them were sent one by one, {rest} were not.',
  'digest.first': 'look at the groups below for a host or a location that no single alert showed',
  'digest.groups': 'groups',
  'digest.count': '{count}: ',
  'digest.more-groups': 'and {count} more groups',
  'digest.rest': 'all are in',
  'digest.records': 'not sent',
  'digest.span': 'records',
  'digest.span-is': 'first match {first}, last match {last}',
  'held.subject': 'Alerts of this hour are held in the archive',
  'held.headline':
    'The {limit} single alerts of this hour are used up: from now on alerts are held, not sent.',
  'held.first': 'read what is held, host by host, and find out what writes so much',
  'held.hour': 'hour',
  'held.hour-is': '{hour}, for one hour',
  'held.count': 'held so far',
  'held.place': 'held in',
  'held.one': 'the first',
  'backfill.subject': 'A backfill found something',
  'backfill.headline':
    'A backfill found something in older logs; this is its only message, the finds are listed.',
  'backfill.first':
    'read the list once the backfill is through: what it found may be old, and may be there still',
  'backfill.run': 'backfill',
  'backfill.place': 'listed in',
  'backfill.one': 'the first',
  'quarantine.subject': 'A log could not be read to its end',
  'quarantine.headline': 'A log could not be read to its end; what lies behind the damage was not judged.',
  'quarantine.first':
    'have the exporter write this log again, or read the rest by hand; until then its end is unwatched',
  'quarantine.code': 'problem',
  'quarantine.code-is': '{code}: {means}',
  'quarantine.read': 'read',
  'quarantine.read-is':
    '{records} records, {bytes} bytes decompressed; alerts from them: {alerts}, sent as usual',
  'quarantine.place': 'noted in',
  'suspicious-record.subject': 'Records that could not be read may hide a match',
  'suspicious-record.headline':
    '{count} records of a log were passed over although they hold words that the rules look for.',
  'suspicious-record.first':
    'read these records by hand: a write may hide in one that is made too long, too deep or not quite JSON',
  'suspicious-record.record': 'record {record}',
  'suspicious-record.record-is': '{code}, at byte {offset} of the decompressed log: {means}',
  'suspicious-record.more': 'and {count} more',
  'other-index.subject': 'Matches that name another index were not alerted',
  'other-index.headline':
    '{count} records would have matched, had they not named an index that is none of the rule.',
  'other-index.first':
    'if these logs are meant to be watched, add their index to the rule; else leave them out of the export',
  'other-index.indices': 'indices',
  'other-index.record': 'the first',
  'unknown-shape.subject': 'A log holds records that nothing here can read',
  'unknown-shape.headline':
    '{unknown} of {records} records of a log are of no product and no form that is known here; no rule can match them.',
  'unknown-shape.first':
    'see in docs/exporters.md whether the exporter has a setting for a form that is read; if these logs are not meant to be watched, leave them out with SOURCE_PREFIX',
  'unknown-shape.keys': 'keys',
  'unread-source.subject': 'No running rule reads the records of a product',
  'unread-source.headline':
    'Records of {product} arrive ({count} seen in one log), and no rule that runs has their index: they cannot alert.',
  'unread-source.first':
    'add the folder below to RULES, beside those that run now, or leave these logs out of the export',
  'unread-source.index': 'index',
  'unread-source.readers': 'read by',
  'unread-source.no-reader': 'no rule of this package; add one with that index',
  'object-missing.subject': 'A log was deleted before it was read',
  'object-missing.headline': 'A log was deleted before it could be read; nothing in it was judged.',
  'object-missing.first':
    'find out who deleted it (CloudTrail, data events of the bucket) and whether a copy exists',
  'object-overwritten.subject': 'A log was overwritten before it was read',
  'object-overwritten.headline':
    'A log was overwritten before it was read; the later bytes were judged, the first ones were not.',
  'object-overwritten.first':
    'find out who overwrote it, and whether the bucket keeps versions from which the first can be read',
  'object-overwritten.etag': 'ETag',
  'object-overwritten.etag-is': 'announced {expected}, found {found}',
  'object-overwritten.alerts': 'its alerts',
  'object-archived.subject': 'A log lies in an archive class and was not read',
  'object-archived.headline':
    'A log lies in an archive storage class and could not be read; nothing in it was judged.',
  'object-archived.first':
    'restore the object and let it be scanned again; keep logs out of archive classes until they are read',
  'object-archived.class': 'class',
  'incomplete-scan.subject': 'A log is too large to be read in one run',
  'incomplete-scan.headline':
    'A log is too large to be read in one run; what lies behind record {records} was not judged yet.',
  'incomplete-scan.first':
    'have the exporter write smaller objects, or give the function more time or memory',
  'expired-exception.subject': 'An exception has ended',
  'expired-exception.headline': 'The exception {id} has ended: what it accepted alerts again.',
  'expired-exception.first': 'ask {owner} whether it still holds; renew it with a new date, or remove it',
  rule: 'rule',
  'expired-exception.reason': 'its reason',
  'expired-exception.expires': 'ended',
  'canary.subject': 'Canary: the whole way works',
  'canary.subject-failed': 'Canary: the known match did not alert',
  'canary.headline': 'The known match went the whole way: read, judged, and told here.',
  'canary.headline-failed': 'The known match went wrong: its log gave {alerts} alerts instead of one.',
  'canary.first': 'nothing; its absence would be the alarm',
  'canary.first-failed':
    'treat every silence since the last good canary as unwatched, and look at rules, exceptions and the last deployment',
  'canary.scheduled': 'scheduled',
  'canary.late': '{moment}, uploaded {duration} later',
  'test.subject': 'Test: no alert, nothing happened',
  'test.headline': 'This is a test. Nothing happened on any host.',
  'test.headline-selftest': 'This is a test that somebody started. Nothing happened on any host.',
  'test.first': 'nothing, if you read this where alerts should reach you; else have the subscription mended',
  'test.at': 'at',
  object: 'log',
  version: 'version',
  uploaded: 'uploaded',
  first: 'First',
  'not-known': 'not known',
  'no-host': 'host not named',
  'no-location': 'location not known',
  'no-requester': 'requester not in the event',
  notice: 'Notice',
  'section.what': 'What is known',
} as const;
