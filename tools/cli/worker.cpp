#include "tools/cli/worker.h"

#include <fmt/format.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <new>

#include "sim/base/assert.h"
#include "sim/base/text.h"

namespace seedbed::cli {

namespace {

constexpr int kOutOfMemory = 86;  // an exit code that means nothing elsewhere

/// Whoever catches a bad_alloc, or must not throw one, would hide what happened.
[[noreturn]] void out_of_memory() { _exit(kOutOfMemory); }

bool read_all(int from, void* to, std::size_t size) {
  auto* bytes = static_cast<char*>(to);
  while (size > 0) {
    const ssize_t n = read(from, bytes, size);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    bytes += n;
    size -= static_cast<std::size_t>(n);
  }
  return true;
}

bool write_all(int to, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = write(to, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}

void limit(decltype(RLIMIT_AS) what, std::uint64_t most) {
  rlimit now{};
  getrlimit(what, &now);
  now.rlim_cur = std::min<rlim_t>(most, now.rlim_max);
  setrlimit(what, &now);
}

void settle_in(const WorkerLimits& limits) {
  // An interrupt of the terminal goes to all: the parent decides.
  signal(SIGINT, SIG_IGN);
  signal(SIGTERM, SIG_DFL);
  signal(SIGPIPE, SIG_DFL);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  limit(RLIMIT_CORE, 0);
  if (limits.memory > 0) limit(RLIMIT_AS, limits.memory);
  std::set_new_handler(out_of_memory);
}

/// Ends the process by SIGPROF after so much of its processor time.
void set_alarm(std::chrono::nanoseconds after) {
  const auto us = std::chrono::duration_cast<std::chrono::microseconds>(after).count();
  const itimerval alarm{{0, 0}, {us / 1'000'000, us % 1'000'000}};
  setitimer(ITIMER_PROF, &alarm, nullptr);
}

RunRow run_guarded(Job job, const Workers::RunOne& run_one) {
  try {
    return run_one(job);
  } catch (const std::bad_alloc&) {
    return row_without_end(job, Ending::kMemory, "", "no memory is left");
  } catch (const AssertionFailed& e) {  // outside of a run's events
    return row_without_end(job, Ending::kCrash, e.shape(), e.what());
  } catch (const std::exception& e) {
    return row_without_end(job, Ending::kCrash, "exception", e.what());
  } catch (...) {
    return row_without_end(job, Ending::kCrash, "exception", "an exception of an unknown kind");
  }
}

}  // namespace

void work(int jobs, int rows, const WorkerLimits& limits, const Workers::RunOne& run_one) {
  settle_in(limits);
  const auto now = [] { return std::chrono::steady_clock::now(); };
  for (Job job; read_all(jobs, &job, sizeof job);) {
    set_alarm(limits.timeout);
    const auto start = now();
    RunRow row = run_guarded(job, run_one);
    const auto took = std::chrono::duration_cast<std::chrono::microseconds>(now() - start);
    set_alarm({});
    row.wall_us = static_cast<std::uint64_t>(took.count());
    const std::string bytes = encode(row);
    const auto size = static_cast<std::uint32_t>(bytes.size());
    std::string framed(reinterpret_cast<const char*>(&size), sizeof size);
    if (!write_all(rows, framed + bytes)) break;
  }
  _exit(0);
}

RunRow epitaph(Job job, int wait_status, bool overdue, const WorkerLimits& limits) {
  const int signal = WIFSIGNALED(wait_status) ? WTERMSIG(wait_status) : 0;
  const bool no_memory = WIFEXITED(wait_status) && WEXITSTATUS(wait_status) == kOutOfMemory;
  if (overdue || signal == SIGPROF) {
    return row_without_end(
        job, Ending::kTimeout, "",
        fmt::format("took longer than {}", to_text(Duration(limits.timeout.count()))));
  }
  if (no_memory) {
    const std::string most = limits.memory == 0
                                 ? "there is"
                                 : fmt::format("{} MiB, which is the limit", limits.memory >> 20);
    return row_without_end(job, Ending::kMemory, "", "wanted more memory than " + most);
  }
  if (signal == SIGKILL) {
    return row_without_end(job, Ending::kMemory, "killed",
                           "killed from outside, as the kernel does where memory runs out");
  }
  if (signal != 0) {
    const char* name = sigabbrev_np(signal);
    const std::string shape = name == nullptr ? std::to_string(signal) : std::string("SIG") + name;
    return row_without_end(job, Ending::kCrash, shape,
                           fmt::format("the process ended by {} ({})", shape, strsignal(signal)));
  }
  const std::string how = fmt::format("exit({})", WEXITSTATUS(wait_status));
  return row_without_end(job, Ending::kCrash, how, "the process ended itself by " + how);
}

}  // namespace seedbed::cli
