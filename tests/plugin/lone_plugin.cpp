// A protocol from outside the tree: one server has the store, the others send clients to it. It
// keeps nothing on its disk: a crash of the first server forgets everything.
#include <array>

#include "protocols/protocol.h"
#include "sim/world/context.h"
#include "sim/world/kv_store.h"

namespace {

using namespace seedbed;

/// What chaos makes of `forget`.
struct Forget {
  static constexpr auto kName = "Forget";
  bool everything = true;
  constexpr void describe(auto& d) const { d("everything", everything); }
};

class Lone : public Process<Lone, kv::Request, Forget> {
 public:
  void start(Context&, const Recovered&) {}
  void on(Context& ctx, const Envelope& from, const kv::Request& m) {
    constexpr NodeId kFirst{1};
    if (ctx.self() != kFirst) {
      return ctx.reply(from, kv::Reply{m.id, kv::Outcome::kRedirected, kv::kNil, kFirst});
    }
    if (const auto reply = store_.apply(m)) ctx.reply(from, *reply);
  }

  void on(Context&, const Forget&) { store_ = {}; }

 private:
  kv::Store store_;
};

std::vector<NodeId> forget(World& world, const std::vector<NodeId>& who) {
  std::vector<NodeId> forgetful;
  for (const NodeId n : who) {
    if (!world.is_up(n)) continue;
    world.inject(n, {}, Forget{});
    forgetful.push_back(n);
  }
  return forgetful;
}

constexpr std::array kActions = {
    ProtocolAction{"forget", "servers forget what they know", "none", "who forgets", forget}};

constinit const Protocol kLone = {
    .name = "lone",
    .title = "Lone",
    .paper = "none",
    .about = "One server has the store.",
    .workload = "kv",
    .actions = kActions,
    .recovery = [](std::span<const Value>, const WorldConfig&, bool) -> std::optional<Duration> {
      return 1_s;
    },
    .make = [](std::span<const Value>) -> std::unique_ptr<ProcessBase> {
      return std::make_unique<Lone>();
    },
};

}  // namespace

extern "C" const Protocol* seedbed_protocol(unsigned abi) {
  return abi == kPluginAbi ? &kLone : nullptr;
}
