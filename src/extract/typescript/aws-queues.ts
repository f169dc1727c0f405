import type { Emit, Recogniser } from '../language.ts';
import { isFrom, option, unknown, valueOr } from '../recognise.ts';

const sdk = ['@aws-sdk/client-sns', '@aws-sdk/client-sqs', '@aws-sdk/client-eventbridge'];
type Sees = readonly [emits: 'publish' | 'subscribe', from: string];
/** Commands of the AWS SDK, and which of their options says where a message goes to or comes from. */
const commands: ReadonlyMap<string, Sees> = new Map<string, Sees>([
  ['PublishCommand', ['publish', 'TopicArn']],
  ['PublishBatchCommand', ['publish', 'TopicArn']],
  ['SendMessageCommand', ['publish', 'QueueUrl']],
  ['SendMessageBatchCommand', ['publish', 'QueueUrl']],
  ['PutEventsCommand', ['publish', 'EventBusName']],
  ['ReceiveMessageCommand', ['subscribe', 'QueueUrl']],
]);

/** SNS, SQS and EventBridge by the commands of the AWS SDK. Their address is the account's: there is none in the code. */
export const awsQueues: Recogniser = {
  id: 'typescript/aws-queues',
  version: 1,
  emits: ['publish', 'subscribe'],
  when: { imports: sdk },
  on: {
    create({ callee, span, arg }, emit: Emit) {
      const api = callee.path.at(-1) ?? '';
      const sees = isFrom(callee, sdk) ? commands.get(api) : undefined;
      if (!sees) return;
      emit(sees[0], span, { topic: valueOr(option(arg(0), sees[1]), unknown), api });
    },
  },
};
