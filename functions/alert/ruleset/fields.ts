import { INTEGRATION_FIELDS, OPEN_INTEGRATION_FIELDS } from './integration-fields.ts';
import { nearestOf } from './nearest.ts';

/**
 * The fields a rule may read without declaring them: the Elastic Common Schema and what Elastic Defend adds to it.
 * `@set:prefix` stands for the fields of a set below a prefix, `@set` for those below the line's own.
 */
const SETS: Readonly<Record<string, string>> = {
  as: 'number organization.name',
  code_signature:
    'digest_algorithm exists flags signing_id status subject_name team_id thumbprint_sha256 timestamp trusted valid',
  elf: 'architecture byte_order cpu_type creation_date exports go_import_hash go_imports go_stripped header.abi_version header.class header.data header.entrypoint header.object_version header.os_abi header.type header.version import_hash imports sections.name shared_libraries telfhash',
  ext_signature: 'exists status subject_name thumbprint_sha256 trusted valid',
  geo: 'city_name continent_code continent_name country_iso_code country_name location name postal_code region_iso_code region_name timezone',
  group: 'domain id name Ext.real.id Ext.real.name',
  hash: 'cdhash md5 sha1 sha256 sha384 sha512 ssdeep tlsh imphash',
  macho: 'go_import_hash go_imports go_stripped import_hash imports sections.name symhash',
  nat: 'ip port',
  os: 'family full kernel name platform type version Ext.variant',
  pe: 'architecture company description file_version go_import_hash go_imports go_stripped imphash import_hash imports original_file_name pehash product sections.name sections.entropy Ext.dotnet Ext.sections Ext.streams',
  user: 'domain email full_name hash id name risk.calculated_level risk.calculated_score roles @group:group Ext.real.id Ext.real.name',
  x509: 'alternative_names issuer.common_name issuer.country issuer.distinguished_name issuer.organization not_after not_before public_key_algorithm serial_number signature_algorithm subject.common_name subject.country subject.distinguished_name subject.organization version_number',
  endpoint_file:
    'accessed attributes created ctime device directory drive_letter extension fork_name gid group inode mime_type mode mtime name origin_referrer_url origin_url owner path size target_path type uid @code_signature:code_signature @hash:hash @pe:pe @elf:elf @macho:macho @x509:x509',
  peer: 'address bytes domain ip mac packets port registered_domain subdomain top_level_domain @as:as @geo:geo @nat:nat @user:user',
  process_core:
    'args args_count command_line end entity_id env_vars executable exit_code interactive name pid ppid pgid start supplemental_groups.id supplemental_groups.name thread.capabilities.effective thread.capabilities.permitted thread.id thread.name title tty.char_device.major tty.char_device.minor tty.columns tty.rows uptime vpid working_directory same_as_process io.text io.type io.total_bytes_captured @code_signature:code_signature @hash:hash @pe:pe @elf:elf @macho:macho @user:user @user:real_user @user:saved_user @group:group @group:real_group @group:saved_group entry_meta.type entry_meta.source.ip entry_meta.source.port',
  process_ext:
    'ancestry api.behaviors api.metadata.client_is_local api.metadata.client_machine api.metadata.client_machine_fqdn api.metadata.client_process_id api.metadata.target_address_name api.metadata.target_address_path api.name api.parameters.address api.parameters.desired_access api.parameters.namespace api.parameters.operation api.parameters.protection api.parameters.size api.summary architecture authentication_id created_suspended defense_evasions device.bus_type device.dos_name device.file_system_type device.nt_name device.product_id device.serial_number device.vendor_id device.volume_device_type dll effective_parent.entity_id effective_parent.executable effective_parent.name effective_parent.pid memory_region.allocation_base memory_region.allocation_protection memory_region.mapped_path memory_region.region_base memory_region.strings mitigation_policies protection relative_file_creation_time relative_file_name_modify_time services session session_info.authentication_package session_info.client_address session_info.id session_info.logon_type session_info.relative_logon_time session_info.relative_password_age session_info.user_flags token.domain token.elevation token.elevation_level token.elevation_type token.impersonation_level token.integrity_level token.integrity_level_name token.is_appcontainer token.privileges token.security_attributes token.sid token.type token.user trusted trusted_descendant user windows.zone_identifier real.pid @ext_signature:code_signature',
};

