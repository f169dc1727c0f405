export const handler = (event: import('aws-lambda').SQSEvent) => event;
