#include "tools/cli/workers.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <stdexcept>

#include "tools/cli/worker.h"

namespace seedbed::cli {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kMostWaiting = 64;            // jobs that a worker has; a pipe holds far more
constexpr std::uint64_t kEnoughWaitingUs = 50'000;  // or as many as take so long
constexpr int kTickMs = 100;

}  // namespace

struct Workers::Worker {
  int pid = -1;
  int jobs = -1;  // to it
  int rows = -1;  // from it
  std::deque<Job> asked;
  std::string received;     // rows, the last of them in part
  Clock::time_point since;  // when it began what it is at
  std::uint64_t answered = 0;
  bool overdue = false;

  void close_ends() {
    if (jobs >= 0) close(jobs);
    if (rows >= 0) close(rows);
    jobs = rows = -1;
  }
};

Workers::Workers(unsigned count, WorkerLimits limits, RunOne run_one)
    : limits_(limits), run_one_(std::move(run_one)) {
  signal(SIGPIPE, SIG_IGN);  // a worker's death is seen when its rows end
  for (unsigned i = 0; i < count; ++i) workers_.push_back(std::make_unique<Worker>());
}

Workers::~Workers() {
  for (const auto& worker : workers_) {
    if (worker->pid > 0) kill(worker->pid, SIGKILL);
    worker->close_ends();
    if (worker->pid > 0) waitpid(worker->pid, nullptr, 0);
  }
}

void Workers::start(Worker& worker) {
  int jobs[2];
  int rows[2];
  if (pipe2(jobs, O_CLOEXEC) != 0) throw std::runtime_error("no pipe to be had");
  if (pipe2(rows, O_CLOEXEC) != 0) throw std::runtime_error("no pipe to be had");
  std::fflush(nullptr);  // else both would write it
  const int parent = getpid();
  const int pid = fork();
  if (pid < 0) throw std::runtime_error("cannot start a worker process");
  if (pid == 0) {
    // An end that stays open here would keep another worker waiting for ever.
    for (const auto& other : workers_) other->close_ends();
    close(jobs[1]);
    close(rows[0]);
    if (getppid() != parent) _exit(0);
    work(jobs[0], rows[1], limits_, run_one_);
  }
  close(jobs[0]);
  close(rows[1]);
  worker = Worker{};
  worker.pid = pid;
  worker.jobs = jobs[1];
  worker.rows = rows[0];
}

/// Few enough that all end at about the same time, enough that none waits for this process.
std::size_t Workers::most_waiting() const {
  if (answered_ == 0) return 1;
  const std::uint64_t mean_us = std::max<std::uint64_t>(answered_us_ / answered_, 1);
  return std::clamp<std::size_t>(kEnoughWaitingUs / mean_us, 1, kMostWaiting);
}

std::optional<Job> Workers::take() {
  if (!again_.empty()) {
    const Job job = again_.front();
    again_.pop_front();
    return job;
  }
  if (exhausted_) return std::nullopt;
  const std::optional<Job> job = (*next_)();
  exhausted_ = !job.has_value();
  return job;
}

void Workers::feed(Worker& worker) {
  const std::size_t most = most_waiting();
  if (worker.asked.size() > most / 2) return;
  std::vector<Job> jobs;
  while (worker.asked.size() + jobs.size() < most) {
    const std::optional<Job> job = take();
    if (!job) break;
    jobs.push_back(*job);
  }
  if (jobs.empty()) return;
  if (worker.pid < 0) start(worker);
  if (worker.asked.empty()) worker.since = Clock::now();
  worker.asked.insert(worker.asked.end(), jobs.begin(), jobs.end());
  // Where it is dead already, its rows end, and what it was asked is asked again.
  const std::size_t size = jobs.size() * sizeof(Job);
  if (write(worker.jobs, jobs.data(), size) < 0 && errno != EPIPE) {
    throw std::runtime_error("cannot write to a worker process");
  }
}

bool Workers::receive(Worker& worker, const Found& found) {
  char buffer[1 << 16];
  const ssize_t n = read(worker.rows, buffer, sizeof buffer);
  if (n < 0) return errno == EINTR;
  worker.received.append(buffer, static_cast<std::size_t>(n));
  std::string_view rest = worker.received;
  for (std::uint32_t size = 0; rest.size() >= sizeof size;) {
    std::memcpy(&size, rest.data(), sizeof size);
    if (rest.size() < sizeof size + size) break;
    std::optional<RunRow> row = decode(rest.substr(sizeof size, size));
    rest.remove_prefix(sizeof size + size);
    if (!row || worker.asked.empty() || row->job != worker.asked.front()) {
      throw std::runtime_error("a worker process answers what it was not asked");
    }
    worker.asked.pop_front();
    worker.since = Clock::now();
    ++worker.answered;
    ++answered_;
    answered_us_ += row->wall_us;
    found(std::move(*row));
  }
  worker.received.erase(0, worker.received.size() - rest.size());
  return n > 0;
}

void Workers::bury(Worker& worker, const Found& found) {
  int status = 0;
  waitpid(worker.pid, &status, 0);
  worker.close_ends();
  std::deque<Job> asked = std::move(worker.asked);
  const bool fresh = worker.answered == 0;
  const bool overdue = worker.overdue;
  worker = Worker{};
  if (asked.empty()) return;
  const RunRow row = epitaph(asked.front(), status, overdue, limits_);
  if (fresh || row.ending == Ending::kTimeout) {
    asked.pop_front();
    found(row);
  }
  // Else what ran before in that process may have caused it: a fresh one shall say.
  again_.insert(again_.begin(), asked.begin(), asked.end());
  feed(worker);
}

void Workers::stop_overdue() {
  if (limits_.timeout.count() == 0) return;
  const auto now = Clock::now();
  for (const auto& worker : workers_) {
    if (worker->pid < 0 || worker->asked.empty() || worker->overdue) continue;
    if (now - worker->since <= 10 * limits_.timeout) continue;
    worker->overdue = true;
    kill(worker->pid, SIGKILL);
  }
}

void Workers::run(const Next& next, const Found& found, const std::function<bool()>& stop) {
  next_ = &next;
  exhausted_ = false;
  std::vector<pollfd> ends(workers_.size());
  while (true) {
    bool busy = false;
    for (std::size_t i = 0; i < workers_.size(); ++i) {
      feed(*workers_[i]);
      busy |= !workers_[i]->asked.empty();
      ends[i] = {workers_[i]->rows, POLLIN, 0};
    }
    if (!busy || stop()) break;
    if (poll(ends.data(), ends.size(), kTickMs) < 0 && errno != EINTR) {
      throw std::runtime_error("cannot wait for the worker processes");
    }
    for (std::size_t i = 0; i < workers_.size(); ++i) {
      if (ends[i].revents != 0 && !receive(*workers_[i], found)) bury(*workers_[i], found);
    }
    stop_overdue();
  }
  for (const auto& worker : workers_) {
    if (worker->pid < 0) continue;
    kill(worker->pid, SIGKILL);
    while (receive(*worker, found)) {
    }
    waitpid(worker->pid, nullptr, 0);
    worker->close_ends();
    *worker = Worker{};
  }
}

}  // namespace seedbed::cli
