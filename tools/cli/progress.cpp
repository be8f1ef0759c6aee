#include "tools/cli/progress.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>

#include "tools/cli/terminal.h"

namespace seedbed::cli {

namespace {

using Clock = std::chrono::steady_clock;
constexpr std::chrono::milliseconds kEachMove{100};
constexpr std::chrono::seconds kEachLine{10};
constexpr int kBarWidth = 24;

}  // namespace

std::string bar(double share) {
  const int full = static_cast<int>(std::clamp(share, 0.0, 1.0) * kBarWidth);
  std::string text = "[";
  for (int i = 0; i < kBarWidth; ++i) text += i < full ? '#' : '.';
  return text + "] ";
}

std::string rough_time(double seconds) {
  const auto s = static_cast<std::uint64_t>(std::clamp(seconds + 0.5, 0.0, 1e9));
  if (s < 60) return fmt::format("{} s", s);
  if (s < 3600) return fmt::format("{} min {} s", s / 60, s % 60);
  return fmt::format("{} h {} min", s / 3600, s / 60 % 60);
}

Progress::Progress(std::optional<std::uint64_t> total, std::uint64_t already,
                   std::optional<std::chrono::nanoseconds> budget)
    : total_(total),
      already_(already),
      budget_(budget),
      terminal_(isatty(STDERR_FILENO) != 0),
      start_(Clock::now()),
      last_(start_) {}

double Progress::seconds() const {
  return std::chrono::duration<double>(Clock::now() - start_).count();
}

double Progress::rate(std::uint64_t done) const {
  return static_cast<double>(done - already_) / std::max(seconds(), 1e-6);
}

std::string Progress::time_left(std::uint64_t done) const {
  double left = 1e18;
  if (total_ && done > already_) left = static_cast<double>(*total_ - done) / rate(done);
  if (budget_) left = std::min(left, std::chrono::duration<double>(*budget_).count() - seconds());
  return left > 1e17 ? "" : fmt::format(", {} left", rough_time(left));
}

std::string Progress::line(std::uint64_t done, std::uint64_t failures) const {
  std::string text;
  if (terminal_ && total_ && *total_ > 0) {
    text = bar(static_cast<double>(done) / static_cast<double>(*total_));
  } else if (terminal_ && budget_) {
    text = bar(seconds() / std::chrono::duration<double>(*budget_).count());
  }
  text += grouped(done);
  if (total_) text += " of " + grouped(*total_);
  return text + fmt::format(" runs, {:.0f}/s, {} failed{}", rate(done), grouped(failures),
                            time_left(done));
}

void Progress::tick(std::uint64_t done, std::uint64_t failures) {
  const auto now = Clock::now();
  if (now - last_ < (terminal_ ? Clock::duration(kEachMove) : Clock::duration(kEachLine))) return;
  last_ = now;
  if (terminal_) {
    fmt::print(stderr, "\r\033[K{}", line(done, failures));
  } else {
    fmt::print(stderr, "{}\n", line(done, failures));
  }
  std::fflush(stderr);
}

void Progress::end() {
  if (terminal_) fmt::print(stderr, "\r\033[K");
  std::fflush(stderr);
}

}  // namespace seedbed::cli
