#include "tests/support/sleeper.h"

#include <array>

#include "sim/world/context.h"

namespace seedbed::testing {

namespace {

struct Wake {
  static constexpr auto kName = "Wake";
  std::uint64_t number = 0;
  constexpr void describe(auto& d) const { d("number", number); }
};

class Sleeper : public Process<Sleeper, Wake> {
 public:
  void start(Context&, const Recovered&) {}
  void on(Context& ctx, const Wake&) {
    ++woken_;
    ctx.count("woken");
  }
  std::string_view role() const override { return woken_ == 0 ? "asleep" : "awake"; }
  std::uint64_t epoch() const override { return woken_; }

 private:
  std::uint64_t woken_ = 0;
};

std::vector<NodeId> wake(World& world, const std::vector<NodeId>& who) {
  std::vector<NodeId> woken;
  for (const NodeId n : who) {
    if (!world.is_up(n)) continue;
    world.inject(n, {}, Wake{1});
    woken.push_back(n);
  }
  return woken;
}
std::vector<NodeId> shake(World&, const std::vector<NodeId>&) { return {}; }

constexpr std::array kActions = {
    ProtocolAction{"wake", "wakes servers", "this test", "who wakes up", wake},
    ProtocolAction{"shake", "shakes servers, in vain", "this test", "who is shaken", shake}};
constexpr std::array kRoles = {RoleInfo{"awake", "awakened"}, RoleInfo{"asleep", "sleepers"}};
constexpr std::array kMetrics = {MetricInfo{"woken", "how often a server was woken"}};

}  // namespace

constinit const Protocol kSleeper = {
    .name = "sleeper",
    .title = "Sleeper",
    .paper = "none",
    .about = "Servers sleep until they are woken.",
    .workload = "",
    .roles = kRoles,
    .actions = kActions,
    .metrics = kMetrics,
    .make = [](std::span<const Value>) -> std::unique_ptr<ProcessBase> {
      return std::make_unique<Sleeper>();
    },
};

}  // namespace seedbed::testing
