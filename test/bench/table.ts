// The results as Markdown.

import { numbersOf, own, table, timesOf, titles } from './markdown.js';
import type { Sample } from './measure.js';
import type { Measured, Session, Times } from './session.js';
import { median, ratio } from './statistics.js';
import { growthText } from './table-growth.js';
import { memoryText } from './table-memory.js';
import { boundsFor, type Contender, verdict } from './targets.js';

/** Everything about one identity. */
export function sessionText(session: Session): string {
  const parts = [
    timesText(session),
    busyText(session),
    memoryText(session),
    growthText(session),
    instructionsText(session),
    phasesText(session),
    remarks(session)
      .map((text) => `* ${text}`)
      .join('\n'),
  ];
  const heading = `### As ${session.identity}, ${session.cgroups}`;
  return [heading, ...parts.filter((text) => text !== '')].join('\n\n');
}

function timesText({ peers, times }: Session): string {
  if (times.length === 0) return '';
  const head = ['median ms (× sampan takes)', 'bundle', ...titles(peers), 'target'];
  const lines = times.map((one) => [...cells(peers, one, ({ us }) => us), verdictOf(peers, one)]);
  return table(head, lines);
}

/** What other work on the machine hardly changes. */
function busyText({ peers, times }: Session): string {
  const busy = times.filter(({ results }) => numbersOf(results[own], busyUs).length > 0);
  if (busy.length === 0) return '';
  const head = ['ms on processors (× sampan takes)', 'bundle', ...titles(peers)];
  return table(
    head,
    busy.map((one) => cells(peers, one, busyUs)),
  );
}

const busyUs = (sample: Sample) => sample.busyUs;

function cells(
  peers: readonly Measured[],
  { row, bundle, results }: Times,
  pick: (sample: Sample) => number | undefined,
): string[] {
  const ours = numbersOf(results[own], pick);
  const cell = ({ name }: Measured) => {
    const theirs = numbersOf(results[name], pick);
    if (theirs.length === 0) return '–';
    const shown = (median(theirs) / 1000).toFixed(1);
    if (name === own || ours.length === 0) return shown;
    return `${shown} (${ratio(ours, theirs).toFixed(2)})`;
  };
  return [row, bundle, ...peers.map(cell)];
}

function verdictOf(peers: readonly Measured[], { row, bundle, results }: Times): string {
  const others = peers.map(({ name, title, family }): Contender => {
    return { title, family, times: timesOf(results[name]) };
  });
  const there = others.filter(({ times }) => times.length > 0);
  return verdict(boundsFor(row, bundle), timesOf(results[own]), there);
}

function instructionsText({ peers, instructions }: Session): string {
  const found = Object.values(instructions).filter((one) => typeof one !== 'string');
  const rows = [...new Set(found.flatMap(({ millions }) => Object.keys(millions)))];
  if (rows.length === 0) return '';
  const head = [`millions of instructions (${found[0]?.how})`, ...titles(peers)];
  const cell = (row: string, name: string) => {
    const one = instructions[name];
    return typeof one === 'object' ? (one.millions[row]?.toFixed(1) ?? '–') : '–';
  };
  return table(
    head,
    rows.map((row) => [row, ...peers.map(({ name }) => cell(row, name))]),
  );
}

function phasesText({ phases }: Session): string {
  if (phases === undefined || typeof phases === 'string') return '';
  const total = phases.reduce((sum, { us }) => sum + us, 0);
  const lines = [...phases, { name: 'together', us: total }];
  const cells = lines.map(({ name, us }) => [name, (us / 1000).toFixed(2)]);
  return table(['phase of `sampan run`', 'ms'], cells);
}

/** What stands in place of results, each once. */
function remarks({ peers, times, foreground, created, instructions, growth, phases }: Session) {
  const of = (name: string) => peers.find((peer) => peer.name === name)?.title ?? name;
  const why = (what: string, found: Readonly<Record<string, unknown>>) =>
    Object.entries(found).flatMap(([name, one]) =>
      typeof one === 'string' && !one.endsWith('only runs commands')
        ? [`${of(name)}, ${what}: ${one}`]
        : [],
    );
  const all = [
    ...peers.flatMap(({ title, options }) =>
      options.length > 0 ? [`${title} with ${options.join(' ')}`] : [],
    ),
    ...times.flatMap(({ bundle, results }) => why(`bundle of ${bundle}`, results)),
    ...why('memory', { ...foreground, ...created }),
    ...why('instructions', instructions),
    ...(typeof growth === 'string' ? [`growth: ${growth}`] : []),
    ...(typeof phases === 'string' ? [`phases: ${phases}`] : []),
  ];
  return [...new Set(all)];
}
