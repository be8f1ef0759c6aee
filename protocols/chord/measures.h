// Figures of Stoica et al. 2003, section VI: told by a run that has come to its end.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "protocols/chord/node.h"
#include "sim/check/measure.h"
#include "sim/check/per_node.h"

namespace seedbed::chord {

/// One of the run's counts for each lookup, in billionths.
std::optional<std::int64_t> each_lookup(const World& world, std::string_view metric);

class PathLength : public Measure<PathLength> {
 public:
  void look(const World&, NodeId) override {}
  void end(const World& world) override { value_ = each_lookup(world, "hops"); }
  std::optional<std::int64_t> value() const override { return value_; }

 private:
  std::optional<std::int64_t> value_;
};

class Timeouts : public Measure<Timeouts> {
 public:
  void look(const World&, NodeId) override {}
  void end(const World& world) override { value_ = each_lookup(world, "timeouts"); }
  std::optional<std::int64_t> value() const override { return value_; }

 private:
  std::optional<std::int64_t> value_;
};

/// The share of lookups that were lost, or found another one than the first founder at or after the
/// key that was up then.
class WrongLookups : public Measure<WrongLookups> {
 public:
  void look(const World& world, NodeId touched) override;
  void end(const World& world) override;
  std::optional<std::int64_t> value() const override { return value_; }

 private:
  PerNode<std::uint32_t> seen_;
  std::uint64_t lookups_ = 0;
  std::uint64_t wrong_ = 0;
  std::optional<std::int64_t> value_;
};

/// Of 10^6 keys, how many a machine is given, as a share of the mean: a percentile over machines.
template <std::uint32_t kPermille>
class Load : public Measure<Load<kPermille>> {
 public:
  void look(const World&, NodeId) override {}
  void end(const World& world) override;
  std::optional<std::int64_t> value() const override { return value_; }

 private:
  std::optional<std::int64_t> value_;
};
extern template class Load<10>;
extern template class Load<990>;

}  // namespace seedbed::chord
