/** Everything an alert says in English, but for what rules, guides and queries bring along. `{name}`: see `fill`. */
export const en = {
  // First lines
  headline: '{host}: {what} was written through WMI.',
  'headline.other': '{host}: a rule matched, {rule}.',
  'host.unknown': 'a host that the event does not name',
  'label.runs': 'Runs',
  'label.loads': 'Loads',
  'label.may-run': 'May run',
  'label.may-load': 'May load',
  'label.written': 'Written',
  'label.asked': 'Asked by',
  'label.asked-through': 'Asked',
  'label.by': 'By',
  'label.first': 'First',
  'effect.runs': '{when} ({who})',
  'effect.none': 'no known effect: {when}',
  'effect.other-key':
    'not at the documented key, {key}, so whether Windows acts on it is not known; there it would, {when} ({who})',
  'effect.classes':
    'no known effect: this hive holds the file associations of a user, and Windows reads none of these places in it',
  'effect.mounted': "if it becomes a user's own hive: {when} ({who})",
  'effect.no-logon': 'no known effect: {owner} has no interactive logon that would start it',
  'effect.unknown': 'what Windows does with it is not known to this rule',
  'effect.number': 'a number: a setting, not a command',
  'effect.empty': 'nothing in it that could run',
  'data.none': 'data not in the event',
  'data.empty': '(empty)',
  'data.more': '(1 of {count} strings)',
  'asked.named': '{name}, pid {pid}, on this host',
  'asked.named-no-pid': '{name}, on this host',
  'asked.broker': 'through {name}, pid {pid}; the caller may be another machine or program',
  'asked.broker-no-pid': 'through {name}; the caller may be another machine or program',
  'asked.absent': 'not in this event; may be another machine',
  'by.process': '{name}, pid {pid}',
  'first.planned':
    'if nobody planned this, save this alert and {value} to the case, then decide on isolating {host}',
  'first.remote':
    'save this alert and {value} to the case, ask whether another machine was behind it ({remote}), then decide on isolating {host}',
  'first.no-effect': 'save this alert and {value} to the case, then find out who asked and why',
  'first.value': 'the value ({query} reads it)',
  'first.value-by-hand': 'the value',

  // Owners of hives
  'owner.machine': 'this machine',
  'owner.user': '{sid}',
  'owner.administrator': '{sid}, the built-in Administrator',
  'owner.entra-user': '{sid}, a user of Entra ID',
  'owner.system': 'LocalSystem ({sid})',
  'owner.local-service': 'LocalService ({sid})',
  'owner.network-service': 'NetworkService ({sid})',
  'owner.service': 'the service account {sid}',
  'owner.classes': 'the user of {sid}',
  'owner.mounted': 'whoever owns the hive mounted as {sid}',
  'owner.other': 'an owner whom the path does not name',

  // Sections
  'section.when': 'When',
  'section.written': 'What was written',
  'section.why': 'Why it matched',
  'section.also': 'In the same log, and before',
  'section.triage': 'First questions, in this order',
  'section.planned': 'If it was planned',
  'section.undo': 'Undo',
  'section.evidence': 'Evidence',
  'section.rule': 'Rule',
  'section.more-queries': 'More queries',
  'section.other-languages': 'The same queries in other languages',

  // When
  'when.event': 'event',
  'when.upload': 'uploaded',
  'when.unknown': 'not in the event',
  'when.upload-unknown': 'not known',
  'when.after': '{moment}, {duration} after the event',
  'when.before': '{moment}, {duration} before the event: one of the two clocks is wrong',
  'when.missed':
    'Later than the {lookBack} that the rule looks back: on its own schedule it would have missed this event.',

  // What was written
  'written.key': 'key',
  'written.value': 'value',
  'written.data': 'data',
  'written.program': 'program',
  'written.owner': 'hive of',
  'written.service': 'service',
  'written.attack': 'ATT&CK',
  'written.default-value': "(the key's default value)",
  'written.value-of-type': '{name} ({type})',
  'written.type-unknown': 'type not in the event',
  'written.no-strings': 'not in the event',
  'note.user-writable': 'The program lies in a folder that any user can write to.',
  'note.remote':
    'The data names another machine or a device. Do not open it: that may log you on to a machine of the attacker.',
  'note.uncertain':
    'Where the key ends and the name of the value begins is not certain, since a name may hold backslashes.',
  'note.mounted':
    'This hive was mounted by hand under a name of its own. Whose it is does not stand in the event: look for reg.exe load among the process events.',
  'note.default-profile': 'Were it the hive of the default profile, every new user would inherit the value.',
  'note.no-hash': 'Neither hash nor signature of the program is in the event. {query} gets both.',
  'note.no-hash-left-out':
    'Neither hash nor signature of the program is in the event, and {query} says why no query gets them.',
  'note.cut-event':
    'The event was too large to hold: only the fields that the rule and this alert read were kept.',
  'legend.codes':
    'In data, a character that cannot be seen, or that could do more than be seen, is shown by its code: {names}.',
  'legend.codes-nameless':
    'In data, a character that cannot be seen, or that could do more than be seen, is shown by its code, such as {names}.',
  'legend.links': 'In data, [:] [.] [\\\\] stand for : . \\\\ so that no program makes a link of them.',
  'legend.left-off': 'In data, [+12] means that 12 characters more are left off here; the evidence has them.',

  // Why it matched
  'why.is': '{field} is {values}',
  'why.present': '{field} is there',
  'why.pattern': '{field} fits {pattern} ({place})',
  'why.pattern-of': 'pattern {position} of {count}',
  'why.os-from': 'host.os.type is taken from {field}, since Endgame sends it there.',
  'why.location': 'location {number} of {count}',
  'why.also': 'The path also fits location {number}, {what}; the one above counts, since {reason}.',
  'why.documented': 'its documented key is the one written',
  'why.strongest': 'its effect is the strongest',

  // Surroundings
  'also.none': 'No other match on this host by this requester in this log.',
  'also.some': '{count} more on this host by this requester in this log:',
  'also.one': '1 more on this host by this requester in this log:',
  'also.rest': 'and {count} more',
  'also.unknown':
    'Other matches in this log were not counted: this alert was told before the log was read to its end.',
  'also.repeats': 'The same event stands in this log {count} times.',
  'also.history-unknown': 'Same value on other hosts, earlier alerts of this host: not known.',
  'also.hosts-none': 'The same value and data were seen on no other host before.',
  'also.hosts': 'The same value and data were seen on {hosts}.',
  'also.hosts-more': 'The same value and data were seen on {hosts}, and more.',
  'also.alerts': 'Alerts of this host within 48 hours, in the archive: {count}.',
  'also.alerts-unknown': 'Alerts of this host within 48 hours: not known.',
  'history.unknown': 'not known here',

  // Queries
  'query.in': '{language} in {index}',
  'query.place': '{place}; {range}',
  'query.left-out': 'No query: {reason}.',
  'query.too-long': 'it would be too long for this message',
  'query.open': 'open in Kibana',
  'query.straight':
    'All quotes in queries are straight ASCII quotes; if yours came out curly, a program on the way changed them. The time picker of Kibana counts too: set it at least as wide.',

  // Guide
  'guide.window': '{from} to {to}',
  'history.alerts': '{count} in the archive',
  'guide.english-only': 'This rule has no guide in this language; it follows in English.',
  'guide.none': 'This rule has no guide.',
  'guide.cut': 'The guide was left off, so that the message fits. It is in the report.',

  // If it was planned
  'planned.add':
    'Whoever keeps the rules adds exactly this, and no more, to exceptions.toml of the rule {folder}:',
  'planned.left-out': 'No exception could be written for this event: {reason}.',

  // Evidence
  'evidence.object': 'object',
  'evidence.version': 'version',
  'evidence.etag': 'ETag',
  'evidence.file': 'file',
  'evidence.record': 'record',
  'evidence.record-at': '{record}, at byte {offset} of the decompressed log, SHA-256 {sha256}',
  'evidence.record-short': '{record}, at byte {offset} of the decompressed log',
  'evidence.alert': 'as JSON',
  'evidence.report': 'report',

  // Rule
  'rule.name': 'name',
  'rule.version': '{name}, version {version}',
  'rule.finds': 'finds',
  'rule.severity': 'severity',
  'rule.severity-is': '{severity}, risk score {risk} of 100: of the rule, for every alert of it',
  'rule.author': 'author',
  'rule.author-is': '{authors}; licence {license}; this notice by registry-alert',
  'rule.type': 'type',
  'rule.schedule': 'schedule',
  'rule.schedule-is':
    'as published every {interval} from {from} (date math; additional look-back), at most {maxSignals} alerts per run; here every log is read once, when it is uploaded, which replaces both',
  'rule.indices': 'indices',
  'rule.tags': 'tags',
  'rule.references': 'references',
  'rule.no-references': 'none',
  'rule.attack': 'ATT&CK',
  'rule.digest': 'SHA-256',
  'rule.digest-is': '{digest} of rule, locations and exceptions',
  'section.guide': 'Guide of the rule',
  'section.rule-query': 'Query of the rule',
  'when.unreadable': 'not a time that can be read: {text}',
  'also.hosts-unknown': 'The same value on other hosts: not known.',
  'undo.checks': 'Look also at',
  'undo.restore': 'To undo the write',
  'severity.low': 'low',
  'severity.medium': 'medium',
  'severity.high': 'high',
  'severity.critical': 'critical',
  'label.alert': 'alert',

  // Cutting
  cut: 'Cut, so that the message fits: {names}. All of it is in the archive.',
  'cut.nowhere': 'Cut, so that the message fits: {names}. All of it is in the evidence.',
  'cut.event': 'the event as a whole',
  'cut.neighbours': 'other matches of the log',
  'cut.values': 'long values',
  'cut.guide': 'the guide',
  'cut.languages': 'the queries in other languages',
  'cut.queries': 'long queries',
  'cut.all': 'everything but what names the alert',

  // Chat
  'chat.title': '*{severity}* WMI wrote {what} on {host}',
  'chat.title-other': '*{severity}* {rule} on {host}',
  'chat.runs': 'It runs {data} {when}, {who}.',
  'chat.loads': 'Windows loads {data} {when}, {who}.',
  'chat.may-run': '{data} may run: {when}.',
  'chat.may-load': '{data} may be loaded: {when}.',
  'chat.written': 'Written: {data}; {effect}.',
  'chat.asked': 'Asked by: {asked}.',
  'chat.asked-through': 'Asked {asked}.',
  'chat.by': 'By: {asked}.',
  'chat.when': '*When* {moment}',
  'chat.uploaded': 'uploaded {duration} later',
  'chat.key': '*Key* {key} *value* {value}',
  'chat.note': '*Note* {note}',
  'chat.next.did-it-run': 'Did it run?',
  'chat.next.remote': 'Was another machine behind it?',
  'chat.next.in-mail': 'Query {query} in the e-mail.',
  'chat.next.file': 'Signature and SHA-256 of the program, on the host: {query} in the e-mail.',
  'chat.next.all': 'Guide, queries and evidence: {place}',
  'chat.next.mail': 'Guide, queries and evidence are in the e-mail of this alert.',
} as const;
