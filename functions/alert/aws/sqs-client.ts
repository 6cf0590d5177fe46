/** What is used of SQS, imported when it is needed: in the function's bundle it is text until then (`infra/bundle/deferred.ts`). */
export {
  ChangeMessageVisibilityCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
