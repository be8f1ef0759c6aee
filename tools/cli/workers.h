// Processes that run the jobs of a sweep, forked from this one, so that scenarios and plugins are
// loaded once and a crash of one run is a result and not the end. A worker answers in the order in
// which it is asked, so the first question without an answer is the one that it died of.
//
//   Workers workers(4, {timeout, memory}, run_one);           // run_one is called in the workers
//   workers.run([&] { return plan.next(); }, [&](RunRow row) { store.add(row); },
//               [&] { return interrupted; });
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sim/explore/run_row.h"

namespace seedbed::cli {

/// What one run may take.
struct WorkerLimits {
  std::chrono::nanoseconds timeout{0};  // of processor time; ten times as much on the clock. 0: all
  std::uint64_t memory = 0;             // bytes of address space; 0: all
};

class Workers {
 public:
  using Next = std::function<std::optional<Job>()>;
  using RunOne = std::function<RunRow(Job)>;
  using Found = std::function<void(RunRow)>;

  Workers(unsigned count, WorkerLimits limits, RunOne run_one);
  ~Workers();
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;

  /// Until `next` has nothing more and all is answered, or `stop`, which is asked at least ten
  /// times a second, says so: then what is under way is given up, and what was answered is handed
  /// out.
  void run(const Next& next, const Found& found, const std::function<bool()>& stop);

 private:
  struct Worker;

  void start(Worker& worker);
  void feed(Worker& worker);
  std::optional<Job> take();
  std::size_t most_waiting() const;
  /// False when the worker has closed its end.
  bool receive(Worker& worker, const Found& found);
  void bury(Worker& worker, const Found& found);
  void stop_overdue();

  WorkerLimits limits_;
  RunOne run_one_;
  const Next* next_ = nullptr;
  bool exhausted_ = false;
  std::deque<Job> again_;  // asked of a worker that died of another one
  std::vector<std::unique_ptr<Worker>> workers_;
  std::uint64_t answered_ = 0;
  std::uint64_t answered_us_ = 0;  // how long those took
};

}  // namespace seedbed::cli
