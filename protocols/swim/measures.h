// What papers published about SWIM and Lifeguard: how soon a failure is detected, what that costs,
// and how often it is none.
#pragma once

#include <vector>

#include "protocols/swim/messages.h"
#include "sim/check/measure.h"

namespace seedbed::swim {

/// From a crash until the first member holds the crashed one for `kState` or worse; the mean, where
/// several crash: when all are detected.
template <State kState>
class FirstDetection : public Measure<FirstDetection<kState>> {
 public:
  void look(const World& world, NodeId touched) override;
  std::optional<std::int64_t> value() const override { return value_; }

 private:
  struct Crash {
    NodeId node;
    Time at;
    bool detected = false;
  };
  void see_crashes(const World& world);

  std::uint64_t seen_ = 0;  // role changes
  std::vector<Crash> crashes_;
  Duration sum_;
  std::optional<std::int64_t> value_;
};

/// Messages that a member sends in a protocol period.
class Load : public Measure<Load> {
 public:
  void look(const World&, NodeId) override {}
  void end(const World& world) override;
  std::optional<std::int64_t> value() const override { return value_; }

 private:
  std::optional<std::int64_t> value_;
};

/// The share of probes that fail.
class FailedProbes : public Measure<FailedProbes> {
 public:
  void look(const World&, NodeId) override {}
  void end(const World& world) override;
  std::optional<std::int64_t> value() const override { return value_; }

 private:
  std::optional<std::int64_t> value_;
};

/// How often a healthy member declared another healthy one dead, or heard it. Healthy is who was
/// never cut off from the servers, paused or down.
class FalsePositives : public Measure<FalsePositives> {
 public:
  void look(const World& world, NodeId touched) override;
  void end(const World& world) override;
  std::optional<std::int64_t> value() const override { return value_; }

 private:
  void note_the_sick(const World& world);

  std::vector<bool> sick_;  // by node
  std::vector<std::pair<NodeId, NodeId>> declared_;
  std::optional<std::int64_t> value_;
};

}  // namespace seedbed::swim
