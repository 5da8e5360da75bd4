// Hooks that follow the removal of a foreground container (config.md#poststop).
#pragma once

#include "wire/steps.gen.h"

namespace sampan {

// Runs one and waits for it. A failure is a warning on stderr (runtime.md#lifecycle).
void run_poststop_hook(const wire::RunPoststopHook& step);

}  // namespace sampan
