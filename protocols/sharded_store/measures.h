// What papers published about the placement of keys: how even it is, and how much of it moves.
#pragma once

#include <vector>

#include "sim/check/measure.h"

namespace seedbed::sharded_store {

/// The standard error of what members own of the hash ring, as soon as a second server knows the
/// configuration. None without a ring.
class ShareError : public Measure<ShareError> {
 public:
  void look(const World& world, NodeId touched) override;
  std::optional<std::int64_t> value() const override { return value_; }

 private:
  std::optional<std::int64_t> value_;
};

/// The share of the shards that have another owner in the second configuration than in the first.
class MovedShare : public Measure<MovedShare> {
 public:
  void look(const World& world, NodeId touched) override;
  std::optional<std::int64_t> value() const override { return value_; }

 private:
  std::vector<NodeId> before_;
  std::optional<std::int64_t> value_;
};

}  // namespace seedbed::sharded_store
