// The processor's time that this thread has used: what the figures are made of. A shared machine
// takes the processor away for a while, which is no figure of ours.
#pragma once

#include <ctime>

namespace seedbed::bench {

inline double cpu_seconds() {
  timespec t{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) * 1e-9;
}

/// How long `body()` takes.
template <class Body>
double seconds_of(Body body) {
  const double start = cpu_seconds();
  body();
  return cpu_seconds() - start;
}

}  // namespace seedbed::bench
