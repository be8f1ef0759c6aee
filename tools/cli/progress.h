// How far a sweep is, on stderr: one line that moves on a terminal, a plain line now and then
// elsewhere.
//
//   Progress progress(total, budget);
//   progress.tick(done, failures);     // as often as one likes
//   progress.end();
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace seedbed::cli {

class Progress {
 public:
  /// `total`: of all runs, none where there is no end to them. `already`: done by an earlier
  /// process.
  Progress(std::optional<std::uint64_t> total, std::uint64_t already,
           std::optional<std::chrono::nanoseconds> budget);

  void tick(std::uint64_t done, std::uint64_t failures);
  /// Clears the line.
  void end();

  double seconds() const;
  /// Runs of this process, a second.
  double rate(std::uint64_t done) const;

 private:
  std::string line(std::uint64_t done, std::uint64_t failures) const;
  std::string time_left(std::uint64_t done) const;

  std::optional<std::uint64_t> total_;
  std::uint64_t already_;
  std::optional<std::chrono::nanoseconds> budget_;
  bool terminal_;
  std::chrono::steady_clock::time_point start_, last_;
};

/// "[####....] " of a share from 0 to 1.
std::string bar(double share);
/// "3 s", "4 min 10 s", "2 h 5 min".
std::string rough_time(double seconds);

}  // namespace seedbed::cli
