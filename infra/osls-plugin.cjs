const { mkdirSync, readFileSync, writeFileSync } = require('node:fs');

/**
 * Passes the parameter values of the deployment to CloudFormation and writes the outputs of the stack to
 * out/outputs.json. The first stack holds only the deployment bucket, and CloudFormation refuses values of undeclared
 * parameters, so that stack declares all of them.
 */
module.exports = class DeploymentValues {
  constructor(serverless) {
    const aws = serverless.getProvider('aws');
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
        provider.stackParameters = Object.entries(values).map(([ParameterKey, ParameterValue]) => ({
          ParameterKey,
          ParameterValue,
        }));
        provider.coreCloudFormationTemplate.Parameters = provider.compiledCloudFormationTemplate.Parameters;
      },
      'after:deploy:deploy': async () => {
        const { Stacks } = await describe(await aws.getAwsSdkV3Config(), aws.naming.getStackName());
        const outputs = Object.fromEntries(Stacks[0].Outputs.map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]));
        mkdirSync('out', { recursive: true });
        writeFileSync('out/outputs.json', `${JSON.stringify(outputs, null, 2)}\n`);
      },
    };
  }
};

function describe(config, StackName) {
  // The client is osls' own.
  const { CloudFormationClient, DescribeStacksCommand } = require('@aws-sdk/client-cloudformation');
  return new CloudFormationClient(config).send(new DescribeStacksCommand({ StackName }));
}
