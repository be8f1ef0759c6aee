// A protocol from outside the tree: one server has the store, the others send clients to it. It
// keeps nothing on its disk: a crash of the first server forgets everything.
#include "protocols/protocol.h"
#include "sim/world/context.h"
#include "sim/world/kv_store.h"

namespace {

using namespace seedbed;

class Lone : public Process<Lone, kv::Request> {
 public:
  void start(Context&, const Recovered&) {}
  void on(Context& ctx, const Envelope& from, const kv::Request& m) {
    constexpr NodeId kFirst{1};
    if (ctx.self() != kFirst) {
      return ctx.reply(from, kv::Reply{m.id, kv::Outcome::kRedirected, kv::kNil, kFirst});
    }
    if (const auto reply = store_.apply(m)) ctx.reply(from, *reply);
  }

 private:
  kv::Store store_;
};

constinit const Protocol kLone = {
    .name = "lone",
    .title = "Lone",
    .paper = "none",
    .about = "One server has the store.",
    .workload = "kv",
    .make = [](std::span<const Value>) -> std::unique_ptr<ProcessBase> {
      return std::make_unique<Lone>();
    },
};

}  // namespace

extern "C" const Protocol* seedbed_protocol(unsigned abi) {
  return abi == kPluginAbi ? &kLone : nullptr;
}
