// Which runs a sweep consists of, and in which order: seed by seed, and for each seed every
// scenario. A shard has the seeds that leave its own remainder, so that the shards of one sweep
// part the seeds between them whatever the range is, and stay what they are when it grows.
//
//   SweepPlan plan({1, 1000}, {2, 8}, 3, done);     // shard 2 of 8, three scenarios
//   while (const auto job = plan.next()) run(job->scenario, job->seed);
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <vector>

namespace seedbed {

/// The largest that a database holds; a range up to it has no end.
inline constexpr std::uint64_t kMostSeed = ~std::uint64_t{0} >> 1;

/// Inclusive.
struct SeedRange {
  std::uint64_t first = 1;
  std::uint64_t last = 1;
  bool operator==(const SeedRange&) const = default;
};

/// The `index`-th of `count`, from 1.
struct Shard {
  std::uint64_t index = 1;
  std::uint64_t count = 1;
  bool has(std::uint64_t seed) const { return seed % count == index % count; }
  bool operator==(const Shard&) const = default;
};

struct Job {
  std::uint64_t seed = 0;
  std::uint32_t scenario = 0;  // its place among the sweep's
  auto operator<=>(const Job&) const = default;
};

class SweepPlan {
 public:
  /// `done` is sorted: what need not run again.
  SweepPlan(SeedRange seeds, Shard shard, std::uint32_t scenarios, std::vector<Job> done);

  std::optional<Job> next();
  /// All of them, also those that are done; the largest number there is where they are more.
  std::uint64_t total() const { return total_; }

 private:
  /// The first seed of the shard from `seed` on, or the end of all.
  void settle_on(std::uint64_t seed);
  void advance();
  bool is_done();

  SeedRange seeds_;
  Shard shard_;
  std::uint32_t scenarios_;
  std::vector<Job> done_;
  std::size_t done_at_ = 0;
  Job at_;
  bool over_ = false;
  std::uint64_t total_ = 0;
};

}  // namespace seedbed
