// What papers published about Raft's elections: who took which role, when, in which term.
#pragma once

#include "sim/check/measure.h"

namespace seedbed::raft {

/// From the crash of the leader until all other servers have heard the next one.
class TimeToElect : public Measure<TimeToElect> {
 public:
  void look(const World& world, NodeId touched) override;
  std::optional<std::int64_t> value() const override;

 private:
  void see(const RoleChange& change);

  std::uint64_t seen_ = 0;  // role changes
  NodeId leader_;
  std::uint64_t term_ = 0;
  std::optional<Time> crashed_;
  bool elected_ = false;
  std::optional<Time> heard_;
};

/// Whether nobody is elected before the end.
class NoElection : public Measure<NoElection> {
 public:
  void look(const World& world, NodeId touched) override;
  void end(const World&) override {
    if (!value_) value_ = 1;
  }
  std::optional<std::int64_t> value() const override { return value_; }

 private:
  std::uint64_t seen_ = 0;  // role changes
  std::optional<std::int64_t> value_;
};

/// Whether the first election needed more than one term.
class SplitVote : public Measure<SplitVote> {
 public:
  void look(const World& world, NodeId touched) override;
  std::optional<std::int64_t> value() const override { return split_; }

 private:
  std::uint64_t seen_ = 0;  // role changes
  std::optional<std::int64_t> split_;
};

}  // namespace seedbed::raft
