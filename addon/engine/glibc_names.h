// What the headers of the C++ library expect of glibc, and musl has not; included before everything
// (addon/cmake/executable.cmake). No code of ours has to do with locales or timed locks.
#pragma once

#include <bits/c++config.h>
#include <locale.h>

#undef _GLIBCXX_USE_PTHREAD_COND_CLOCKWAIT
#undef _GLIBCXX_USE_PTHREAD_MUTEX_CLOCKLOCK

#define __locale_t locale_t

enum {
  _ISupper = 1 << 0,
  _ISlower = 1 << 1,
  _ISalpha = 1 << 2,
  _ISdigit = 1 << 3,
  _ISxdigit = 1 << 4,
  _ISspace = 1 << 5,
  _ISprint = 1 << 6,
  _ISblank = 1 << 7,
  _IScntrl = 1 << 8,
  _ISpunct = 1 << 9,
};
