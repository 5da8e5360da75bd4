// clone3(2) whose child runs on a stack of its own, so that it may share the caller's memory.
#pragma once

#include <linux/sched.h>
#include <stddef.h>

// Like clone3(2); the child calls `run(argument)`, which must not return. -errno on failure.
extern "C" long sampan_clone3(struct clone_args* args, size_t size, void (*run)(void*),
                              void* argument);
