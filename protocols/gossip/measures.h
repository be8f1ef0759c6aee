// What papers published about epidemics: of the first rumour of a run, in cycles as all clocks have
// them that are in step.
#pragma once

#include <cstdint>

#include "protocols/gossip/gossiper.h"
#include "sim/check/measure.h"
#include "sim/check/per_node.h"

namespace seedbed::gossip {

/// Who knows it, since when, and who spreads it.
class Epidemic {
 public:
  void look(const World& world, NodeId touched);
  bool is_over() const { return known_ > 0 && infective_ == 0; }
  std::uint32_t known() const { return known_; }
  /// From the cycle in which the first site had it until the one in which the last had.
  std::int64_t last_delay() const { return last_ - first_; }
  std::int64_t sum_of_delays() const { return sum_; }

 private:
  struct State {
    bool knows = false;
    bool infective = false;
  };
  PerNode<State> states_;
  std::uint32_t known_ = 0;
  std::uint32_t infective_ = 0;
  std::int64_t first_ = 0;
  std::int64_t last_ = 0;
  std::int64_t sum_ = 0;
};

/// Takes its value when the epidemic is over: `value_of` it, in billionths.
template <class Derived>
class AtTheEnd : public Measure<Derived> {
 public:
  void look(const World& world, NodeId touched) override {
    if (value_) return;
    epidemic_.look(world, touched);
    if (epidemic_.is_over()) end(world);
  }
  void end(const World& world) override {
    if (!value_ && epidemic_.known() > 0) value_ = Derived::value_of(epidemic_, world);
  }
  std::optional<std::int64_t> value() const override { return value_; }

 private:
  Epidemic epidemic_;
  std::optional<std::int64_t> value_;
};

/// The share of sites that never hear it.
struct Residue : AtTheEnd<Residue> {
  static std::int64_t value_of(const Epidemic& epidemic, const World& world);
};
/// How often it was sent, by the number of sites.
struct Traffic : AtTheEnd<Traffic> {
  static std::int64_t value_of(const Epidemic& epidemic, const World& world);
};
/// Cycles until the last of those that hear it does; on the average.
struct LastDelay : AtTheEnd<LastDelay> {
  static std::int64_t value_of(const Epidemic& epidemic, const World& world);
};
struct MeanDelay : AtTheEnd<MeanDelay> {
  static std::int64_t value_of(const Epidemic& epidemic, const World& world);
};

/// Cycles until everybody has it.
class Rounds : public Measure<Rounds> {
 public:
  void look(const World& world, NodeId touched) override;
  std::optional<std::int64_t> value() const override { return value_; }

 private:
  Epidemic epidemic_;
  std::optional<std::int64_t> value_;
};

}  // namespace seedbed::gossip
