// The judge of concurrent commands.

import { expect, test } from '@jest/globals';
import { type Done, lastStages } from './lawful.js';

/** `start+ 0-9 kill- 2-5`: + succeeded, - failed, ! was cut off, ~ was early, from when to when. */
function history(text: string): Done[] {
  return [...text.matchAll(/(\w+)([+!~-]) (\d+)-(\d+)/g)].map(([, verb, sign, begin, end]) => ({
    verb: verb as Done['verb'],
    ok: sign === '+',
    cut: sign === '!',
    early: sign === '~',
    begin: Number(begin),
    end: Number(end),
  }));
}

test.each([
  ['created', 'start+ 0-9 start- 0-9 start- 0-9', ['running']],
  ['created', 'start+ 0-9 kill+ 0-9 delete+ 0-9', ['gone']],
  ['created', 'kill+ 0-9 start- 0-9', ['dying', 'stopped']],
  ['running', 'kill+ 0-5 kill+ 0-9 kill- 4-9 delete- 1-9', ['stopped']],
  ['gone', 'create! 0-9 kill+ 0-9 create- 0-9 start- 0-9 create+ 0-9', ['created']],
  ['gone', 'create+ 0-9 create- 0-9 create+ 0-9 delete+ 0-9', ['created']],
  ['gone', 'create+ 0-9 create- 0-5 kill~ 6-8 start- 0-9', ['created']],
] as const)('from %s lawful: %s', (first, text, last) => {
  expect([...lastStages(history(text), first)].sort()).toEqual(last);
});

test.each([
  ['two starts', 'created', 'start+ 0-9 start+ 0-9'],
  ['no start', 'created', 'start- 0-9 start- 0-9'],
  ['no kill of one that runs', 'running', 'kill- 0-9 kill- 0-9'],
  ['two deletes', 'stopped', 'delete+ 0-9 delete+ 0-9'],
  ['a delete of one that runs', 'running', 'delete+ 0-9'],
  ['a start after the end', 'created', 'kill+ 0-3 kill- 1-4 start+ 5-9'],
  ['a kill after one that came too late', 'running', 'kill+ 0-3 kill- 0-4 kill+ 5-9'],
  ['a create that was cut off by nobody', 'gone', 'create! 0-9 kill- 0-9'],
  ['a kill that is early with no create at work', 'gone', 'create+ 0-3 kill~ 4-9'],
  [
    'no kill of one that is there, whatever is at work',
    'gone',
    'create+ 0-9 create- 0-5 kill- 6-8',
  ],
  ['a second of one id', 'gone', 'create+ 0-9 create+ 0-9'],
] as const)('unlawful: %s', (_, first, text) => {
  expect([...lastStages(history(text), first)]).toEqual([]);
});
