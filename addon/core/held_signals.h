// Signals that arrive when the program already runs and the helper is not there yet.
#pragma once

namespace sampan {

// From now on a signal that would end this process waits, pending on the calling thread, for what
// this thread becomes by execve(2). Signals that the engine handles or the caller ignores stay as
// they are.
void hold_signals();

}  // namespace sampan
