const { mkdirSync, readFileSync, writeFileSync } = require('node:fs');

/**
 * Gives CloudFormation the values of the deployment, and keeps what the stack answers. The first stack holds the
 * deployment bucket alone; CloudFormation refuses values for parameters that it does not declare, so it gets all of them.
 */
module.exports = class DeploymentValues {
  constructor(serverless) {
    const { provider } = serverless.service;
    const aws = serverless.getProvider('aws');
    this.hooks = {
      'before:aws:deploy:deploy:createStack': () => {
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
