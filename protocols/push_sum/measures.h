// How soon Push-Sum is right.
#pragma once

#include <cstdint>
#include <optional>

#include "protocols/push_sum/summer.h"
#include "sim/check/measure.h"
#include "sim/check/per_node.h"

namespace seedbed::push_sum {

/// Cycles of nodes in step until the estimates of all are within 1 % of what is true.
class Rounds : public Measure<Rounds> {
 public:
  void look(const World& world, NodeId touched) override;
  std::optional<std::int64_t> value() const override { return value_; }

 private:
  bool is_near(const Summer& s) const;

  PerNode<std::uint8_t> near_;
  std::uint32_t how_many_ = 0;
  Mass total_;
  std::optional<std::int64_t> value_;
};

}  // namespace seedbed::push_sum
