/**
 * Fields of integrations that Elastic's EQL rules read: a line for each prefix, `@` for none. Written by
 * `infra/integration-fields.ts`, which says how, from the rules and non-ecs-schema.json of elastic/detection-rules and
 * these data streams of elastic/integrations: aws.cloudtrail, github.audit, google_workspace.drive,
 * kubernetes.audit_logs, okta.system.
 */
export const INTEGRATION_FIELDS = `
auditd.data a0 a1 a2 a3 addr class grantors syscall terminal
auditd result
aws.cloudtrail additional_eventdata api_version console_login.additional_eventdata.login_to console_login.additional_eventdata.mfa_used console_login.additional_eventdata.mobile_version error_code error_message event_category event_type event_version flattened.additional_eventdata flattened.digest flattened.insight_details flattened.request_parameters flattened.response_elements flattened.service_event_details management_event read_only recipient_account_id request_id request_parameters resources.account_id resources.arn resources.type response_elements service_event_details shared_event_id user_identity.access_key_id user_identity.arn user_identity.invoked_by user_identity.session_context.creation_date user_identity.session_context.mfa_authenticated user_identity.session_context.session_issuer.account_id user_identity.session_context.session_issuer.arn user_identity.session_context.session_issuer.principal_id user_identity.session_context.session_issuer.type user_identity.type vpc_endpoint_id
azure.activitylogs identity.claims.appid properties.appDisplayName properties.appId properties.authentication_protocol properties.requestbody.properties.roleDefinitionId properties.resourceDisplayName properties.responseBody properties.status_code
azure.auditlogs properties.additional_details.value properties.target_resources.0.display_name properties.target_resources.0.id properties.target_resources.0.modified_properties.0.display_name properties.target_resources.0.modified_properties.0.new_value properties.target_resources.0.modified_properties.0.old_value properties.target_resources.0.modified_properties.1.display_name properties.target_resources.0.modified_properties.1.new_value properties.target_resources.0.modified_properties.2.new_value properties.target_resources.0.modified_properties.3.new_value properties.target_resources.0.modified_properties.4.new_value properties.target_resources.0.modified_properties.5.new_value properties.userAgent
azure.graphactivitylogs properties.c_idtyp properties.c_sid properties.requestUri properties.user_principal_object_id
azure.platformlogs identity.claim.appid identity.claim.upn identity.type properties.accountName properties.id properties.log.objectRef.name properties.log.objectRef.resource properties.log.objectRef.subresource properties.log.requestURI properties.log.responseStatus.code properties.log.sourceIPs properties.log.user.username properties.log.verb properties.userAgentHeader statusCode
azure.signinlogs properties.app_id properties.app_owner_tenant_id properties.applied_conditional_access_policies.display_name properties.applied_conditional_access_policies.enforced_grant_controls properties.applied_conditional_access_policies.result properties.authentication_details.authentication_method properties.authentication_processing_details properties.authentication_protocol properties.client_credential_type properties.conditional_access_audiences.application_id properties.is_interactive properties.mfa_detail.auth_method properties.original_transfer_method properties.resource_id properties.resource_owner_tenant_id properties.session_id properties.tenant_id properties.token_protection_status_details.sign_in_session_status
@ blocklist_label job_id request
gcp.audit labels.authorization.k8s.io/decision request.kind request.metadata.name request.metadata.namespace request.metadata.ownerReferences.kind request.rules.resources request.rules.verbs request.spec.containers.securityContext.allowPrivilegeEscalation request.spec.containers.securityContext.capabilities.add request.spec.hostIPC request.spec.hostNetwork request.spec.hostPID request.spec.serviceAccountName request.spec.type request.spec.volumes.hostPath.path request.subjects.kind response.rules.resources response.rules.verbs
github active actor_id actor_ip actor_is_bot audit_log_stream_enabled audit_log_stream_id audit_log_stream_sink audit_log_stream_sink_details blocked_user branch business business_id category commit_id device events events_object forked_repository hashed_token hook_id integration login_method logout_reason message multi_repo name new_role number old_role operation_type org org_id overridden_codes permission programmatic_access_type public_repo publicly_leaked pull_request_id pull_request_title pull_request_url reason repo repo_id repositories_added repositories_added_names repositories_removed repositories_removed_names repository repository_public repository_selection request_category secret_type secret_type_display_name secrets_updated source_branch target_branch team token_id token_scopes topic transport_protocol transport_protocol_name user_agent user_id version visibility
github.actor_location country_name ip
github.changes billing_plan roles
github.data event head_branch head_sha started_at trigger_id workflow_id workflow_run_id
github.reasons code message
google_workspace.device account_state
google_workspace.drive accessed_url actor_is_collaborator_account added_role billable copy_type deletion_reason destination_folder_id destination_folder_title encryption_enforcement_option file.id file.owner.email file.owner.is_shared_drive file.type is_encrypted membership_change_type new_publish_visibility new_value old_publish_visibility old_value old_visibility originating_app_id owner_is_team_drive primary_event removed_role script_id shared_drive_id shared_drive_settings_change_type sheets_import_range_recipient_doc source_folder_id source_folder_title target target_domain target_user visibility visibility_change
google_workspace.token client.id scope.data scope.data.scope_name
gsuite admin
gsuite.admin new_value setting.name
http.request headers.authorization headers.content-type
http.response headers.content-type headers.location headers.server
influencers influencer_field_name influencer_field_values
kibana.alert risk_score rule.name rule.rule_id rule.threat.tactic.id rule.threat.tactic.name rule.threat.technique.id rule.threat.technique.name rule.type severity workflow_status
kubernetes.audit annotations apiVersion auditID impersonatedUser.extra impersonatedUser.groups impersonatedUser.uid impersonatedUser.username kind level objectRef.apiGroup objectRef.apiVersion objectRef.name objectRef.namespace objectRef.resource objectRef.resourceVersion objectRef.serviceAccountName objectRef.subresource objectRef.uid requestObject.rules requestObject.spec.containers.image requestObject.spec.containers.securityContext.allowPrivilegeEscalation requestObject.spec.containers.securityContext.capabilities.add requestObject.spec.containers.securityContext.privileged requestObject.spec.containers.securityContext.procMount requestObject.spec.containers.securityContext.runAsGroup requestObject.spec.containers.securityContext.runAsNonRoot requestObject.spec.containers.securityContext.runAsUser requestObject.spec.containers.volumeMounts requestObject.spec.hostIPC requestObject.spec.hostNetwork requestObject.spec.hostPID requestObject.spec.restartPolicy requestObject.spec.securityContext.runAsGroup requestObject.spec.securityContext.runAsNonRoot requestObject.spec.securityContext.runAsUser requestObject.spec.serviceAccountName requestObject.spec.type requestObject.spec.volumes.hostPath requestReceivedTimestamp requestURI responseObject.roleRef.kind responseObject.rules responseObject.spec.containers.securityContext.allowPrivilegeEscalation responseObject.spec.containers.securityContext.privileged responseObject.spec.containers.securityContext.runAsUser responseObject.spec.containers.volumeMounts responseObject.spec.hostIPC responseObject.spec.hostNetwork responseObject.spec.hostPID responseObject.spec.restartPolicy responseObject.spec.volumes.hostPath responseStatus.code responseStatus.message responseStatus.reason responseStatus.status sourceIPs stage stageTimestamp user.extra user.groups user.uid user.username userAgent verb
network_traffic.redis query
o365.audit AffectedItems.Subject AppAccessContext.AADSessionId ApplicationId CommunicationType DeviceProperties.Value ExtendedProperties.RequestType ExtendedProperties.ResultStatusDetail IsManagedDevice Members NewValue ObjectId OperationCount OperationProperties.Name OperationProperties.Value ParticipantInfo.HasForeignTenantUsers ParticipantInfo.HasGuestUsers ParticipantInfo.HasOtherGuestUsers SearchQueryText
okta.actor alternate_id display_name id type
okta.authentication_context authentication_provider authentication_step credential_provider credential_type external_session_id interface issuer.id issuer.type
okta.client device id ip user_agent.browser user_agent.os user_agent.raw_user_agent zone
okta.debug_context debug_data
okta.device device_integrator disk_encryption_type id managed name os_platform os_version registered screen_lock_type secure_hardware_present
okta display_message event_type severity uuid version
okta.outcome reason result
okta.request ip_chain
okta.security_context as.number as.organization.name domain is_proxy isp
okta.target alternate_id changeDetails.from changeDetails.to detailEntry display_name id type
okta.transaction detail.request_api_token_id id type
powershell.file script_block_text
problemchild prediction prediction_probability
process.Ext api.parameters.consumer_type
processor name
signal.rule name tags threat.tactic.name
system.cpu total.norm.pct
system.process cpu.total.norm.pct
winlog.event_data IntegrityLevel TaskName
zeek.http client_header_names server_header_names
`;

