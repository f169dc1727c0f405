import type { Value } from '../../model/facts.ts';
import type { Emit, Recogniser, Views } from '../language.ts';
import { exported, isFrom, option, text, textOf, unknown, valueOr } from '../recognise.ts';

const amqp = ['amqplib', 'amqplib/callback_api', 'amqp-connection-manager'];

/** RabbitMQ over amqplib: connections, what is published and what is consumed. */
export const amqplib: Recogniser = {
  id: 'typescript/amqplib',
  version: 1,
  emits: ['connection', 'publish', 'subscribe', 'entry'],
  when: { imports: amqp },
  on: {
    call(view, emit) {
      const { callee, span, arg } = view;
      const path = exported(callee);
      const name = path.at(-1) ?? '';
      if (isFrom(callee, amqp) && path.length === 1 && name === 'connect') {
        emit('connection', span, {
          engine: 'amqp',
          url:
            arg(0)?.is === 'object'
              ? option(arg(0), 'url', 'hostname') === 'absent'
                ? unknown
                : valueOr(option(arg(0), 'url', 'hostname'), unknown)
              : (arg(0)?.value() ?? unknown),
        });
      } else if (isChannel(view)) channelCall(name, view, emit);
    },
  },
};

/** Types of amqplib's channels are known only where they are written: names of the methods and variables tell as well. */
const isChannel = ({ receiver, receiverType }: Views['call']): boolean =>
  isFrom(receiverType, amqp) || /channel|^ch(?:@|$)/i.test(receiver?.path.at(-1) ?? '');

function channelCall(name: string, { span, arg }: Views['call'], emit: Emit): void {
  if (name === 'publish' && arg(2)) {
    const key = arg(1)?.value() ?? unknown;
    emit('publish', span, { topic: textOf(key) === '' ? (arg(0)?.value() ?? unknown) : key, api: 'channel.publish' });
  } else if (name === 'sendToQueue' && arg(1)) {
    emit('publish', span, { topic: arg(0)?.value() ?? unknown, api: 'channel.sendToQueue' });
  } else if (name === 'consume' && arg(1)) {
    const queue = arg(0)?.value() ?? unknown;
    emit('subscribe', span, { topic: queue, api: 'channel.consume' });
    emit('entry', span, { on: 'message', path: queue, handler: { path: ['consume()'] } });
  }
}

/** KafkaJS: brokers, producers and consumers. */
export const kafkajs: Recogniser = {
  id: 'typescript/kafkajs',
  version: 1,
  emits: ['connection', 'publish', 'subscribe', 'entry'],
  when: { imports: ['kafkajs', '@confluentinc/kafka-javascript'] },
  on: {
    create({ callee, span, arg }, emit) {
      if (!isFrom(callee, ['kafkajs', '@confluentinc/kafka-javascript']) || callee.path.at(-1) !== 'Kafka') return;
      const brokers = option(arg(0), 'brokers');
      const first = brokers !== 'absent' && brokers.k === 'list' ? brokers.of[0] : undefined;
      emit('connection', span, { engine: 'kafka', url: first ? { k: 'cat', of: [text('kafka://'), first] } : unknown });
    },
    call({ callee, receiverType, span, arg }, emit) {
      if (!receiverType?.path.some((step) => /^(?:producer|consumer|Producer|Consumer)$/.test(step))) return;
      const name = callee.path.at(-1);
      if (name === 'send')
        emit('publish', span, { topic: valueOr(option(arg(0), 'topic'), unknown), api: 'producer.send' });
      if (name === 'subscribe')
        emit('subscribe', span, { topic: topicOf(option(arg(0), 'topic', 'topics')), api: 'consumer.subscribe' });
      if (name === 'run') emit('entry', span, { on: 'message', handler: { path: ['eachMessage'] } });
    },
  },
};

const platformatic = '@platformatic/kafka';

/** `@platformatic/kafka`: clients with their first broker, what producers send and consumers read. */
export const platformaticKafka: Recogniser = {
  id: 'typescript/platformatic-kafka',
  version: 1,
  emits: ['connection', 'publish', 'subscribe', 'entry'],
  when: { imports: [platformatic] },
  on: {
    create({ callee, span, arg }, emit) {
      if (!isFrom(callee, platformatic) || !/^(?:Producer|Consumer|Admin)$/.test(callee.path.at(-1) ?? '')) return;
      const brokers = option(arg(0), 'bootstrapBrokers');
      const first = brokers !== 'absent' && brokers.k === 'list' ? brokers.of[0] : undefined;
      const url: Value = first && first.k !== 'obj' ? { k: 'cat', of: [text('kafka://'), first] } : unknown;
      emit('connection', span, { engine: 'kafka', url });
    },
    call({ callee, receiverType, span, arg }, emit) {
      if (!isFrom(receiverType, platformatic)) return;
      const [type, name] = [receiverType.path[0], callee.path.at(-1)];
      if (type === 'Producer' && name === 'send')
        emit('publish', span, { topic: topicOfMessages(option(arg(0), 'messages')), api: 'producer.send' });
      if (type === 'Consumer' && name === 'consume') {
        emit('subscribe', span, { topic: topicOf(option(arg(0), 'topics')), api: 'consumer.consume' });
        emit('entry', span, { on: 'message', handler: { path: ['consume()'] } });
      }
    },
  },
};

/** Messages of one call go to one topic where anybody writes them down. */
function topicOfMessages(messages: ReturnType<typeof option>): Value {
  const first = messages !== 'absent' && messages.k === 'list' ? messages.of[0] : undefined;
  return (first?.k === 'obj' ? first.of.topic : undefined) ?? unknown;
}

const topicOf = (value: ReturnType<typeof option>) =>
  value !== 'absent' && value.k === 'list' && value.of[0] ? value.of[0] : valueOr(value, unknown);
