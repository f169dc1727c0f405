import type { SQSClient } from '@aws-sdk/client-sqs';
import type { Logger } from '../telemetry/logger.ts';

/**
 * Tells the function that publishes events and runs jobs that there is work. Where that is not possible it is only later:
 * its schedule looks every minute. The client is loaded when it is needed: reads never wait for it.
 */
export function createWake(url: string, log: Logger): () => Promise<void> {
  let client: SQSClient | undefined;
  return async () => {
    try {
      const { SendMessageCommand, SQSClient } = await import('@aws-sdk/client-sqs');
      client ??= new SQSClient({
        requestHandler: { requestTimeout: 1_000, connectionTimeout: 500, throwOnRequestTimeout: true },
        maxAttempts: 2,
      });
      await client.send(new SendMessageCommand({ QueueUrl: url, MessageBody: 'work' }));
    } catch (err) {
      log.warn({ err }, 'nobody was told that there is work');
    }
  };
}
