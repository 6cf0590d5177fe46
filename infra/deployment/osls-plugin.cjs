const { readFileSync } = require('node:fs');

/**
 * Passes values and tags of the deployment to CloudFormation. The first stack holds only the deployment bucket, and
 * CloudFormation refuses values of undeclared parameters, so that stack declares all of them.
 */
module.exports = class DeploymentValues {
  constructor(serverless) {
    this.hooks = {
      'after:aws:package:finalize:mergeCustomProviderResources': () => {
        const { provider, custom } = serverless.service;
        const template = provider.compiledCloudFormationTemplate;
        template.Rules = custom.rules;
        // osls exports outputs under one name for all stacks of an account and region; the second stack would be refused.
        for (const output of Object.values(template.Outputs)) delete output.Export;
      },
      'before:aws:deploy:deploy:createStack': () => {
        // Not earlier: before deploying, osls replaces `service.provider` by the packaged state (extended-validate.js).
        const { provider } = serverless.service;
        const values = JSON.parse(readFileSync(process.env.DEPLOYMENT_VALUES ?? 'deployment.json', 'utf8'));
        const isTag = name => name.startsWith('tag:');
        provider.stackParameters = Object.entries(values)
          .filter(([name]) => !isTag(name))
          .map(([ParameterKey, ParameterValue]) => ({ ParameterKey, ParameterValue }));
        for (const [name, value] of Object.entries(values))
          if (isTag(name)) provider.stackTags[name.slice('tag:'.length)] = value;
        const { Parameters, Description } = provider.compiledCloudFormationTemplate;
        Object.assign(provider.coreCloudFormationTemplate, { Parameters, Description });
      },
    };
  }
};