const FIELDS = `
@timestamp message tags
agent build.original ephemeral_id id name type version
cloud account.id account.name availability_zone instance.id instance.name machine.type project.id project.name provider region service.name
client @peer
container id image.hash.all image.name image.tag name runtime security_context.privileged
data_stream dataset namespace type
destination @peer
device id manufacturer model.identifier model.name serial_number
dll name path @code_signature:code_signature @hash:hash @pe:pe Ext.compile_time Ext.defense_evasions Ext.device.bus_type Ext.device.dos_name Ext.device.product_id Ext.device.serial_number Ext.device.vendor_id Ext.device.volume_device_type Ext.load_index Ext.mapped_address Ext.mapped_size Ext.relative_file_creation_time Ext.relative_file_name_modify_time Ext.size @ext_signature:Ext.code_signature
dns answers.class answers.data answers.name answers.ttl answers.type header_flags id op_code question.class question.name question.registered_domain question.subdomain question.top_level_domain question.type resolved_ip response_code type Ext.options Ext.status
driver name path @code_signature:code_signature @hash:hash @pe:pe
ecs version
Effective_process entity_id executable name pid
email attachments.file.extension attachments.file.name direction from.address message_id sender.address subject to.address x_mailer
endgame event_subtype_full event_type_full metadata.type process_name
error code id message stack_trace type
event action agent_id_status category code created dataset duration end hash id ingested kind module original outcome provider reason reference risk_score risk_score_norm sequence severity start timezone type url
file @endpoint_file Ext.device.bus_type Ext.device.dos_name Ext.device.product_id Ext.device.serial_number Ext.device.vendor_id Ext.device.volume_device_type Ext.entropy Ext.entry_modified Ext.header_bytes Ext.header_data Ext.malware_classification.identifier Ext.malware_classification.score Ext.monotonic_id Ext.original.directory Ext.original.extension Ext.original.gid Ext.original.group Ext.original.mode Ext.original.name Ext.original.owner Ext.original.path Ext.original.uid Ext.quarantine_path Ext.quarantine_result Ext.relative_file_creation_time Ext.windows.zone_identifier @ext_signature:Ext.code_signature
group @group
host architecture boot.id cpu.usage domain hostname id ip mac name pid_ns_ino risk.calculated_level risk.calculated_score type uptime @geo:geo @os:os @user:user
http request.body.bytes request.body.content request.bytes request.id request.method request.mime_type request.referrer response.body.bytes response.body.content response.bytes response.mime_type response.status_code version
log file.path level logger offset origin.file.line origin.file.name origin.function syslog.appname syslog.facility.name syslog.hostname syslog.priority
network application bytes community_id direction forwarded_ip iana_number name packets protocol transport type vlan.id vlan.name
observer hostname ip mac name product serial_number type vendor version @geo:geo @os:os
orchestrator api_version cluster.id cluster.name cluster.url cluster.version namespace organization resource.id resource.name resource.type type
organization id name
package architecture build_version checksum description installed license name path reference size type version
process @process_core @process_ext:Ext Ext.bits thread.Ext.call_stack.allocation_private_bytes thread.Ext.call_stack.callsite_leading_bytes thread.Ext.call_stack.callsite_trailing_bytes thread.Ext.call_stack.module_path thread.Ext.call_stack.protection thread.Ext.call_stack.symbol_info thread.Ext.call_stack_summary thread.Ext.call_stack_contains_unbacked thread.Ext.call_stack_final_user_module.name thread.Ext.call_stack_final_user_module.path thread.Ext.hardware_breakpoint_set thread.Ext.start_address thread.Ext.start_address_module thread.Ext.original_start_address thread.Ext.parameter
process.parent @process_core @process_ext:Ext @process_core:group_leader
process.group_leader @process_core
process.session_leader @process_core @process_core:parent
process.entry_leader @process_core @process_core:parent
process.previous args args_count executable
process.responsible @process_core
registry data.bytes data.strings data.type hive key path value Ext.old_data.strings
related hash hosts ip user
rule author category description id license name reference ruleset uuid version
server @peer
service address environment ephemeral_id id name node.name node.role state type version
source @peer
span id
Target.process @process_core @process_ext:Ext
threat framework group.id group.name indicator.type indicator.ip software.id software.name tactic.id tactic.name tactic.reference technique.id technique.name technique.reference technique.subtechnique.id technique.subtechnique.name technique.subtechnique.reference
tls cipher client.ja3 client.server_name established server.ja3s version version_protocol
trace id
transaction id
url domain extension fragment full original password path port query registered_domain scheme subdomain top_level_domain username
user @user @user:changes @user:effective @user:target
user_agent device.name name original version @os:os
volume bus_type device_name device_type dos_name file_system_type nt_name product_id serial_number vendor_id
vulnerability category classification description id reference score.base severity
winlog activity_id api channel computer_name event_id keywords logon.id logon.type logon.failure.reason opcode process.pid process.thread.id provider_guid provider_name record_id related_activity_id task user.domain user.identifier user.name user.type version
`;

/** Objects whose members cannot be listed: every name below them is known. */
const OPEN = ['labels.', 'container.labels.', 'winlog.event_data.', 'winlog.user_data.', 'process.env_vars.'];

const OPEN_FIELDS = [...OPEN, ...OPEN_INTEGRATION_FIELDS];

let known: ReadonlySet<string> | undefined;

/** Every field of a list: ECS and Elastic Defend, and fields of integrations that Elastic's rules read. */
export function knownFields({
  withIntegrations,
}: {
  readonly withIntegrations: boolean;
}): ReadonlySet<string> {
  const lines = `${FIELDS.trim()}${withIntegrations ? INTEGRATION_FIELDS.trimEnd() : ''}`.split('\n');
  return new Set(
    lines.flatMap(line => {
      const [prefix = '', ...names] = line.split(' ');
      if (prefix === '@') return names;
      return prefix.startsWith('@') ? [prefix, ...names] : expand(prefix, names);
    }),
  );
}

/** Knows the listed fields, those below open objects, and a rule's own. */
export function fieldKnowledge(own: readonly string[]): {
  readonly isKnown: (path: string) => boolean;
  readonly suggest: (path: string) => string | undefined;
} {
  // Expanded for the first rule.
  known ??= knownFields({ withIntegrations: true });
  const listed = known;
  const isKnown = (path: string) =>
    listed.has(path) || own.includes(path) || OPEN_FIELDS.some(prefix => path.startsWith(prefix));
  const suggest = (path: string) => {
    // Elastic maps `process.name.caseless` beside `process.name`; a document contains only the latter.
    const plain = path.replace(/\.(caseless|text|keyword)$/, '');
    return plain !== path && isKnown(plain) ? plain : nearestOf(path, [...own, ...listed]);
  };
  return { isKnown, suggest };
}

function expand(prefix: string, names: readonly string[]): string[] {
  return names.flatMap(name => {
    if (!name.startsWith('@')) return [`${prefix}.${name}`];
    const [set = '', below] = name.slice(1).split(':');
    return expand(below === undefined ? prefix : `${prefix}.${below}`, SETS[set]!.split(' '));
  });
}
