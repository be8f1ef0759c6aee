#include "sim/explore/sweep_plan.h"

#include <algorithm>

#include "sim/base/assert.h"
#include "sim/base/hash.h"

namespace seedbed {

SweepPlan::SweepPlan(SeedRange seeds, Shard shard, std::uint32_t scenarios, std::vector<Job> done)
    : seeds_(seeds), shard_(shard), scenarios_(scenarios), done_(std::move(done)) {
  SEEDBED_ASSERT(seeds.first <= seeds.last, "a range of seeds ends before it begins");
  SEEDBED_ASSERT(1 <= shard.index && shard.index <= shard.count, "no such shard");
  settle_on(seeds.first);
  over_ |= scenarios == 0;
  if (over_) return;
  const Uint128 count = Uint128{(seeds.last - at_.seed) / shard.count} + 1;
  total_ = static_cast<std::uint64_t>(std::min<Uint128>(count * scenarios, ~std::uint64_t{0}));
}

void SweepPlan::settle_on(std::uint64_t seed) {
  const std::uint64_t wanted = shard_.index % shard_.count;
  const std::uint64_t remainder = seed % shard_.count;
  const std::uint64_t ahead =
      wanted >= remainder ? wanted - remainder : shard_.count - remainder + wanted;
  over_ = ahead > seeds_.last - seed;
  at_ = {seed + ahead, 0};
}

void SweepPlan::advance() {
  if (++at_.scenario < scenarios_) return;
  if (at_.seed == seeds_.last) {
    over_ = true;
  } else {
    settle_on(at_.seed + 1);
  }
}

bool SweepPlan::is_done() {
  while (done_at_ < done_.size() && done_[done_at_] < at_) ++done_at_;
  return done_at_ < done_.size() && done_[done_at_] == at_;
}

std::optional<Job> SweepPlan::next() {
  while (!over_ && is_done()) advance();
  if (over_) return std::nullopt;
  const Job job = at_;
  advance();
  return job;
}

}  // namespace seedbed