/** Objects of integrations whose members cannot be listed. */
export const OPEN_INTEGRATION_FIELDS: readonly string[] = [
  'aws.cloudtrail.flattened.additional_eventdata.',
  'aws.cloudtrail.flattened.digest.',
  'aws.cloudtrail.flattened.insight_details.',
  'aws.cloudtrail.flattened.request_parameters.',
  'aws.cloudtrail.flattened.response_elements.',
  'aws.cloudtrail.flattened.service_event_details.',
  'github.events_object.',
  'kubernetes.audit.annotations.',
  'kubernetes.audit.impersonatedUser.extra.',
  'kubernetes.audit.requestObject.rules.',
  'kubernetes.audit.requestObject.spec.containers.volumeMounts.',
  'kubernetes.audit.requestObject.spec.volumes.hostPath.',
  'kubernetes.audit.responseObject.rules.',
  'kubernetes.audit.responseObject.spec.containers.volumeMounts.',
  'kubernetes.audit.responseObject.spec.volumes.hostPath.',
  'kubernetes.audit.user.extra.',
  'okta.debug_context.debug_data.',
  'okta.device.device_integrator.',
  'okta.request.ip_chain.',
  'okta.target.changeDetails.from.',
  'okta.target.changeDetails.to.',
  'okta.target.detailEntry.',
];
