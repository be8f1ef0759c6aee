// How good a failure detector is (Chen, Toueg and Aguilera 2002): how soon it notices a crash, and
// whether it is wrong where there was none.
#pragma once

#include <optional>

#include "protocols/heartbeat/server.h"
#include "sim/check/measure.h"

namespace seedbed::heartbeat {

/// From the first crash until all others that are up take the crashed one for down.
class Detection : public Measure<Detection> {
 public:
  void look(const World& world, NodeId /*touched*/) override {
    const auto& changes = world.role_changes();
    if (!crash_ && changes.last_index() > 0) crash_ = changes[1];
    if (!crash_) return;
    for (std::uint32_t id = 1; id <= world.servers(); ++id) {
      const auto* server = static_cast<const Server*>(world.process({id}));
      if (server != nullptr && !takes_for_down(*server)) return;
    }
    value_ = (world.now() - crash_->at).count();
  }
  std::optional<std::int64_t> value() const override { return value_; }

 private:
  bool takes_for_down(const Server& server) const {
    const auto found = server.peers().find(crash_->node.value);
    return found != server.peers().end() && found->second.suspected;
  }

  std::optional<RoleChange> crash_;
  std::optional<std::int64_t> value_;
};

class AnyMistake : public Measure<AnyMistake> {
 public:
  void look(const World& world, NodeId /*touched*/) override {
    for (const auto& [name, count] : world.metrics()) {
      if (name == "mistakes" && count > 0) value_ = 1;
    }
  }
  void end(const World&) override {
    if (!value_) value_ = 0;
  }
  std::optional<std::int64_t> value() const override { return value_; }

 private:
  std::optional<std::int64_t> value_;
};

}  // namespace seedbed::heartbeat
