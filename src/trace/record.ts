// Entry of `--trace FILE`, loaded for it alone.

import * as fs from 'node:fs';
import { attempt } from '../host/system-failure.js';
import { traceWith } from '../trace.js';
import { Recorder } from './recorder.js';

/** What is traced, and where to. */
export interface Recording {
  readonly command: string;
  readonly file: string;
  /** When the command line was understood, as performance.now() tells it. */
  readonly understood: number;
}

/**
 * Records what `act` does. The file is opened before it does anything, close-on-exec, and written when
 * the launch is over, whether or not that succeeded.
 */
export async function record<T>(recording: Recording, act: () => Promise<T>): Promise<T> {
  const { command, file, understood } = recording;
  const open = () => fs.openSync(file, 'w', 0o644);
  const descriptor = attempt({ doing: 'open the trace', path: file }, open);
  const recorder = new Recorder(command, understood, descriptor);
  traceWith(recorder);
  try {
    const result = await act();
    recorder.finish();
    return result;
  } catch (error) {
    recorder.finish(error);
    throw error;
  } finally {
    traceWith(undefined);
    fs.closeSync(descriptor);
  }
}
