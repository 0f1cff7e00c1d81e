import { expect, test } from 'vitest';
import { born, nudge, post, scene, settle } from './scene.ts';

test('a reply born sending goes at once, without a read, and its mark follows', async () => {
  const s = scene();
  s.say(born('a'));
  expect(s.titles()).toEqual(['a']);
  await s.relay.drain();
  expect(s.outbox.row('a')).toMatchObject({ state: 'sent', providerId: 'm1', attempts: 1 });
});

test('nothing due: a drain costs one read', async () => {
  const s = scene();
  await s.relay.drain();
  expect(s.outbox.reads).toBe(1);
});

test('nudges due together are one message', async () => {
  const s = scene();
  s.say(nudge('a'), nudge('b'));
  await s.relay.drain();
  expect(s.titles()).toEqual(['2件事']);
  expect(s.states()).toEqual({ a: 'sent', b: 'sent' });
});

test('a post on the other platform is committed as sending first', async () => {
  const s = scene();
  s.say(post('a', { to: { platform: 'plain', app: 'app', conversation: 'x' } }));
  expect(s.titles()).toEqual([]);
  await s.relay.drain();
  expect(s.outbox.marks.map(m => m.state)).toEqual(['sending', 'sent']);
  await settle();
});
